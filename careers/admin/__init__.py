"""Staff edit every row of the guide here; an edit shows on the page within a second."""

from careers.admin import tables

__all__ = ["tables"]
