"""Content files: the shipped ones hold the guide's figures, wrong ones are named exactly."""

from pathlib import Path

import pytest

from careers.amounts import Unit, format_amount, format_years
from careers.files import read_files
from careers.schema import Amount, FigureItem
from prepsite.content.files import ContentError
from tests.careers.factories import change, copy_files

pytestmark = pytest.mark.once

# Typed from the guide, not from the files: each table's amounts in its order.
GUIDE = {
    "salaries": "$48,780 $23.45 $50,200 $38,000–$44,000 $48,000–$58,000 $58,000–$72,000+ $72,000+ "
    "$82,816",
    "certifications": "$36,000–$42,000 $48,000–$58,000 $55,000–$68,000 $50,000–$60,000 "
    "$58,000–$72,000+ $65,000–$85,000+",
    "premiums": "$55,000 $43,000 $12,000 ~28% $81,000+ ~20.7% ~20–25%",
    "states": "$65,400 $62,300 $60,800 $59,400 $58,900 $58,100 $57,500 $56,800 $56,200 $55,400 "
    "$40,200 $39,800 $39,500 $39,200 $38,900",
    "specialties": "$42,000–$52,000 $48,000–$60,000 $52,000–$65,000 $50,000–$63,000 "
    "$48,000–$60,000 $48,000–$58,000 $55,000–$68,000 $52,000–$65,000 $55,000–$72,000 "
    "$60,000–$80,000",
    "niche": "40%+",
    "work_models": "60–70% 15–20% 10–20%",
    "remote": "$3,000–$8,000",
    "ladder": "$38,000–$44,000 $48,000–$55,000 $55,000–$65,000 $60,000–$80,000 $65,000–$80,000 "
    "$75,000–$95,000 $90,000–$120,000+",
    "alternatives": "$70,000–$95,000 $80,000–$110,000 $75,000–$100,000 $55,000–$75,000 "
    "$65,000–$95,000 $80,000–$150,000+",
    "outlook": "8% 4% ~14,800 ~240,000",
}
YEARS = {
    "salaries": "0–2 3–7 8+",
    "ladder": "0–2 2–4 4–7 5–8 6–10 8+ 10+",
    "alternatives": "10+",
    "stages": "1–2 2–5 5+",
}


def written(amount: Amount) -> str:
    return format_amount(
        amount.low,
        amount.high,
        amount.unit,
        open_ended=amount.open_ended,
        approximate=amount.approximate,
    )


def figures() -> dict[str, list[FigureItem]]:
    """Return the entries with an amount, by kind."""
    return {
        name: [item for item in items if isinstance(item, FigureItem) and item.amount]
        for name, items in read_files().items()
    }


def is_the_guides(item: FigureItem) -> bool:
    """Tell whether the guide states a figure, as its own or as somebody else's."""
    return "career-guide-2026" in (item.source, item.quoted_in)


def test_the_files_hold_the_guides_figures_exactly() -> None:
    """What others publish may stand beside them, under its own name."""
    amounts = {
        name: " ".join(written(item.amount) for item in items if is_the_guides(item))
        for name, items in figures().items()
    }
    assert {name: text for name, text in amounts.items() if text} == GUIDE


@pytest.mark.parametrize("kind", YEARS)
def test_the_files_hold_the_guides_years(kind: str) -> None:
    spans = [getattr(item, "years", None) for item in read_files()[kind]]
    assert " ".join(format_years(span.first, span.last) for span in spans if span) == YEARS[kind]


def test_ranks_stand_as_given() -> None:
    states = [(item.rank, item.end) for item in read_files()["states"]]  # type: ignore[attr-defined]
    assert [rank for rank, end in states if end == "highest"] == list(range(1, 11))
    assert [rank for rank, end in states if end == "lowest"] == [41, 42, 43, 44, 45]


def test_only_figures_that_the_guide_credits_carry_another_name() -> None:
    credited = {
        (item.slug, item.source, item.quoted_in)
        for items in figures().values()
        for item in items
        if is_the_guides(item) and item.source != "career-guide-2026"
    }
    aapc = [
        "cpc-average",
        "uncertified-average",
        "premium-in-dollars",
        "premium-in-percent",
        "three-certifications",
        "certified-over-uncertified",
    ]
    assert credited == {
        ("median-annual", "bls", "career-guide-2026"),
        ("glassdoor-average", "glassdoor", "career-guide-2026"),
        *((slug, "aapc", "career-guide-2026") for slug in aapc),
    }


def test_figures_set_against_the_guides_are_those_of_their_sources() -> None:
    """They stand only where sources are compared, each with whom it counts."""
    beside = {
        item.slug: (written(item.amount), item.source, item.quoted_in, item.in_overview)  # type: ignore[attr-defined]
        for item in figures()["salaries"]
        if not is_the_guides(item)
    }
    assert beside == {
        "oews-median-annual": ("$51,140", "bls-oews", None, False),
        "handbook-median-2024": ("$50,250", "bls", "start-right-careers", False),
        "aapc-cpc-median-2025": ("$58,895", "aapc-survey-2025", "medical-billing-guide", False),
        "aapc-cpc-average-2022": ("$58,055", "aapc-survey-2022", None, False),
    }
    compared = {item.figure for item in read_files()["comparisons"]}  # type: ignore[attr-defined]
    assert compared == {"median-annual", "glassdoor-average", *beside}


def test_units_are_stated_where_they_differ() -> None:
    units = {item.slug: item.amount.unit for item in read_files()["outlook"]}  # type: ignore[attr-defined]
    assert units["openings"] == Unit.JOBS_YEAR
    assert units["employment"] == Unit.JOBS


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("states", "low: 62300", "low: '62,300'", "item 'california': amount.low: Input"),
        ("states", "low: 62300", "low: 62,300", "item 'california': amount.300: Extra"),
        ("states", "low: 62300", "low: many", "item 'california': amount.low: Input should be"),
        ("states", "low: 62300", "low: -1", "item 'california': amount.low"),
        ("states", "low: 62300", "low: 1.234", "item 'california': amount.low"),
        ("states", "low: 62300", "low: 62300, hihg: 63000", "item 'california': amount.hihg"),
        ("states", "low: 62300", "low: 62300, unit: euro", "item 'california': amount.unit"),
        ("states", "unit: usd_year", "", "item 'washington-dc': amount.unit: Field required"),
        ("states", "slug: california", "slug: hawaii", "item 'hawaii': slug: stands twice"),
        ("states", "slug: california", "slug: Big Sur", "item 'Big Sur': slug"),
        ("states", "- slug: california\n  state", "- state", "item 2: slug: Field required"),
        ("states", "as_of: '2026'", "as_of: soon", "item 'washington-dc': as_of: "),
        ("states", "as_of: '2026'", "as_of: 2026-13", "item 'washington-dc': as_of: "),
        ("states", "unit: usd_year", "unti: usd_year", "unti: this field may not stand"),
        ("certifications", "high: 42000", "high: 32000", "item 'none': amount: Value error, high"),
        (
            "salaries",
            "source: glassdoor",
            "source: payscale",
            "item 'glassdoor-average': source: 'payscale' is not in sources.yaml",
        ),
        (
            "salaries",
            "source: bls\n  quoted_in: career-guide-2026",
            "source: bls\n  quoted_in: bls",
            "item 'median-annual': Value error, quoted_in: a source is quoted in another",
        ),
        (
            "steps",
            "path: documentation-improvement",
            "path: nowhere",
            "item 'documentation': path: 'nowhere' is not in alternatives.yaml",
        ),
        ("ladder", "{first: 4, last: 7}", "{first: 7, last: 4}", "item 'senior-coder': years: "),
        ("resources", "https://www.ahima.org/", "ahima", "item 'ahima': url: "),
        (
            "sections",
            "Employment is expected",
            "With 8% growth, employment is expected",
            "item 'job-outlook': body: Value error, '8%' is a figure",
        ),
        ("sections", "block: ladder", "block: ai", "item 'ai': block: 'career-ladder' shows it"),
        ("sections", "block: ladder", "block: ladders", "item 'career-ladder': block"),
    ],
)
def test_a_fault_is_named_by_file_item_and_field(
    tmp_path: Path, file: str, old: str, new: str, complaint: str
) -> None:
    folder = copy_files(tmp_path)
    change(folder / f"{file}.yaml", old, new)
    with pytest.raises(ContentError) as caught:
        read_files(folder)
    assert f"{folder / file}.yaml: {complaint}" in str(caught.value)


def test_broken_yaml_is_named_by_file_and_line(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    (folder / "ai.yaml").write_text("items:\n- slug: [", encoding="utf-8")
    with pytest.raises(ContentError, match=r"ai\.yaml: line \d+: "):
        read_files(folder)


@pytest.mark.parametrize("content", ["", "- slug: one", "items: none", "items:\n- just text"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    folder = copy_files(tmp_path)
    (folder / "ai.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=r"ai\.yaml: (items: must be a list|item 1: must be)"):
        read_files(folder)


def test_a_missing_file_and_an_unknown_one_are_named(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    (folder / "states.yaml").rename(folder / "cities.yaml")
    with pytest.raises(ContentError) as caught:
        read_files(folder)
    assert "states.yaml: the file is missing" in str(caught.value)
    assert "cities.yaml: no kind of content has this name" in str(caught.value)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    change(folder / "states.yaml", "low: 62300", "low: many")
    change(folder / "states.yaml", "low: 60800", "low: more")
    change(folder / "ladder.yaml", "level: 3", "level: third")
    with pytest.raises(ContentError) as caught:
        read_files(folder)
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "precision", "date"),
    [
        ("2026", "year", "2026-01-01"),
        ("2026-05", "month", "2026-05-01"),
        ("2026-05-15", "day", "2026-05-15"),
    ],
)
def test_a_date_is_no_more_precise_than_written(
    tmp_path: Path, text: str, precision: str, date: str
) -> None:
    folder = copy_files(tmp_path)
    change(folder / "drivers.yaml", "as_of: '2026'", f"as_of: {text}")
    columns = read_files(folder)["drivers"][0].columns()
    assert (columns["as_of_precision"], str(columns["as_of"])) == (precision, date)
