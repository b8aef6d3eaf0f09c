"""Items whose codes a code set changed: who has to look at them, and until when."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from prepsite.codes.models import CodeChange, IcdEntry
from quizzes import codereviews, publication
from quizzes.items import spec_of
from quizzes.itemspec import StatusName
from quizzes.models import CodeReview, Question, QuestionVersion
from tests.codes.official import (
    BASE,
    addenda_line,
    addenda_text,
    anweb_line,
    write_anweb,
    write_tabular,
)
from tests.codes.test_validity import make_code_set
from tests.factories import at, item_data, make_question
from tests.quizzes.browsing import html_of
from tests.quizzes.staffing import make_member, signed_in

pytestmark = pytest.mark.django_db
NOW = at("2026-11-01 12:00")
LIST = "/admin/quizzes/question/?code_changes=open"
BOTH_YEARS = {"valid_from": "2026-01-01", "valid_to": "2027-12-31"}
ONE_YEAR = {"valid_from": "2026-01-01", "valid_to": "2026-12-31"}
COMING_YEAR = {"code_year": "2027", "valid_from": "2027-01-01", "valid_to": "2027-12-31"}


def make_item(code: str = "A00.0", letter: str = "B", **changes: Any) -> Question:
    """Save an item with a code in one of its options, right in both years unless told."""
    data = item_data(**BOTH_YEARS | changes)
    data["options"][letter]["codes"] = [code]
    return make_question(**data | {"status": "published"} | changes)


def change(code: str = "A00.0", **values: Any) -> CodeChange:
    """Save a change for the exams of 2027."""
    fields = {
        "kind": "gone",
        "before": "Mild gut fever",
        "release": "ICD-10-CM FY 2027",
        "holds_from": date(2027, 1, 1),
        "holds_to": date(2027, 12, 31),
    }
    return CodeChange.objects.create(code=code, **fields | values)


def waiting() -> set[str]:
    """Return the keys of the items that somebody has to look at."""
    open_ones = CodeReview.objects.filter(settled_at=None)
    return set(open_ones.values_list("question__key", flat=True))


@pytest.mark.parametrize(
    ("dates", "concerns"),
    [
        (BOTH_YEARS, True),
        (ONE_YEAR, False),
        (COMING_YEAR, True),
        ({"code_year": "2028", "valid_from": "2028-01-01", "valid_to": "2028-12-31"}, False),
    ],
)
def test_an_item_has_to_do_with_the_code_sets_of_its_exams_alone(dates, concerns):
    question = make_item(**dates)
    change()
    codereviews.refresh_all(now=NOW)
    assert waiting() == ({question.key} if concerns else set())


def test_a_hcpcs_code_that_ended_concerns_every_later_exam():
    question = make_item("J0001", **COMING_YEAR)
    change("J0001", holds_from=date(2026, 7, 1), holds_to=None)
    codereviews.refresh_all(now=NOW)
    assert waiting() == {question.key}


def test_codes_in_prose_count_and_codes_meant_to_be_invalid_do_not():
    in_prose = make_item("B99.9", rationale="Not A00.0, as it is B99.9.")
    data = item_data(**BOTH_YEARS)
    data["options"]["A"] |= {"codes": ["A00.0"], "error": "deleted_code"}
    make_question(**data | {"status": "published"})
    change()
    codereviews.refresh_all(now=NOW)
    assert waiting() == {in_prose.key}


def test_looking_again_finds_nothing_new_and_keeps_what_was_settled():
    question, other = make_item(), make_item()
    change()
    codereviews.refresh_all(now=NOW)
    assert codereviews.settle(question, make_member("Reviewer"), NOW) == 1
    first = list(CodeReview.objects.values())
    codereviews.refresh_all(now=at("2026-12-01 12:00"))
    assert list(CodeReview.objects.values()) == first
    assert waiting() == {other.key}
    assert codereviews.settle(question, make_member("Reviewer"), NOW) == 0


def test_mending_the_item_takes_it_off_the_list_and_moving_its_date_puts_it_back():
    boss = make_member("Publisher")
    question = make_item()
    change()
    codereviews.refresh_all(now=NOW)
    for valid_to, waits in ((date(2026, 12, 31), False), (date(2027, 6, 30), True)):
        spec = spec_of(Question.objects.get(pk=question.pk))
        spec = spec.model_copy(update={"valid_to": valid_to})
        publication.save(spec, question.topic, by=boss)
        assert waiting() == ({question.key} if waits else set())
    publication.set_status(Question.objects.get(pk=question.pk), StatusName.RETIRED, boss)
    assert waiting() == set()


def test_a_retired_item_waits_for_nobody():
    question = make_item()
    change()
    codereviews.refresh_all(now=NOW)
    Question.objects.filter(pk=question.pk).update(status="retired")
    codereviews.refresh_all(now=NOW)
    assert waiting() == set()


def test_a_change_that_was_none_goes_with_its_list():
    make_item()
    change().delete()
    codereviews.refresh_all(now=NOW)
    assert CodeReview.objects.count() == 0


def load(**options: Any) -> str:
    """Run load_codes and return what it printed."""
    out = StringIO()
    call_command("load_codes", stdout=out, **options)
    return out.getvalue()


def test_the_report_names_items_and_versions_and_leaves_them_published(tmp_path):
    load(icd_tabular=write_tabular(tmp_path))
    both, this = make_item(), make_item(**ONE_YEAR)
    earlier = make_item()
    data = spec_of(earlier).model_dump(mode="json") | {"rationale": "Mended."}
    data["options"]["B"]["codes"] = ["A00.9"]
    publication.save(type(spec_of(earlier)).model_validate(data), earlier.topic, by=None)
    untouched = make_item("A00.9")
    path = tmp_path / "addenda.txt"
    lines = [
        addenda_line("Delete:", 1, "A000", "Mild gut fever"),
        addenda_line("Add:", 1, "A008", "Other gut fever"),
    ]
    path.write_text(addenda_text(lines, BASE, BASE))
    printed = load(icd_addenda=path)
    to_look_at, rest = printed.split("Right for their own exams; ")
    what = "A00.0 no longer valid (Mild gut fever)"
    assert "Look at: 1" in to_look_at
    state = "published, version 1, for exams up to 2027-12-31"
    assert f"item {both.key} ({state}): {what}" in to_look_at
    assert f"item {this.key} (published, version 1, for exams up to 2026-12-31): {what}" in rest
    assert f"item {earlier.key} (published, version 1, not the current one): {what}" in rest
    assert untouched.key not in printed
    assert set(Question.objects.values_list("status", flat=True)) == {"published"}
    assert waiting() == {both.key}
    finding = both.findings.get(check_name="codes")
    assert "A00.0 is terminated for an exam in 2027" in finding.message


def test_a_hcpcs_quarter_reports_what_it_ended(tmp_path):
    make_code_set(2026)
    make_code_set(2027)
    lines = [anweb_line("J0001", "A drug, 1 mg"), anweb_line("J0002", "Another")]
    load(hcpcs=write_anweb(tmp_path, *lines))
    question = make_item("J0001")
    lines[0] = anweb_line("J0001", "A drug, 1 mg", ends="20261231")
    printed = load(hcpcs=write_anweb(tmp_path, *lines))
    assert "Look at: 1" in printed
    assert f"item {question.key}" in printed
    assert "J0001 no longer valid (A drug, 1 mg)" in printed


def test_staff_find_the_items_on_the_start_page_and_settle_them():
    question, other = make_item(), make_item("A01")
    IcdEntry.objects.all().delete()
    change()
    codereviews.refresh_all(now=NOW)
    staff = signed_in(make_member("Reviewer", "Writer"))
    start = html_of(staff.get("/admin/"))
    assert f'<a href="{LIST}">Codes changed by a new code set</a>' in start
    listed = html_of(staff.get(LIST))
    assert question.key in listed
    assert other.key not in listed
    page = html_of(staff.get(f"/admin/quizzes/question/{question.pk}/change/"))
    assert "A00.0 no longer valid (Mild gut fever)" in page
    assert "to look at" in page
    action = {"action": "codes_looked_at", "_selected_action": [question.pk, other.pk]}
    done = html_of(staff.post("/admin/quizzes/question/", action, follow=True))
    assert "Changed codes of 1 item noted as looked at." in done
    assert waiting() == set()
    assert f'<a href="{LIST}">' not in html_of(staff.get("/admin/"))
    assert QuestionVersion.objects.filter(question=question).count() == 1
    again = html_of(staff.post("/admin/quizzes/question/", action, follow=True))
    assert "Nothing to do: none of them has a changed code." in again
    report = html_of(staff.get("/admin/quizzes/codereview/"))
    assert question.key in report
    assert "ICD-10-CM FY 2027" in report


def test_the_code_tables_are_looked_at_and_not_changed():
    make_item()
    change()
    codereviews.refresh_all(now=NOW)
    staff = signed_in(make_member("Writer"))
    tables = ["codes/codeset", "codes/hcpcscode", "codes/placeofservice", "codes/codechange"]
    for table in [*tables, "quizzes/codereview"]:
        assert staff.get(f"/admin/{table}/").status_code == 200
        assert staff.get(f"/admin/{table}/?q=A00").status_code in {200, 302}
        assert staff.get(f"/admin/{table}/add/").status_code == 403
