"""A small bank as files, for tests that break one."""

from pathlib import Path
from typing import Any

from prepsite.content.files import to_yaml
from quizzes.itemspec import parse_item
from tests.factories import blind_solve, item_data

AREA, TOPIC = "an-area", "a-topic"


def frame() -> dict[str, Any]:
    """Return a blueprint of two areas whose counts add up to the exam's."""
    return {
        "source": "Someone, somewhere",
        "checked_on": "2026-11-01",
        "areas": [
            {
                "slug": AREA,
                "name": "An area",
                "tab": "TAB",
                "subject": "hcpcs",
                "exam_count": "60",
                "topics": {TOPIC: "A topic", "other-topic": "Another topic"},
            },
            {
                "slug": "cases",
                "name": "Cases",
                "tab": "CASE",
                "subject": "cpt",
                "exam_count": "40",
                "topics": {"cases-a": "Some cases"},
            },
        ],
    }


def sources() -> list[dict[str, str]]:
    return [
        {
            "slug": "a-source",
            "title": "A title",
            "publisher": "A publisher",
            "edition": "2026",
            "url": "https://example.org",
        }
    ]


def solved(**changes: Any) -> dict[str, Any]:
    """Return a published item as its file holds it, with an agreeing blind solve."""
    data = item_data(**{"status": "published"} | changes)
    data["blind_solves"] = [blind_solve(parse_item(data, "test"))]
    return parse_item(data, "test").to_file()


def write(path: Path, data: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else to_yaml(data), encoding="utf-8")
    return path


def write_bank(root: Path, *items: dict[str, Any], topic: str = f"{AREA}/{TOPIC}") -> Path:
    """Write blueprint, sources and one topic's items under ``root``; return the items' file."""
    write(root / "blueprint.yaml", frame())
    write(root / "sources.yaml", sources())
    return write(root / f"{topic}.yaml", list(items))


def tree(root: Path) -> dict[str, str]:
    """Return all files under a folder by their relative paths."""
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.yaml"))
    }
