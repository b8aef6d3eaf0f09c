"""What needs doing: each app names its queues, the staff's start page shows them.

An app registers one function in its AppConfig. It gets the user at work and today's date
and returns the queues that this user can do something about.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class WorkQueue:
    """Work of one kind: how much of it there is, and where it is done.

    ``count`` is the number of things waiting; ``oldest`` says since when, where that
    is known. ``group`` is the heading under which the start page lists it.
    """

    group: str
    title: str
    count: int
    url: str
    help: str = ""
    oldest: date | None = None


type Provider = Callable[[Any, date], Iterable[WorkQueue]]

_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Add an app's queues; raises ValueError if the name is taken."""
    if name in _providers:
        raise ValueError(f"{name} has registered its work queues already.")
    _providers[name] = provider


def queues(user: Any, today: date) -> list[WorkQueue]:
    """Return all queues for this user, in the order of registration."""
    return [queue for provider in _providers.values() for queue in provider(user, today)]
