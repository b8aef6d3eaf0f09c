"""Items in the formats of other programs.

``giftsyntax`` reads any GIFT, ``gift`` says how an item travels in it, ``drafts`` fills in
what GIFT has no place for. ``moodle`` and ``anki`` write what learners take elsewhere;
``entries`` gathers what they say, ``markup`` is the HTML that they share and
``foreignhtml`` turns foreign HTML into Markdown. ``formats`` names them all, for the
admin and for the commands.
"""
