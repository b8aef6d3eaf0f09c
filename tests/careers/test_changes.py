"""The public log: every change of a figure once, with what was, what is, and where from."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client

from careers import models
from careers.changes import State, differences
from careers.loading import load
from careers.models import FigureChange
from prepsite.content import revision
from tests.careers.factories import (
    change,
    copy_files,
    make_section,
    make_source,
    make_state,
    sourced,
    staff_client,
)
from tests.careers.test_admin import change_url, form_of
from tests.factories import make_user
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db

STATES = "/admin/careers/statepay/"


def said() -> list[tuple[str, str, str]]:
    """Return kind, before and after of each entry, the oldest first."""
    entries = FigureChange.objects.order_by("pk")
    return list(entries.values_list("kind", "before", "after"))


def clear() -> None:
    """Forget what a fixture logged."""
    FigureChange.objects.all().delete()


def state(value: str = "$1", source: int = 1, quoted: int | None = None, at: str = "2026") -> State:
    return State({"": value}, source, quoted, at)


@pytest.mark.once
def test_what_counts_as_a_change() -> None:
    kinds = [
        [difference.kind for difference in differences(old, new)]
        for old, new in [
            (None, None),
            (state(), state()),
            (None, state()),
            (state(), None),
            (state(), state("$2")),
            (state(), state(source=2)),
            (state(), state(quoted=3)),
            (state(), state(at="2027")),
            (state(), state("$2", source=2, at="2027")),
        ]
    ]
    changed = ["changed"]
    assert kinds == [[], [], ["added"], ["removed"], *[changed] * 5]


@pytest.mark.parametrize(
    ("values", "after"),
    [
        ({"low": "50001"}, "$50,001 a year"),
        ({"high": "60000"}, "$50,000–$60,000 a year"),
        ({"open_ended": "on"}, "$50,000+ a year"),
        ({"approximate": "on"}, "~$50,000 a year"),
        ({"unit": "usd_hour"}, "$50,000 an hour"),
    ],
)
def test_a_changed_amount_is_logged_once(values: dict[str, str], after: str) -> None:
    row = make_state(slug="oregon", source=make_source(name="BLS"))
    clear()
    staff_client().post(change_url(row), form_of(row, **{"position": 10} | values))
    entry = FigureChange.objects.get()
    assert (entry.kind, entry.before, entry.after) == ("changed", "$50,000 a year", after)
    assert (entry.model, entry.slug, entry.label) == ("statepay", "oregon", "Oregon")
    assert (entry.source, entry.source_before, entry.note) == ("BLS, 2026", "", "")


def test_a_new_source_or_date_is_a_change_that_says_the_former_one() -> None:
    row = make_state(source=make_source(name="BLS"))
    guide = make_source(name="Guide")
    clear()
    staff_client().post(
        change_url(row),
        form_of(row, position=10, quoted_in=guide.pk, as_of="2027-05-01", as_of_precision="month"),
    )
    entry = FigureChange.objects.get()
    assert entry.before == entry.after == "$50,000 a year"
    assert entry.source == "BLS, as quoted in Guide (May 2027)"
    assert entry.source_before == "BLS, 2026"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"low": "50000.00"},
        {"remark": "It rains."},
        {"state": "Oregon (OR)"},
        {"rank": "7"},
        {"position": "5"},
        {"headline": "Oregon"},
        {"checked_on": "2026-11-24", "review_by": "2027-11-24"},
    ],
)
def test_what_is_no_figure_is_not_logged(values: dict[str, str]) -> None:
    row = make_state()
    clear()
    response = staff_client().post(change_url(row), form_of(row, **{"position": 10} | values))
    assert response.status_code == 302
    assert said() == []


def test_texts_and_sources_are_not_logged() -> None:
    load()
    clear()
    client = staff_client()
    for model in (models.Source, models.Page, models.Section, models.AiPoint):
        row = model._default_manager.order_by("-pk").first()
        assert row is not None
        row.save()
    source = models.Source.objects.get(slug="bls")
    client.post(change_url(source), form_of(source, name="Bureau"))
    assert said() == []


def test_a_statement_becomes_a_figure_with_its_amount() -> None:
    row = models.RemoteAdvantage.objects.create(**sourced(label="Hours", text="Free."))
    assert said() == []
    row.low = Decimal(10)
    row.unit = "percent"
    row.save()
    row.low = None
    row.save()
    assert said() == [("added", "", "10%"), ("removed", "10%", "")]


def test_a_reason_becomes_the_note_and_the_historys_reason() -> None:
    row = make_state()
    clear()
    form = form_of(row, position=10, low="60000", change_reason="BLS corrected its table.")
    staff_client().post(change_url(row), form)
    assert FigureChange.objects.get().note == "BLS corrected its table."
    assert row.history.first().history_change_reason == "BLS corrected its table."
    page = staff_client().get(change_url(row)).content.decode()
    assert "Reason for the change" in page
    response = staff_client().post(
        change_url(row), form_of(row, position=10, change_reason="x" * 101)
    )
    assert "at most 100 characters" in response.content.decode()


def test_deleting_returning_and_bringing_back_are_logged() -> None:
    row = make_state(slug="oregon")
    first = row.history.get()
    client = staff_client()
    client.post(change_url(row), form_of(row, position=10, low="60000"))
    client.post(change_url(row, "history") + f"{first.pk}/return/")
    client.post(change_url(row, "delete"), {"post": "yes"})
    deleted = models.StatePay.history.get(history_type="-")
    client.post(f"{STATES}deleted/{deleted.pk}/")
    client.post(STATES, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert said() == [
        ("added", "", "$50,000 a year"),
        ("changed", "$50,000 a year", "$60,000 a year"),
        ("changed", "$60,000 a year", "$50,000 a year"),
        ("removed", "$50,000 a year", ""),
        ("added", "", "$50,000 a year"),
        ("removed", "$50,000 a year", ""),
    ]


def test_facts_that_go_with_their_specialty_are_logged() -> None:
    load()
    clear()
    fact = models.NicheFact.objects.exclude(low=None).first()
    assert fact is not None
    n_facts = fact.specialty.facts.exclude(low=None).count()
    fact.specialty.delete()
    removed = FigureChange.objects.filter(kind="removed")
    assert removed.filter(model="nichefact").count() == n_facts
    assert removed.filter(model="specialtypay").count() == 1


def test_a_refused_edit_leaves_nothing() -> None:
    row = make_state()
    clear()
    staff_client().post(change_url(row), form_of(row, position=10, low="5", high="4"))
    assert said() == []


def test_the_first_load_is_no_news_and_a_dry_run_neither(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    assert said() == []
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    load(folder=folder, dry_run=True)
    assert said() == []
    load(folder=folder)
    load(folder=folder, take="files")
    assert said() == [("changed", "$62,300 a year", "$62,400 a year")]
    entry = FigureChange.objects.get()
    assert entry.place == "/careers/states/#statepay-california"


def test_a_source_that_leaves_the_files_with_its_last_figure_is_named(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    sources, states = folder / "sources.yaml", folder / "states.yaml"
    whole = sources.read_text(encoding="utf-8"), states.read_text(encoding="utf-8")
    change(sources, "items:", "items:\n- slug: extra\n  name: Extra")
    change(states, "- slug: california\n", "- slug: california\n  source: extra\n")
    load(folder=folder)
    sources.write_text(whole[0], encoding="utf-8")
    states.write_text(whole[1], encoding="utf-8")
    assert load(folder=folder).deleted == 1
    entry = FigureChange.objects.get()
    assert entry.source_before.startswith("Extra, ")
    assert not entry.source.startswith("Extra")
    assert not models.Source.objects.filter(slug="extra").exists()


def test_rows_that_join_or_leave_a_table_that_was_loaded_are_news(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    path = folder / "work_models.yaml"
    whole = path.read_text(encoding="utf-8")
    head, *items = whole.split("\n- slug: ")
    path.write_text("\n- slug: ".join([head, *items[:-1]]) + "\n", encoding="utf-8")
    load(folder=folder)
    path.write_text(whole, encoding="utf-8")
    load(folder=folder)
    path.write_text("\n- slug: ".join([head, *items[:-1]]) + "\n", encoding="utf-8")
    load(folder=folder)
    assert [kind for kind, _, _ in said()] == ["added", "removed"]


def test_a_corrected_wage_says_which_column() -> None:
    load()
    shipped = models.Wage.objects.get(area__slug="ohio")
    row = models.Wage.objects.get(pk=shipped.pk)
    row.annual_median = Decimal(49_990)
    row.save()
    entry = FigureChange.objects.get()
    before = f"${shipped.annual_median:,}"
    assert (entry.kind, entry.before, entry.after) == ("changed", before, "$49,990")
    assert entry.label == "Ohio, May 2025: annual median"
    assert entry.place == "/careers/states/ohio/"
    row.employment = None
    row.mean_rse = Decimal("2.0")
    row.save()
    assert {(after, label) for after, label in list_of("after", "label")[1:]} == {
        ("not released", "Ohio, May 2025: employment"),
        ("2.0", "Ohio, May 2025: error of the mean, %"),
    }


def list_of(*columns: str) -> list[Any]:
    return list(FigureChange.objects.order_by("pk").values_list(*columns))


def test_the_files_of_a_new_release_make_one_entry(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    models.Wage.objects.all().delete()
    models.LoadedRow.objects.filter(kind="wages").exclude(slug__startswith="ohio").delete()
    clear()
    models.LoadedRow.objects.filter(kind="wages").update(slug="ohio-2024-05")
    load(folder=folder, take="files")
    entry = FigureChange.objects.get()
    assert (entry.kind, entry.label) == ("release", "Official wages by state, May 2025")
    assert entry.after == f"{models.Wage.objects.count()} areas"


def test_the_log_is_only_read_but_for_its_note() -> None:
    make_state()
    entry = FigureChange.objects.get()
    client = staff_client()
    url = f"/admin/careers/figurechange/{entry.pk}/"
    assert client.get("/admin/careers/figurechange/", {"q": "Oregon"}).status_code == 200
    assert client.get("/admin/careers/figurechange/add/").status_code == 403
    assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    before = revision.current().revision
    client.post(f"{url}change/", {"note": "A misprint.", "after": "$1", "label": "X"})
    entry.refresh_from_db()
    assert (entry.note, entry.after, entry.label) == ("A misprint.", "$50,000 a year", "Oregon")
    assert revision.current().revision == before + 1


def test_who_may_only_look_at_the_log_writes_no_note(client: Client) -> None:
    make_state()
    entry = FigureChange.objects.get()
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_figurechange"))
    sign_in_staff(client, user)
    url = f"/admin/careers/figurechange/{entry.pk}/change/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"note": "Mine."}).status_code == 403


def test_the_check_finds_what_the_log_lacks_and_what_it_made_up() -> None:
    load()
    row = models.StatePay.objects.get(slug="california")
    row.low = Decimal(70_000)
    row.save()
    make_state()
    call_command("check_changes")
    models.StatePay.objects.filter(slug="california").update(low=1)
    row.refresh_from_db()
    row.save()
    with pytest.raises(CommandError, match="statepay california: the history has"):
        call_command("check_changes")
    clear()
    FigureChange.objects.create(
        at=dt.datetime.now(dt.UTC), kind="added", model="statepay", slug="nowhere", after="$1"
    )
    with pytest.raises(CommandError, match="statepay nowhere: is in the log"):
        call_command("check_changes")


# --- the page ---------------------------------------------------------------------


def test_a_removed_figure_leads_to_its_page(client: Client) -> None:
    section = make_section(block="states")
    row = make_state()
    row.delete()
    assert FigureChange.objects.get(kind="removed").place == section.page.get_absolute_url()
