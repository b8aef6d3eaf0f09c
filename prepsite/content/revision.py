"""The content revision: one shared read, at most a second old in each process."""

import time
from dataclasses import dataclass

from django.db.models import F

from prepsite.content.models import PublicationState

MAX_AGE_SECONDS = 1.0


@dataclass(frozen=True)
class Publication:
    """What is public now: the revision that keys caches, and the CPT switch."""

    revision: int
    show_cpt_content: bool


class _Memo:
    publication: Publication | None = None
    read_at = 0.0


def current() -> Publication:
    """Return the publication state, read from the database at most once a second."""
    now = time.monotonic()
    if _Memo.publication is None or now - _Memo.read_at >= MAX_AGE_SECONDS:
        row = (
            PublicationState.objects.filter(pk=1)
            .values_list("revision", "show_cpt_content")
            .first()
        )
        _Memo.publication = Publication(*row) if row else Publication(0, show_cpt_content=True)
        _Memo.read_at = now
    return _Memo.publication


def bump() -> None:
    """Mark public content as changed, in the caller's transaction if there is one."""
    if not PublicationState.objects.filter(pk=1).update(revision=F("revision") + 1):
        PublicationState.objects.get_or_create(pk=1)
    forget()


def forget() -> None:
    """Drop this process's memory, so that the next read goes to the database."""
    _Memo.publication = None
