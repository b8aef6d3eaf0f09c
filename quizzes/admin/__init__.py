"""The staff's view of the bank (``bank``, ``editor``) and of learners' work (``attempts``)."""

from quizzes.admin import attempts, bank, editor

__all__ = ["attempts", "bank", "editor"]
