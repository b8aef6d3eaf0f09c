"""Items as rows of a table: one flat row an item, written only through ``save_item``."""

import json
import re
from typing import Any

from django.db.models import QuerySet
from pydantic import ValidationError

from prepsite.accounts.models import User
from prepsite.content.exchange.resource import Cells, RowFault, TableResource
from quizzes import publication
from quizzes.interchange.drafts import Remarks, Wishes, complete
from quizzes.items import ItemError, spec_of
from quizzes.itemspec import LETTERS, ItemSpec, StatusName
from quizzes.models import Question, Source, Topic

PARTS = ("text", "codes", "error", "reason")
OPTIONS = tuple(f"{letter}_{part}" for letter in LETTERS.lower() for part in PARTS)
# Cells that hold one word or number, around which blanks mean nothing.
PLAIN = ("rule", "status", "difficulty", "payer_context", "code_year", "valid_from", "valid_to")
REFERENCE_FORM = "Write one a line: source | section | address (the address may be left out)."
ESCAPES = {"\\\\": "\\", "\\|": "|", "\\n": "\n"}

# Pydantic's kinds of errors that it words for programmers.
WORDS = {
    "int_parsing": "write a whole number.",
    "int_parsing_size": "write a whole number.",
    "date_from_datetime_parsing": "write a date as 2026-12-31.",
    "date_parsing": "write a date as 2026-12-31.",
    "string_too_short": "is empty.",
    "bool_parsing": "write yes or no.",
    "bool_type": "write yes or no.",
}
SLUGS = {"key": "hyphens", "rule": "hyphens", "error": "underscores"}

type Wanted = tuple[ItemSpec, Topic]


class ItemResource(TableResource[Wanted, Question]):
    """Questions with their current versions."""

    key = "key"
    columns = (
        *("key", "area", "topic", *PLAIN, "cpt_content", "order", "stem", "note"),
        *(*OPTIONS, "answer", "rationale", "references", "facts"),
    )
    optional = ("status", "facts")
    shown_only = ("area",)
    structured = ("facts", "blind_solves")
    json_only = ("blind_solves",)
    rows_interact = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.wishes: Wishes = kwargs.get("wishes", Wishes())
        self.topics: dict[str, Topic] = {}
        self.sources: set[str] = set()

    @property
    def required(self) -> list[str]:
        """The columns that a file must have; what was chosen for all rows it may lack."""
        chosen = {"topic": self.wishes.topic, "references": self.wishes.reference}
        return [name for name in super().required if not chosen.get(name)]

    def export_rows(self) -> QuerySet[Question]:
        return (
            Question.objects.exclude(current=None)
            .select_related("current", "topic__area")
            .prefetch_related("current__choices", "blind_solves")
            .order_by("topic__area__position", "topic__position", "key")
        )

    def prepare(self, keys: set[str]) -> dict[str, Question]:
        self.topics = {topic.slug: topic for topic in Topic.objects.select_related("area")}
        self.sources = set(Source.objects.values_list("slug", flat=True))
        questions = self.export_rows().filter(key__in=keys)
        if self.writing:
            questions = questions.select_for_update(of=("self",))
        return {question.key: question for question in questions}

    def cells_of(self, stored: Question) -> dict[str, Any]:
        spec = spec_of(stored)
        solves = spec.model_dump(mode="json")["blind_solves"]
        return {
            **self.cells_wanted((spec, stored.topic)),
            "area": stored.topic.area.slug,
            "blind_solves": solves,
        }

    def cells_wanted(self, wanted: Wanted) -> dict[str, Any]:
        spec, topic = wanted
        data = spec.model_dump(mode="json")
        cells = {name: data[name] for name in self.columns if name in data}
        for letter, option in data["options"].items():
            option["codes"] = " ".join(option["codes"])
            cells |= {f"{letter.lower()}_{part}": option[part] for part in PARTS}
        lines = "\n".join(map(_reference_line, data["references"]))
        return cells | {"topic": topic.slug, "references": lines, "facts": data["facts"] or ""}

    def complete(self, cells: Cells, stored: Question | None) -> tuple[Cells, Remarks]:
        return complete(cells, self.cells_of(stored) if stored else None, self.wishes)

    def read(self, cells: Cells, stored: Question | None) -> Wanted:
        """Return the item of a row; raises RowFault with all that is wrong with it."""
        problems: list[tuple[str, str]] = []
        slug = cells.get("topic", "").strip() or self.wishes.topic
        topic = self.topics.get(slug)
        if topic is None:
            problems.append(("topic", f"there is no topic {slug!r}."))
        before = spec_of(stored) if stored else None
        data = {name: cells[name].strip() for name in PLAIN if name in cells}
        data["status"] = data.get("status") or (before.status if before else StatusName.DRAFT)
        data |= {name: cells[name] for name in ("stem", "note", "rationale")}
        data |= {
            "key": cells["key"].strip(),
            "cpt_content": cells["cpt_content"].strip().lower(),
            "order": cells["order"].strip().lower(),
            "answer": cells["answer"].strip().upper(),
            "options": {letter: _option(cells, letter.lower()) for letter in LETTERS},
            "references": self._references(
                cells.get("references", "").strip() or self.wishes.reference, problems
            ),
            "facts": _facts(cells.get("facts"), before, problems),
            "blind_solves": before.blind_solves if before else (),
        }
        if _unknown_solves(cells.get("blind_solves"), before):
            problems.append(
                ("blind_solves", "are recorded by the blind_record command, never imported.")
            )
        spec = None
        try:
            spec = ItemSpec.model_validate(data)
        except ValidationError as error:
            problems += [_problem(fault) for fault in error.errors(include_url=False)]
        if problems or spec is None or topic is None:
            raise RowFault(*dict.fromkeys(problems))
        if not cells.get("status", "").strip():
            spec = self._without_status(spec, topic, stored)
        return spec, topic

    def _without_status(self, spec: ItemSpec, topic: Topic, stored: Question | None) -> ItemSpec:
        """Keep the status that the item has, as far as its new wording bears it."""
        try:
            return publication.with_status(spec, topic, stored, self._staff(), to_review=False)
        except ItemError as error:
            raise RowFault((error.field, error.message)) from error

    def _references(self, cell: str, problems: list[tuple[str, str]]) -> list[dict[str, str]]:
        references = []
        for line in cell.split("\n"):
            if not line.strip():
                continue
            source, section, url, *more = [*_parts(line), "", ""]
            if source not in self.sources:
                problems.append(("references", f"there is no source {source!r}."))
            elif not section or any(more):
                problems.append(("references", f"{source}: {REFERENCE_FORM}"))
            references.append({"source": source, "section": section, "url": url})
        return references

    def label_of(self, wanted: Wanted) -> str:
        return wanted[0].stem

    def write(self, wanted: Wanted, stored: Question | None) -> Question:
        spec, topic = wanted
        by = self._staff()
        is_public = stored is not None and stored.status == StatusName.PUBLISHED
        try:
            if spec.status is not StatusName.PUBLISHED or is_public:
                self._check(spec, topic, stored)
                return publication.save(spec, topic, by=by, reason=self.reason).question
            # First the wording, then publication with all that it asks for.
            waiting = spec.model_copy(update={"status": StatusName.IN_REVIEW})
            question = publication.save(waiting, topic, by=by, reason=self.reason).question
            return publication.set_status(question, StatusName.PUBLISHED, by).question
        except ItemError as error:
            raise RowFault((error.field, error.message)) from error

    def _staff(self) -> User | None:
        return self.by if isinstance(self.by, User) else None

    def _check(self, spec: ItemSpec, topic: Topic, stored: Question | None) -> None:
        """Raise RowFault where a public item may not be public in its new wording."""
        if spec.status is StatusName.PUBLISHED and (
            problems := publication.problems_of(spec, topic, stored, self._staff())
        ):
            hint = ("status", "write in_review, and it waits for review.")
            raise RowFault(*(("status", problem) for problem in problems), hint)


def reference_problem(line: str) -> str:
    """Return what is wrong with one line of references; empty if nothing."""
    source, section, *more = [*_parts(line), ""]
    if not Source.objects.filter(slug=source).exists():
        return f"There is no source {source!r}."
    return "" if section and len(more) <= 2 else REFERENCE_FORM


def _option(cells: Cells, letter: str) -> dict[str, Any]:
    return {
        "text": cells[f"{letter}_text"],
        "codes": cells[f"{letter}_codes"].split(),
        "error": cells[f"{letter}_error"].strip(),
        "reason": cells[f"{letter}_reason"],
    }


def _reference_line(reference: dict[str, str]) -> str:
    parts = [reference["source"], reference["section"], reference["url"]]
    for escaped, meant in ESCAPES.items():
        parts = [part.replace(meant, escaped) for part in parts]
    return " | ".join(filter(None, parts))


def _parts(line: str) -> list[str]:
    r"""Return the parts of a line between its bars; \\| is no bar, and \\n ends no line."""
    parts = [""]
    for piece in re.findall(r"\\[\\|n]|.", line, re.DOTALL):
        if piece == "|":
            parts.append("")
        else:
            parts[-1] += ESCAPES.get(piece, piece)
    return [part.strip() for part in parts]


def _facts(cell: Any, before: ItemSpec | None, problems: list[tuple[str, str]]) -> Any:
    """Return the facts that a cell states; without the column those that are here."""
    if cell is None:
        return before.facts if before else {}
    if isinstance(cell, str):
        if not cell.strip():
            return {}
        try:
            cell = json.loads(cell)
        except (ValueError, RecursionError):
            cell = None
    if not isinstance(cell, dict):
        problems.append(("facts", 'write them as in JSON: {"name": "value"}.'))
        return {}
    return cell


def _unknown_solves(cell: Any, before: ItemSpec | None) -> bool:
    """Tell whether a file states blind solves that the bank does not hold."""
    known = before.model_dump(mode="json")["blind_solves"] if before else []
    return bool(cell) and (not isinstance(cell, list) or any(solve not in known for solve in cell))


def _problem(fault: Any) -> tuple[str, str]:
    """Return the column and the words of one of pydantic's errors."""
    place, kind, message = list(fault["loc"]), fault["type"], fault["msg"]
    if not place and (found := re.match(r"(?:Value error, )?([\w.]+): (.*)", message, re.DOTALL)):
        place, message = found[1].split("."), found[2]
        if len(place) == 2:
            place.append("error")
    name = str(place[-1]) if len(place) < 4 else str(place[2])
    column = str(place[0]) if place else ""
    if column == "options" and len(place) > 2:
        column = f"{str(place[1]).lower()}_{place[2]}"
    if kind == "string_pattern_mismatch" and name in SLUGS:
        message = f"write lower-case letters, numbers and single {SLUGS[name]}."
    return column, WORDS.get(kind, _plainly(message))


def _plainly(message: str) -> str:
    return re.sub(r"^(Input|String|Value) should ", "must ", message.removeprefix("Value error, "))
