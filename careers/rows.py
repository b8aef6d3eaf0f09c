"""The rows that a page shows, each table read at most once and only if it is needed."""

from collections.abc import Iterator, Sequence
from typing import Any

from careers import models
from careers.oews.latest import Release, read_release


class Rows:
    """Reads whole tables: they are small, and one statement serves blocks and references.

    ``pages`` are the guide's pages, which whoever asks for rows has read already.
    """

    def __init__(self, pages: Sequence[models.Page] = ()) -> None:
        self.pages = pages
        self._read: dict[type[models.Entry], list[Any]] = {}
        self._releases: list[Release | None] = []

    def of[M: models.Entry](self, model: type[M]) -> list[M]:
        """Return all rows of a model in their order on the page."""
        if model not in self._read:
            self._read[model] = list(model.objects.for_page())
        return self._read[model]

    def release(self) -> Release | None:
        """Return the official wages that pages show; None before any is loaded."""
        if not self._releases:
            self._releases.append(read_release())
        return self._releases[0]

    def has(self, model: type[models.Entry]) -> bool:
        """Tell whether the rows of a model were read already."""
        return model in self._read

    def headlines(self) -> Iterator[models.Figure]:
        """Yield the key figures among the rows that were read."""
        for rows in self._read.values():
            yield from (row for row in rows if isinstance(row, models.Figure) and row.headline)
