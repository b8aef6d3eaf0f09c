"""The staff's view of the bank (``bank``, ``editor``) and of learners (the others)."""

from quizzes.admin import attempts, bank, editor, reports

__all__ = ["attempts", "bank", "editor", "reports"]
