"""The bank's files: blueprint, sources, and one file of items for each topic."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from prepsite.content.files import ContentError, digest_of, read_yaml, to_yaml
from quizzes.itemspec import ItemSpec, Slug, Text, describe_errors, parse_item
from quizzes.models import Subject

CONTENT_DIR = Path(__file__).parent / "content"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# The lengths that the tables have room for.
ShortSlug = Annotated[Slug, Field(max_length=50)]
TopicSlug = Annotated[Slug, Field(max_length=80)]
Name = Annotated[Text, Field(max_length=100)]


class AreaSpec(_Strict):
    """An area of the blueprint with its topics, slug to name."""

    slug: ShortSlug
    name: Name
    tab: Annotated[Text, Field(max_length=6)]
    subject: Subject
    exam_count: Annotated[int, Field(ge=1, le=100)]
    topics: Annotated[dict[TopicSlug, Name], Field(min_length=1)]


class BlueprintSpec(_Strict):
    """The exam's areas, where their counts come from and when they were checked."""

    source: Annotated[Text, Field(max_length=200)]
    checked_on: date
    areas: Annotated[tuple[AreaSpec, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _slugs_stand_once(self) -> Self:
        slugs = Counter(area.slug for area in self.areas)
        topics = Counter(topic for area in self.areas for topic in area.topics)
        for kind, counts in (("area", slugs), ("topic", topics)):
            for slug, times in counts.items():
                if times > 1:
                    raise ValueError(f"areas: the {kind} {slug} stands {times} times")
        return self


class SourceSpec(_Strict):
    """A publication that items may cite."""

    slug: ShortSlug
    title: Annotated[Text, Field(max_length=150)]
    publisher: Name
    edition: Annotated[Text, Field(max_length=60)]
    url: Annotated[Text, Field(max_length=200)]


@dataclass(frozen=True)
class FiledItem:
    """An item with the file and the topic that hold it."""

    path: Path
    area: str
    topic: str
    spec: ItemSpec


@dataclass(frozen=True)
class Bank:
    """Everything that the files say, each part well-formed."""

    blueprint: BlueprintSpec
    sources: tuple[SourceSpec, ...]
    items: tuple[FiledItem, ...]


def item_files(root: Path) -> list[Path]:
    """Return the item files under ``root``, in the order of their paths."""
    return sorted(root.glob("*/*.yaml"))


def content_digest(root: Path = CONTENT_DIR) -> str:
    """Return one digest over all files of the bank."""
    return digest_of(root.rglob("*.yaml"))


def _parse(adapter: TypeAdapter[Any], path: Path) -> Any:
    try:
        return adapter.validate_python(read_yaml(path))
    except ValidationError as error:
        raise ContentError(f"{path}: {'; '.join(describe_errors(error.errors()))}") from error


def read_bank(root: Path = CONTENT_DIR) -> Bank:
    """Read all files; raises ContentError naming every file, item and field at fault."""
    bank, problems = scan_bank(root)
    if problems:
        raise ContentError("\n".join(problems))
    return bank


def scan_bank(root: Path = CONTENT_DIR) -> tuple[Bank, list[str]]:
    """Read all files; return the items that are well-formed and what is wrong with the others.

    Raises ContentError only for blueprint and sources, without which there is no bank.
    """
    blueprint: BlueprintSpec = _parse(TypeAdapter(BlueprintSpec), root / "blueprint.yaml")
    sources = _parse(TypeAdapter(tuple[SourceSpec, ...]), root / "sources.yaml")
    topics = {topic: area.slug for area in blueprint.areas for topic in area.topics}
    problems: list[str] = []
    items: list[FiledItem] = []
    seen: dict[str, Path] = {}
    for path in item_files(root):
        area, topic = path.parent.name, path.stem
        if topics.get(topic) != area:
            problems.append(f"{path}: the blueprint has no topic {topic} in an area {area}")
            continue
        try:
            data = read_yaml(path)
        except ContentError as error:
            problems.append(str(error))
            continue
        if not isinstance(data, list):
            problems.append(f"{path}: must be a list of items")
            continue
        for entry in data:
            try:
                spec = parse_item(entry, str(path))
            except ContentError as error:
                problems.append(str(error))
                continue
            if spec.key in seen:
                problems.append(f"{path}: item {spec.key}: key: stands in {seen[spec.key]} too")
                continue
            seen[spec.key] = path
            items.append(FiledItem(path, area, topic, spec))
    return Bank(blueprint, sources, tuple(items)), problems


def write_items(root: Path, area: str, topic: str, specs: list[ItemSpec]) -> Path:
    """Write one topic's items to its file in the one canonical form; return the path."""
    path = root / area / f"{topic}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_yaml([spec.to_file() for spec in specs]), encoding="utf-8")
    return path


def by_topic(items: tuple[FiledItem, ...]) -> Iterator[tuple[str, str, list[ItemSpec]]]:
    """Yield area, topic and items of each file, in the order of the files."""
    groups: dict[tuple[str, str], list[ItemSpec]] = {}
    for item in items:
        groups.setdefault((item.area, item.topic), []).append(item.spec)
    for (area, topic), specs in groups.items():
        yield area, topic, specs
