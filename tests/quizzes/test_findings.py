"""What checks find stands beside the item, and goes when it is mended."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from prepsite.codes.models import CodeSet
from quizzes import contentload, findings, publication
from quizzes.items import spec_of
from quizzes.models import Finding, Question, Status
from tests.factories import at, make_question, make_topic, make_user
from tests.quizzes.bankfiles import solved, write_bank
from tests.quizzes.staffing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def code_year() -> None:
    """A code set of 2026 that holds no code."""
    CodeSet.objects.create(
        code_year=2026,
        edition="2026",
        effective_from=date(2025, 10, 1),
        effective_to=date(2026, 9, 30),
        source="test",
    )


def faulty(**changes: Any) -> Question:
    """Save an item that names a code which does not exist."""
    return make_question(rationale="The key is E11.9.", **changes)


def messages_of(question: Question) -> list[str]:
    return [finding.message for finding in Finding.objects.filter(question=question)]


def test_every_problem_of_the_bank_is_a_finding() -> None:
    question, clean = faulty(valid_to="2026-12-31"), make_question()
    assert findings.refresh_all() == 1
    finding = Finding.objects.get()
    assert (finding.question, finding.check_name, finding.severity) == (question, "codes", "error")
    assert (finding.field, finding.message) == ("rationale", "E11.9 is unknown for an exam in 2026")
    assert not messages_of(clean)


def test_a_finding_keeps_its_time_until_it_is_mended() -> None:
    question = faulty(valid_to="2026-12-31")
    findings.refresh_all(now=at("2026-11-01 10:00"))
    findings.refresh_all(now=at("2026-11-05 10:00"))
    assert Finding.objects.get().found_at == at("2026-11-01 10:00")
    spec = spec_of(question).model_copy(update={"rationale": "The rule says so."})
    publication.save(spec, question.topic, by=None)
    assert not Finding.objects.exists()


def test_a_save_finds_at_once_and_leaves_comparisons_alone() -> None:
    first = make_question(stem="The same stem?", status="draft")
    second = make_question(stem="The same stem?", status="draft")
    findings.refresh_all()
    assert messages_of(second) == [f"is the stem of {first.key}"]
    spec = spec_of(second).model_copy(update={"cpt_content": True})
    publication.save(spec, second.topic, by=None)
    assert set(messages_of(second)) == {
        f"is the stem of {first.key}",
        "says yes but names no code",
    }


def test_a_retired_item_is_left_in_peace() -> None:
    question = faulty(valid_to="2026-12-31")
    findings.refresh_all()
    Question.objects.filter(pk=question.pk).update(status=Status.RETIRED)
    findings.refresh(question)
    assert not messages_of(question)


def test_without_a_code_set_nothing_is_said_of_codes() -> None:
    CodeSet.objects.all().delete()
    faulty(valid_to="2026-12-31")
    assert findings.refresh_all() == 0


def test_loading_files_finds_too(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(cpt_content="yes"))
    contentload.load(tmp_path)
    assert Finding.objects.get().severity == Finding.Severity.WARNING


def test_the_command_says_how_many() -> None:
    faulty(valid_to="2026-12-31")
    out = StringIO()
    call_command("refresh_findings", stdout=out)
    assert out.getvalue() == "1 findings.\n"


def test_the_whole_bank_costs_the_same_with_many_items(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        faulty(valid_to="2026-12-31", rule="one-rule")
    findings.refresh_all()
    Finding.objects.all().delete()
    with django_assert_num_queries(13) as first:
        assert findings.refresh_all() == 3
    topic = make_topic("another-topic")
    for _ in range(9):
        faulty(valid_to="2026-12-31", topic=topic)
    Finding.objects.all().delete()
    with django_assert_num_queries(len(first)):
        assert findings.refresh_all() == 12


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("options.B.codes", "option B, codes"),
        ("rationale", "rationale"),
        ("cpt_content", "CPT flag"),
        ("valid_to", "valid to"),
    ],
)
def test_fields_are_named_as_staff_know_them(field: str, words: str) -> None:
    assert findings.place_in_words(field) == words


def test_the_items_page_says_it_in_words() -> None:
    question = faulty(valid_to="2026-12-31")
    findings.refresh_all()
    boss = signed_in(make_user(is_staff=True, is_superuser=True))
    page = boss.get(f"/admin/quizzes/question/{question.pk}/change/").content.decode()
    assert "<strong>Error</strong> in rationale: E11.9 is unknown for an exam in 2026" in page
    page = boss.get("/admin/quizzes/question/").content.decode()
    assert "1 error" in page
