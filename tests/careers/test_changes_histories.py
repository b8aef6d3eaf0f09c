"""Any history of edits, loads, imports, deletions and returns: the log is their differences."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from careers import changecheck, models
from careers.exchange import EntryResource, kind_of
from careers.loading import Take, load
from careers.models import Figure, FigureChange
from careers.schema import KINDS
from prepsite.content.exchange.formats import JsonFile
from tests.careers.factories import staff_client
from tests.careers.test_admin import change_url, form_of
from tests.quizzes.browsing import rolled_back

pytestmark = pytest.mark.django_db

SLUGS = ("ohio", "utah", "iowa")
slugs = st.sampled_from(SLUGS)
amounts = st.sampled_from(["1000", "1000.00", "2000", "2000.5"])
sources = st.sampled_from(["bls", "aapc"])
years = st.sampled_from(["2025", "2026"])
takes: st.SearchStrategy[Take] = st.sampled_from(["newer", "files"])

type Public = dict[tuple[str, str], tuple[str, ...]]


def public_state() -> Public:
    """Return what readers see of each figure: amount, source, quoting work, date."""
    found: Public = {}
    for model in (models.StatePay, models.RemoteAdvantage):
        rows: Any = model._default_manager.select_related("source", "quoted_in")
        for row in rows:
            assert isinstance(row, Figure)
            if row.amount:
                quoted_in = row.quoted_in.slug if row.quoted_in else ""
                found[str(model._meta.model_name), row.slug] = (
                    *(row.amount_in_words, row.source.slug, quoted_in, row.dated),
                )
    return found


class Edits(RuleBasedStateMachine):
    """Staff and files change two small tables, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = rolled_back()
        self.undone.__enter__()
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name)
        for kind in KINDS:
            if not kind.tables:
                self._write(kind.name, [])
        self._write("sources", [{"slug": slug, "name": slug.upper()} for slug in ("bls", "aapc")])
        self.files: dict[str, dict[str, Any]] = {
            "states": {slug: self._state(slug, "1000", "bls", "2025") for slug in SLUGS[:2]},
            "remote": {"hours": self._remote("5")},
        }
        self.client: Client = staff_client()
        self._load("newer")
        assert not FigureChange.objects.exists()
        self.before = public_state()
        self.n_logged = 0

    def teardown(self) -> None:
        self.place.cleanup()
        self.undone.__exit__(None, None, None)

    @staticmethod
    def _state(slug: str, low: str, source: str, year: str) -> dict[str, Any]:
        amount = {"low": low, "unit": "usd_year"}
        state = {"slug": slug, "state": slug.title(), "end": "highest", "rank": "1"}
        return {**state, "source": source, "as_of": year, "amount": amount}

    @staticmethod
    def _remote(low: str) -> dict[str, Any]:
        amount = {"amount": {"low": low, "unit": "percent"}} if low else {}
        row = {"slug": "hours", "label": "Hours", "text": "Free.", "source": "bls"}
        return {**row, "as_of": "2025", **amount}

    def _write(self, name: str, items: list[dict[str, Any]]) -> None:
        (self.folder / f"{name}.yaml").write_text(yaml.safe_dump({"items": items}))

    def _load(self, take: Take) -> None:
        for name, items in self.files.items():
            self._write(name, list(items.values()))
        load(take=take, folder=self.folder)

    def _edit(self, row: Any, **values: Any) -> None:
        self.client.post(change_url(row), form_of(row, **{"position": 10} | values))

    @rule(slug=slugs, low=amounts, source=sources, year=years, more=st.booleans())
    def edits(self, slug: str, low: str, source: str, year: str, more: bool) -> None:
        if row := models.StatePay.objects.filter(slug=slug).first():
            pk = models.Source.objects.get(slug=source).pk
            ends = {"open_ended": "on"} if more else {"open_ended": ""}
            self._edit(row, low=low, source=pk, as_of=f"{year}-01-01", **ends)

    @rule(slug=slugs, text=st.sampled_from(["Rain.", "Sun."]))
    def edits_a_text(self, slug: str, text: str) -> None:
        if row := models.StatePay.objects.filter(slug=slug).first():
            self._edit(row, remark=text)

    @rule(low=st.sampled_from(["", "5", "6"]))
    def edits_what_may_lack_an_amount(self, low: str) -> None:
        if row := models.RemoteAdvantage.objects.first():
            self._edit(row, low=low, unit="percent")

    @rule(slug=slugs, low=amounts, source=sources)
    def adds(self, slug: str, low: str, source: str) -> None:
        pk = models.Source.objects.get(slug=source).pk
        row = models.StatePay(slug=slug, state=slug, end="lowest", rank=1, source_id=pk)
        form = form_of(row, low=low, as_of="2026-01-01", position=10)
        self.client.post("/admin/careers/statepay/add/", form)

    @rule(chosen=st.sets(slugs))
    def deletes(self, chosen: set[str]) -> None:
        rows = list(models.StatePay.objects.filter(slug__in=chosen))
        if len(rows) == 1:
            self.client.post(change_url(rows[0], "delete"), {"post": "yes"})
        elif rows:
            picked = {"_selected_action": [row.pk for row in rows]}
            form = {"action": "delete_selected", "post": "yes", **picked}
            self.client.post("/admin/careers/statepay/", form)

    @rule(slug=slugs, back=st.integers(0, 4))
    def returns(self, slug: str, back: int) -> None:
        if row := models.StatePay.objects.filter(slug=slug).first():
            records = row.history.exclude(history_type="-")[back : back + 1]
            for record in records:
                self.client.post(change_url(row, "history") + f"{record.pk}/return/")

    @rule(back=st.integers(0, 2))
    def brings_back(self, back: int) -> None:
        for record in models.StatePay.history.filter(history_type="-")[back : back + 1]:
            self.client.post(f"/admin/careers/statepay/deleted/{record.pk}/")

    @rule(slug=slugs, low=amounts, source=sources, year=years, take=takes)
    def files_change(self, slug: str, low: str, source: str, year: str, take: Take) -> None:
        self.files["states"][slug] = self._state(slug, low, source, year)
        self._load(take)

    @rule(slug=slugs, take=takes)
    def files_drop(self, slug: str, take: Take) -> None:
        self.files["states"].pop(slug, None)
        self._load(take)

    @rule(low=st.sampled_from(["", "5", "6"]), take=takes)
    def files_change_a_statement(self, low: str, take: Take) -> None:
        self.files["remote"]["hours"] = self._remote(low)
        self._load(take)

    @rule(chosen=st.dictionaries(slugs, amounts, min_size=1), year=years)
    def imports(self, chosen: dict[str, str], year: str) -> None:
        shared = {"unit": "usd_year", "source": "aapc", "as_of": year, "end": "lowest"}
        rows = [
            {"slug": slug, "state": slug, "rank": "3", "low": low, **shared}
            for slug, low in chosen.items()
        ]
        table = JsonFile().create_dataset(json.dumps(rows).encode())
        EntryResource(kind_of(models.StatePay), conflict="take").import_data(table)

    @rule(slug=slugs, low=amounts)
    def previews(self, slug: str, low: str) -> None:
        if row := models.StatePay.objects.filter(slug=slug).first():
            form = form_of(row, low=low, position=10)
            self.client.post(change_url(row, "preview"), form)

    @invariant()
    def the_log_is_the_difference(self) -> None:
        after = public_state()
        expected = set()
        for name in self.before.keys() | after.keys():
            old, new = self.before.get(name), after.get(name)
            if old != new:
                kind = "removed" if new is None else "added" if old is None else "changed"
                words = [state[0] if state else "" for state in (old, new)]
                expected.add((*name, kind, *words))
        entries = list(FigureChange.objects.order_by("pk"))[self.n_logged :]
        said = [(e.model, e.slug, e.kind, e.before, e.after) for e in entries]
        assert sorted(said) == sorted(expected)
        self.before, self.n_logged = after, self.n_logged + len(said)

    @invariant()
    def the_log_agrees_with_the_history(self) -> None:
        assert changecheck.faults() == []


def test_whatever_happens_the_log_says_what_readers_saw_change() -> None:
    run_state_machine_as_test(
        Edits, settings=settings(max_examples=8, stateful_step_count=12, deadline=None)
    )
