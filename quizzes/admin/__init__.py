"""The staff's view of the bank and of learners' work (``attempts``, ``reports``).

Items are in ``questions``, with ``filters``, ``lookback`` (history, comparison) and
``solving`` (blind sheets) as parts of it, their wording in ``editor``.
"""

from quizzes.admin import attempts, codereviews, editor, frame, questions, reports, rulings

__all__ = ["attempts", "codereviews", "editor", "frame", "questions", "reports", "rulings"]
