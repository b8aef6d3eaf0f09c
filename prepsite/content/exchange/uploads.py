"""A file between its preview and its import, in the cache that all app processes share."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from import_export.tmp_storages import BaseStorage

LIFETIME_SECONDS = 60 * 60


@dataclass(frozen=True)
class Upload:
    """A file with what its owner chose, and what the preview promised."""

    content: bytes
    file_name: str
    format: int
    conflict: str
    preview: str = field(default="", compare=False)
    # What else was chosen for all rows, by the names of the resource's arguments.
    choices: dict[str, str] = field(default_factory=dict)


class UploadStorage(BaseStorage):
    """Keeps a file for an hour, for one user and one table.

    The name is only ever a part of a key in the cache, together with the owner: a forged
    one leads to nobody else's file and to no path at all.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name: str | None = kwargs.get("name")
        self.owner = kwargs.get("owner", "")

    @property
    def _key(self) -> str:
        return f"exchange:{self.owner}:{self.name}"

    def save(self, data: Any) -> None:
        """Keep data, under a new name unless there is one."""
        self.name = self.name or uuid4().hex
        cache.set(self._key, data, LIFETIME_SECONDS)

    def read(self) -> Any:
        """Return the data; None if it is not there (any more)."""
        return cache.get(self._key)

    def remove(self) -> bool:
        """Forget the data; tells one caller only that it was there."""
        return cache.delete(self._key)
