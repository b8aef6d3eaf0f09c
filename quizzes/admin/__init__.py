"""The staff's view of the bank and, in ``attempts``, of learners' work.

Items are in ``questions``, with ``filters``, ``lookback`` (history, comparison) and
``solving`` (blind sheets) as parts of it, their wording in ``editor``.
"""

from quizzes.admin import attempts, editor, frame, questions, rulings

__all__ = ["attempts", "editor", "frame", "questions", "rulings"]
