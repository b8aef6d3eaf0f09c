"""The pages of import and export: two steps, permissions, no way to somebody else's file."""

import re
from typing import Any
from unittest.mock import ANY

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from moodle_xml_parser.parser import parse_bytes

from prepsite.accounts.models import User
from prepsite.content import revision
from prepsite.content.exchange.formats import CsvFile
from quizzes.models import Question, QuestionVersion, Status
from tests.factories import make_question, make_source, make_topic, make_user, set_cpt_switch
from tests.quizzes.test_exchange import as_csv, changed, exported, rows_of
from tests.quizzes.test_gift import FOREIGN
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/question/"
IMPORT = f"{LIST}import/"
CONFIRM = f"{LIST}process_import/"
EXPORT = f"{LIST}export/"
INLINE = re.compile(r"<[^>]*\s(style|on\w+)=|<style|<script(?![^>]*\ssrc=)")


@pytest.fixture
def user() -> User:
    return make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def staff(client: Client, user: User) -> Client:
    sign_in_staff(client, user)
    return client


def draft(**changes: Any) -> Question:
    return make_question(status="draft", blind_solves=[], **changes)


def upload(client: Client, content: bytes, name: str = "items.csv", **fields: str) -> str:
    """Choose a file; return the page that follows."""
    file = SimpleUploadedFile(name, content)
    response = client.post(IMPORT, {"import_file": file, "conflict": "keep"} | fields)
    assert response.status_code == 200
    page: str = response.content.decode()
    assert not INLINE.search(page)
    return page


def name_in(page: str) -> str:
    found = re.search(r'name="import_file_name" value="(\w+)"', page)
    assert found
    return found[1]


def new_rows(number: int, **bad: dict[str, str]) -> bytes:
    """Return a file of new items; ``bad`` spoils some of them by key."""
    draft(key="pattern")
    row = rows_of(exported(CsvFile))[0]
    Question.objects.update(current=None)
    QuestionVersion.objects.all().delete()
    Question.objects.all().delete()
    keys = [f"new{n}" for n in range(1, number + 1)]
    return as_csv([row | {"key": key} | bad.get(key, {}) for key in keys])


def test_two_steps_bring_items_in(staff: Client, user: User) -> None:
    content = new_rows(3)
    before = revision.current().revision
    page = upload(staff, content)
    assert "<b>3</b> new" in page
    assert not Question.objects.exists()
    assert revision.current().revision == before
    response = staff.post(CONFIRM, {"import_file_name": name_in(page)}, follow=True)
    shown = response.content.decode()
    assert "items.csv</strong> is imported" in shown
    assert not INLINE.search(shown)
    assert set(Question.objects.values_list("key", "status")) == {
        (f"new{n}", Status.DRAFT) for n in (1, 2, 3)
    }
    assert {version.created_by for version in QuestionVersion.objects.all()} == {user}
    entries = LogEntry.objects.values_list("user", "action_flag", "change_message")
    assert list(entries) == [(user.pk, ADDITION, "Imported from items.csv.")] * 3
    revision.forget()
    assert revision.current().revision > before


def test_a_second_click_leads_to_the_result_and_imports_nothing(staff: Client) -> None:
    page = upload(staff, new_rows(2))
    fields = {"import_file_name": name_in(page)}
    first = staff.post(CONFIRM, fields)
    second = staff.post(CONFIRM, fields)
    assert first["Location"] == second["Location"]
    assert LogEntry.objects.count() == QuestionVersion.objects.count() == 2


def test_bad_rows_wait_for_a_tick(staff: Client) -> None:
    page = upload(staff, new_rows(4, new2={"topic": "nowhere"}, new3={"answer": "E"}))
    assert "<b>2</b> refused" in page
    assert "there is no topic &#x27;nowhere&#x27;" in page
    fields = {"import_file_name": name_in(page)}
    page = staff.post(CONFIRM, fields).content.decode()
    assert "Tick this to go on, or mend the rows first." in page
    assert not Question.objects.exists()
    page = staff.post(CONFIRM, fields | {"only_good": "on"}, follow=True).content.decode()
    assert "<b>2</b> refused" in page
    assert sorted(Question.objects.values_list("key", flat=True)) == ["new1", "new4"]


def test_what_changed_since_the_preview_is_shown_before_anything_is_saved(staff: Client) -> None:
    question = draft(rationale="First.")
    page = upload(staff, changed(rationale="The file says so."), conflict="take")
    assert "<del>First.</del><ins>The file says so.</ins>" in page
    draft(key=question.key, rationale="A colleague wrote this.")
    page = staff.post(CONFIRM, {"import_file_name": name_in(page)}).content.decode()
    assert "Something changed here since the preview." in page
    assert "<del>A colleague wrote this.</del><ins>The file says so.</ins>" in page
    assert question.versions.count() == 2
    staff.post(CONFIRM, {"import_file_name": name_in(page)})
    assert question.versions.count() == 3
    assert LogEntry.objects.get().action_flag == CHANGE


def test_markup_in_a_file_stays_text(staff: Client) -> None:
    draft(rationale="Plain.")
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    page = upload(staff, changed(rationale=evil, topic=evil), "<b>x.csv", conflict="take")
    assert evil not in page
    assert "&lt;script&gt;" in page
    page = upload(staff, changed(rationale=evil), conflict="take")
    assert "&lt;script&gt;" in page
    assert "<img" not in page
    page = upload(staff, f"key,{evil}\n1,2\n".encode())
    assert evil not in page


def test_nobody_confirms_somebody_elses_upload(staff: Client) -> None:
    name = name_in(upload(staff, new_rows(1)))
    other = Client()
    sign_in_staff(other, make_user(is_staff=True, is_superuser=True))
    response = other.post(CONFIRM, {"import_file_name": name}, follow=True)
    assert "This upload is not here any more" in response.content.decode()
    assert other.get(f"{IMPORT}{name}/").status_code == 302
    assert not Question.objects.exists()
    # What one table's page took in, another's does not import.
    elsewhere = "/admin/careers/source/process_import/"
    response = staff.post(elsewhere, {"import_file_name": name}, follow=True)
    assert "This upload is not here any more" in response.content.decode()


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "/etc/passwd", "x" * 5_000, "\0", "f" * 32, "'; --"]
)
def test_a_forged_name_leads_nowhere(staff: Client, name: str) -> None:
    response = staff.post(CONFIRM, {"import_file_name": name}, follow=True)
    assert response.status_code == 200
    assert "This upload is not here any more" in response.content.decode()
    assert staff.get(CONFIRM).status_code == 405
    assert staff.post(CONFIRM).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("items.xlsx", b"PK", "Save it as “CSV UTF-8”"),
        ("items.exe", b"MZ", "ends in .csv, .json or .gift"),
        ("items", b"key", "ends in .csv, .json or .gift"),
        ("items.csv", b"", "The file is empty."),
        ("items.csv", b"\x00\x01\x02\xff", "not in UTF-8"),
        ("items.csv", b"a" * 5_000_001, "larger than 5 MB"),
        ("items.csv", b"key\nx\n", "Missing columns: topic, rule"),
        ("items.json", b"{", "This is no JSON: line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_its_field(
    staff: Client, name: str, content: bytes, complaint: str
) -> None:
    page = upload(staff, content, name)
    assert complaint in page
    assert 'class="errorlist"' in page


def test_a_form_without_file_or_with_nonsense_is_refused(staff: Client) -> None:
    response = staff.post(IMPORT, {"conflict": "burn"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Choose a file." in page
    assert "burn is not one of the available choices" in page


def test_what_one_may_do(client: Client) -> None:
    draft()
    user = make_user(is_staff=True)
    sign_in_staff(client, user)

    def allow(*codes: str) -> None:
        user.user_permissions.set(
            Permission.objects.filter(content_type__app_label="quizzes", codename__in=codes)
        )

    statuses = []
    for codes in ((), ("view_question",), ("change_question",), ("add_question",)):
        allow(*codes)
        statuses.append(
            [
                *(client.get(url).status_code for url in (EXPORT, IMPORT, f"{IMPORT}x/")),
                client.post(CONFIRM).status_code,
            ]
        )
    assert statuses == [
        [403, 403, 403, 403],
        [200, 403, 403, 403],
        [200, 403, 403, 403],
        [403, 403, 403, 403],
    ]
    allow("add_question", "change_question")
    assert client.get(IMPORT).status_code == 200
    assert "Import</a>" in client.get(LIST).content.decode()
    allow("view_question")
    page = client.get(LIST).content.decode()
    assert "Import</a>" not in page
    assert "Export</a>" in page


def test_an_export_holds_what_the_list_shows(staff: Client) -> None:
    draft(key="waiting")
    make_question(key="public")
    page = staff.get(f"{EXPORT}?status__exact=draft").content.decode()
    assert "the 1 row that the list shows" in page
    assert not INLINE.search(page)
    response = staff.post(f"{EXPORT}?status__exact=draft", {"format": "0"})
    assert response["Content-Disposition"] == ANY
    assert re.fullmatch(
        r'attachment; filename="question-[\d-]+\.csv"', response["Content-Disposition"]
    )
    assert [row["key"] for row in rows_of(response.content)] == ["waiting"]
    response = staff.post(EXPORT, {"format": "1"})
    assert [row["key"] for row in response.json()] == ["public", "waiting"]
    assert staff.post(EXPORT, {"format": "9"}).status_code == 200
    assert staff.get(f"{EXPORT}?nonsense=1").status_code == 302
    assert staff.get(f"{EXPORT}?_changelist_filters=status").status_code == 200


def keys_of(moodle: bytes) -> list[str]:
    return [question.name for question in parse_bytes(moodle)["multichoice"]]


def test_what_leaves_for_learners_is_what_they_have_here(staff: Client) -> None:
    make_question(key="public")
    make_question(key="cpt", cpt_content="yes")
    draft(key="waiting")
    response = staff.post(EXPORT, {"format": "3"})
    assert response["Content-Type"] == "application/xml"
    assert re.search(r'filename="question-[\d-]+\.xml"', response["Content-Disposition"])
    assert keys_of(response.content) == ["cpt", "public"]
    set_cpt_switch(show=False)
    assert keys_of(staff.post(EXPORT, {"format": "3"}).content) == ["public"]
    everything = {"format": "3", "everything": "on"}
    assert keys_of(staff.post(EXPORT, everything).content) == ["cpt", "public", "waiting"]
    narrowed = staff.post(f"{EXPORT}?status__exact=draft", everything)
    assert keys_of(narrowed.content) == ["waiting"]
    assert staff.post(EXPORT, {"format": "4"}).content.startswith(b"PK")
    assert b"::waiting::" not in staff.post(EXPORT, {"format": "2"}).content
    # Tables are for editing: they hold the list.
    assert len(staff.post(EXPORT, {"format": "1"}).json()) == 3


def test_a_gift_file_is_previewed_and_imported(staff: Client, user: User) -> None:
    make_topic()
    make_source()
    page = upload(staff, FOREIGN.encode(), "quiz.txt")
    assert "Line 3: insulin-units" in page
    assert "is not in the file: choose one for all questions that name none." in page
    chosen = {"topic": "a-topic", "reference": "a-source | Section 1"}
    page = upload(staff, FOREIGN.encode(), "quiz.txt", **chosen)
    assert "<b>1</b> new" in page
    assert "Still to be written before review: a_error" in page
    assert not Question.objects.exists()
    staff.post(CONFIRM, {"import_file_name": name_in(page)})
    question = Question.objects.get(key="insulin-units")
    assert question.status == Status.DRAFT
    assert question.topic.slug == "a-topic"
    assert question.current
    assert question.current.created_by == user


def test_our_own_gift_file_changes_nothing(staff: Client) -> None:
    make_question(note="A note.")
    content = staff.post(EXPORT, {"format": "2"}).content
    for name in ("items.gift", "items.txt"):
        assert "<b>1</b> unchanged" in upload(staff, content, name, conflict="take")
    # A text file of a table is still one.
    assert "<b>1</b> unchanged" in upload(staff, exported(CsvFile), "items.txt")


def test_a_choice_for_all_rows_is_checked_at_its_field(staff: Client) -> None:
    make_topic()
    make_source()
    wrong = {"topic": "nowhere", "reference": "nobody | 1"}
    page = upload(staff, FOREIGN.encode(), "quiz.gift", **wrong)
    assert "nowhere is not one of the available choices" in page
    assert "There is no source &#x27;nobody&#x27;." in page
    assert 'value="nobody | 1"' in page
    page = upload(staff, FOREIGN.encode(), "quiz.gift", reference="a-source")
    assert "Write one a line: source | section | address" in page


def test_markup_in_a_gift_file_stays_text(staff: Client) -> None:
    make_topic()
    make_source()
    evil = "<script>alert(1)</script>"
    text = f"::{evil}::{evil} Who?{{\\={evil} ~b ~c ~d =e}}\n\n//: {evil}\nWho?{{=a ~b ~c ~d}}"
    chosen = {"topic": "a-topic", "reference": "a-source | Section 1"}
    page = upload(staff, text.encode(), "quiz.gift", **chosen)
    assert evil not in page
    assert "&lt;script&gt;" in page
