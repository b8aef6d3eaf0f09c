"""Staff edit every row of the guide here; an edit shows on the page within a second."""

from careers.admin import log, tables

__all__ = ["log", "tables"]
