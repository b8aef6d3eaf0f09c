"""What a check is and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from quizzes.checks.materials import Materials
from quizzes.contentfiles import Bank, FiledItem
from quizzes.itemspec import OptionSpec


class Severity(StrEnum):
    """An error is certain and stops publication; a warning wants a person's look."""

    ERROR = "error"
    WARNING = "warning"


ERROR, WARNING = Severity.ERROR, Severity.WARNING

type Scope = Literal["item", "bank"]
# Field and message.
type ItemFaults = Iterator[tuple[str, str]]
# The item at fault, or the file or area where it is no single item; field; message.
type BankFaults = Iterator[tuple[FiledItem | str, str, str]]


@dataclass(frozen=True)
class Problem:
    """Something wrong with the bank: check, severity, place and what is wrong."""

    check: str
    severity: str
    file: str
    item: str
    field: str
    message: str

    def __str__(self) -> str:
        place = " ".join(filter(None, [self.file, self.item, self.field]))
        return f"{self.severity} [{self.check}] {place}: {self.message}"


@dataclass(frozen=True)
class Check:
    """A rule that a program holds the bank to.

    ``covers`` are the numbers of the thirty checks that the bank's plan asks for.
    """

    id: str
    severity: Severity
    scope: Scope
    description: str
    covers: tuple[int, ...]

    def problem(self, place: FiledItem | str, field: str, message: str) -> Problem:
        """Return one finding of this check."""
        if isinstance(place, str):
            return Problem(self.id, self.severity, place, "", field, message)
        return Problem(self.id, self.severity, file_of(place), place.spec.key, field, message)


@dataclass(frozen=True)
class ItemCheck(Check):
    """A check that looks at one item alone."""

    find: Callable[[FiledItem, Materials], ItemFaults]

    def __call__(self, item: FiledItem, materials: Materials) -> Iterator[Problem]:
        for field_, message in self.find(item, materials):
            yield self.problem(item, field_, message)


@dataclass(frozen=True)
class BankCheck(Check):
    """A check that compares items with one another or with the bank's frame."""

    find: Callable[[Bank], BankFaults]

    def __call__(self, bank: Bank) -> Iterator[Problem]:
        for place, field_, message in self.find(bank):
            yield self.problem(place, field_, message)


def _described(function: Callable[..., object]) -> tuple[str, str]:
    """Return id and description of a check: its function's name and first line."""
    description = (function.__doc__ or "").partition("\n")[0]
    return function.__name__.replace("_", "-"), description


def item_check(
    severity: Severity, *covers: int
) -> Callable[[Callable[[FiledItem, Materials], ItemFaults]], ItemCheck]:
    """Make a function that yields field and message into a check of single items."""

    def wrap(function: Callable[[FiledItem, Materials], ItemFaults]) -> ItemCheck:
        name, description = _described(function)
        return ItemCheck(name, severity, "item", description, covers, function)

    return wrap


def bank_check(
    severity: Severity, *covers: int
) -> Callable[[Callable[[Bank], BankFaults]], BankCheck]:
    """Make a function that yields place, field and message into a check of the bank."""

    def wrap(function: Callable[[Bank], BankFaults]) -> BankCheck:
        name, description = _described(function)
        return BankCheck(name, severity, "bank", description, covers, function)

    return wrap


def file_of(item: FiledItem) -> str:
    """Return the item's file as problems name it, relative to the bank's folder."""
    return f"{item.area}/{item.path.name}"


def key_of(item: FiledItem) -> OptionSpec:
    """Return the option that is the key."""
    return item.spec.options[item.spec.answer]


def scenario(item: FiledItem) -> str:
    """Return what the learner is told: note and stem."""
    return f"{item.spec.note}\n{item.spec.stem}"
