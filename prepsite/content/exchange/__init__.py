"""Tables in and out of the admin: what items and figures share.

``formats`` reads and writes files, ``resource`` decides about rows, ``uploads`` keeps a file
between its preview and its import, ``admin`` and ``forms`` are the pages.
"""
