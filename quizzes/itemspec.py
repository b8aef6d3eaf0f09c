"""The schema of an item, shared by files, admin and every later way in.

A spec is what a writer writes. It says nothing about versions or keys of the database;
``save_item`` turns it into rows and ``spec_of`` turns rows back into it.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    model_validator,
)

from prepsite.codes.systems import system_of
from prepsite.content.files import ContentError

LETTERS = "ABCD"
# What stands in a draft for a text and for an error that its file did not state.
UNWRITTEN = "To be written."
UNNAMED = "to_be_named"

Letter = Literal["A", "B", "C", "D"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
PLAIN_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=PLAIN_SLUG, max_length=100)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:_[a-z0-9]+)*$", max_length=60)]
YesNo = Annotated[
    bool,
    BeforeValidator(lambda value: {"yes": True, "no": False}.get(value, value)),
    PlainSerializer(lambda value: "yes" if value else "no"),
]
Number = Annotated[int, PlainSerializer(str)]


def _known_shape(code: str) -> str:
    if system_of(code) is None:
        raise ValueError(f"{code!r} has the shape of no code system")
    return code


Code = Annotated[str, AfterValidator(_known_shape)]


# PostgreSQL's jsonb forgets the order of keys, so they are kept in one that is known.
Facts = Annotated[
    dict[Text, Text], AfterValidator(lambda facts: {name: facts[name] for name in sorted(facts)})
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OptionSpec(_Strict):
    """One of four options. A distractor carries the error it stands for, and why."""

    text: Annotated[Text, Field(max_length=400)]
    codes: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    error: Tag | Literal[""] = ""
    reason: str = ""


class ReferenceSpec(_Strict):
    """Where a rule stands: a source's slug and the section in it."""

    source: Slug
    section: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | Literal[""] = ""


class BlindSolveSpec(_Strict):
    """A reader's answer to the blind sheet, as ``blind_record`` wrote it."""

    sheet: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    solver: Annotated[Text, Field(max_length=60)]
    picked: Letter
    agreed: YesNo
    confidence: Literal["low", "medium", "high"]
    reason: Text
    solved_on: date


class StatusName(StrEnum):
    """The statuses as files write them."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class ItemSpec(_Strict):
    """An item as its writer wrote it."""

    key: Slug
    rule: Slug
    status: StatusName
    difficulty: Annotated[Number, Field(ge=1, le=4)]
    payer_context: Literal["cpt", "medicare", "any"]
    code_year: Annotated[Number, Field(ge=2026, le=2100)]
    valid_from: date
    valid_to: date
    cpt_content: YesNo
    order: Literal["fixed", "shuffle"]
    stem: Text
    note: str = ""
    facts: Facts = Field(default_factory=dict)
    options: dict[Letter, OptionSpec]
    answer: Letter
    rationale: Text
    references: Annotated[tuple[ReferenceSpec, ...], Field(min_length=1)]
    blind_solves: tuple[BlindSolveSpec, ...] = ()

    @model_validator(mode="after")
    def _options_agree(self) -> Self:
        if tuple(self.options) != tuple(LETTERS):
            raise ValueError("options: must be A, B, C and D, in this order")
        texts = {" ".join(option.text.split()).casefold() for option in self.options.values()}
        if len(texts) < len(LETTERS):
            raise ValueError("options: two of them say the same")
        for letter, option in self.options.items():
            if letter == self.answer and (option.error or option.reason):
                raise ValueError(f"options.{letter}: the key has no error and no reason")
            if letter != self.answer and not (option.error and option.reason):
                raise ValueError(f"options.{letter}: a distractor needs its error and its reason")
        for field, text in self.texts():
            if "\0" in text:
                raise ValueError(f"{field}: holds a NUL character, which no database takes")
        if self.valid_from > self.valid_to:
            raise ValueError("valid_to: is before valid_from")
        if not self.valid_from.year <= self.code_year <= self.valid_to.year:
            raise ValueError("code_year: lies outside the dates for which the item is valid")
        return self

    def code_years(self) -> range:
        """Return the code years for which the item is right."""
        return range(self.valid_from.year, self.valid_to.year + 1)

    def texts(self) -> list[tuple[str, str]]:
        """Return every text of the item with the field that it stands in."""
        pairs = [("stem", self.stem), ("note", self.note), ("rationale", self.rationale)]
        for letter, option in self.options.items():
            pairs += [
                (f"options.{letter}.text", option.text),
                (f"options.{letter}.reason", option.reason),
            ]
        return [(field, text) for field, text in pairs if text]

    def unwritten(self) -> list[str]:
        """Return the fields in which something only holds the place of what is to come."""
        fields = [field for field, text in self.texts() if text.strip() == UNWRITTEN]
        return fields + [
            f"options.{letter}.error"
            for letter, option in self.options.items()
            if option.error == UNNAMED
        ]

    def sheet_digest(self) -> str:
        """Return the digest of all that a blind solver judges: stem, note, options, key."""
        options = [self.options[letter].text for letter in LETTERS]  # type: ignore[index]
        return _digest([self.stem, self.note, *options, self.answer])[:16]

    def digest(self) -> str:
        """Return the digest of the whole item but its blind solves, which only ever grow."""
        return _digest(self.model_dump(mode="json", exclude={"blind_solves"}))

    def is_solved_blind(self) -> bool:
        """Tell whether readers of the present sheet agree with the key, all of them."""
        sheet = self.sheet_digest()
        verdicts = [
            solve.agreed and solve.picked == self.answer
            for solve in self.blind_solves
            if solve.sheet == sheet
        ]
        return bool(verdicts) and all(verdicts)

    def to_file(self) -> dict[str, Any]:
        """Return the item as its file holds it: strings, and nothing that is empty."""
        return _drop_empty(self.model_dump(mode="json"))


def _digest(data: Any) -> str:
    encoded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(encoded).hexdigest()


def _drop_empty(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _drop_empty(value) for key, value in data.items() if value not in ("", [], {})}
    if isinstance(data, list):
        return [_drop_empty(value) for value in data]
    return data


def parse_item(data: Any, place: str) -> ItemSpec:
    """Return the item that ``data`` describes.

    Raises ContentError naming ``place`` (the file), the item and each wrong field.
    """
    name = data.get("key", "?") if isinstance(data, dict) else "?"
    try:
        return ItemSpec.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(describe_errors(error.errors()))
        raise ContentError(f"{place}: item {name}: {problems}") from error


def describe_errors(errors: Sequence[Any]) -> list[str]:
    """Return pydantic's errors as 'field: what is wrong', in plain words."""
    lines = []
    for error in errors:
        field = ".".join(str(part) for part in error["loc"])
        message = re.sub(r"^Value error, ", "", error["msg"])
        lines.append(f"{field}: {message}" if field else message)
    return lines
