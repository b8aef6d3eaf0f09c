"""The HCPCS table: what its reader refuses, and that the shipped one is whole."""

from datetime import date
from pathlib import Path

import pytest

from prepsite.codes import hcpcs
from prepsite.codes.models import HcpcsCode
from prepsite.codes.systems import CPT_MODIFIERS, CodeSystem, codes_in, system_of
from prepsite.content.files import ContentError, read_yaml
from quizzes.checks.codes import MAY_BE_INVALID

CONTENT = Path(__file__).parents[2] / "quizzes" / "content"
HEAD = "code,section,description,effective_from,effective_to\n"
GOOD = "J1885,Drugs,Something of 15 mg,1998-01-01,\n"


@pytest.fixture
def table(tmp_path):
    """Write a table of these lines and return its path."""

    def write(*lines: str, head: str = HEAD) -> Path:
        path = tmp_path / "table.csv"
        path.write_text(head + "".join(lines), encoding="utf-8")
        return path

    return write


def test_a_good_table_is_read(table):
    path = table(GOOD, "-LT,Modifiers,Left side,1990-01-01,2026-06-30\n")
    code, modifier = hcpcs.read_table(path)
    assert (code.code, code.is_modifier, code.effective_to) == ("J1885", False, None)
    assert (modifier.code, modifier.is_modifier) == ("LT", True)
    assert modifier.effective_to == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("99213,Drugs,Something,1998-01-01,\n", "code"),
        ("j1885,Drugs,Something,1998-01-01,\n", "code"),
        (",Drugs,Something,1998-01-01,\n", "code"),
        ("J1886,,Something,1998-01-01,\n", "section"),
        ("J1886,Drugs,,1998-01-01,\n", "description"),
        ("J1886\n", "columns"),
        ("J1886,Drugs,Something\n", "columns"),
        ("J1886,Drugs,Something,,\n", "effective_from"),
        ("J1886,Drugs,Something,1/1/1998,\n", "effective_from"),
        ("J1886,Drugs,Something,1998-01-01,2026-02-30\n", "effective_to"),
        ("J1886,Drugs,Something,1998-01-01,1997-12-31\n", "effective_to"),
        ("J1886,Drugs,One, two,1998-01-01,\n", "columns"),
        (GOOD, "code"),
    ],
)
def test_a_bad_line_is_named_with_file_line_and_field(table, line, field):
    with pytest.raises(ContentError) as caught:
        hcpcs.read_table(table(GOOD, line))
    message = str(caught.value)
    assert "table.csv, line 3" in message
    assert field in message


def test_other_columns_are_refused(table):
    with pytest.raises(ContentError, match="columns must be code, section"):
        hcpcs.read_table(table(head="code,description\n"))


def test_the_shipped_table_is_whole():
    rows = hcpcs.read_table()
    assert len(rows) > 100
    for row in rows:
        row.clean_fields()
        assert row.description == " ".join(row.description.split())


@pytest.mark.django_db
def test_loading_twice_gives_the_same_rows():
    assert hcpcs.load() == len(hcpcs.read_table())
    first = list(HcpcsCode.objects.values())
    hcpcs.load()
    assert list(HcpcsCode.objects.values()) == first


@pytest.mark.django_db
def test_loading_takes_away_what_left_the_file_and_mends_what_was_changed():
    hcpcs.load()
    kept = HcpcsCode.objects.exclude(is_modifier=True)[0]
    HcpcsCode.objects.filter(pk=kept.pk).update(description="changed")
    HcpcsCode.objects.create(
        code="Z0000", is_modifier=False, section="x", description="x", effective_from="2026-01-01"
    )
    hcpcs.load()
    assert not HcpcsCode.objects.filter(code="Z0000").exists()
    assert HcpcsCode.objects.get(pk=kept.pk).description == kept.description


def texts_of(data: object) -> list[str]:
    """Return all strings of an item, but not what blind readers said: no learner sees it."""
    if isinstance(data, dict):
        shown = [value for name, value in data.items() if name != "blind_solves"]
        return [text for value in shown for text in texts_of(value)]
    if isinstance(data, list):
        return [text for value in data for text in texts_of(value)]
    return [str(data)]


def items() -> list[tuple[str, dict]]:
    """Return all shipped items, each with its file's name."""
    files = sorted(CONTENT.glob("*/*.yaml"))
    assert files
    found = []
    for path in files:
        data = read_yaml(path)
        listed = data if isinstance(data, list) else data["items"]
        found += [(path.name, item) for item in listed]
    return found


def ended_codes(item: dict) -> set[str]:
    """Return the codes that an item names because they no longer hold."""
    return {
        code
        for option in item["options"].values()
        if option.get("error") in MAY_BE_INVALID
        for code in option.get("codes", [])
    }


@pytest.mark.once
def test_every_hcpcs_code_and_modifier_in_an_items_codes_is_in_the_table():
    known = hcpcs.spans_from_table().keys()
    wanted = {
        code: file
        for file, item in items()
        for option in item["options"].values()
        for code in option.get("codes", [])
        if code not in ended_codes(item)
        and system_of(code) in {CodeSystem.HCPCS, CodeSystem.MODIFIER}
        and code.lstrip("-") not in CPT_MODIFIERS
    }
    assert wanted
    assert {code: file for code, file in wanted.items() if code not in known} == {}


@pytest.mark.once
def test_every_hcpcs_code_in_an_items_prose_is_in_the_table():
    known = hcpcs.spans_from_table().keys()
    missing = {
        code: file
        for file, item in items()
        for text in texts_of(item)
        for code, system in codes_in(text)
        if system is CodeSystem.HCPCS and code not in known | ended_codes(item)
    }
    assert missing == {}
