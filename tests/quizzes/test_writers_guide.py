"""The writers' guide: its examples are items that pass every check, its commands exist."""

import re
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from quizzes.checks import ITEM_CHECKS
from quizzes.checks.materials import Materials, from_files
from quizzes.contentfiles import CONTENT_DIR, FiledItem, read_bank
from quizzes.itemspec import parse_item

pytestmark = pytest.mark.once
GUIDE = (CONTENT_DIR / "README.md").read_text(encoding="utf-8")
EXAMPLES: list[dict[str, Any]] = [
    yaml.load(block, yaml.BaseLoader)[0]  # noqa: S506  (strings only, as item files are read)
    for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
]


@pytest.fixture(scope="module")
def materials() -> Materials:
    """Read the codes from package and table, as a writer without a database does."""
    return from_files()


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda data: data["key"])
def test_an_example_passes_every_check(data: dict[str, Any], materials: Materials) -> None:
    area = "cases" if "note" in data else "icd-10-cm"
    item = FiledItem(
        CONTENT_DIR / area / "example.yaml", area, "example", parse_item(data, "guide")
    )
    problems = [str(problem) for check in ITEM_CHECKS for problem in check(item, materials)]
    assert problems == []


def test_examples_cite_listed_sources_and_are_not_in_the_bank() -> None:
    bank = read_bank()
    cited = {reference["source"] for data in EXAMPLES for reference in data["references"]}
    assert cited <= {source.slug for source in bank.sources}
    assert not {data["key"] for data in EXAMPLES} & {item.spec.key for item in bank.items}


def test_every_kind_of_difficulty_has_an_example() -> None:
    assert {data["difficulty"] for data in EXAMPLES} == {"1", "2", "3", "4"}


def test_its_commands_exist() -> None:
    named = set(re.findall(r"manage\.py (\w+)", GUIDE))
    assert {"check_content", "blind_sheet", "blind_record", "load_content"} <= named
    assert named <= get_commands().keys()
