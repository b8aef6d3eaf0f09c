"""An inexperienced editor's first day: a figure, a reason, ten items, publishing, undoing."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import Page, expect

from careers.models import StatePay
from prepsite.accounts.models import User
from quizzes.models import Choice, Question, Status
from tests.browser.conftest import NewVisitor
from tests.browser.test_exchange import ten_rows

pytestmark = pytest.mark.browser
ITEM = "prefixes-02"
QUESTIONS = "/admin/quizzes/question/"


@pytest.fixture
def groups(site: str) -> None:
    """Make the groups of staff, and first the permissions that other browser tests go without."""
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0)
    call_command("staff_groups", stdout=StringIO())


def _member(email: str, group: str) -> User:
    user = User.objects.create_user(email, "x", is_staff=True)
    user.groups.set([Group.objects.get(name=group)])
    return user


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def _act(page: Page, key: str, action: str) -> None:
    """Tick an item in the list of questions and run an action on it."""
    page.goto(f"{QUESTIONS}?q={key}")
    name = page.get_by_role("link", name=key, exact=True)
    page.locator("#result_list tbody tr").filter(has=name).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label=action)
    page.get_by_role("button", name=re.compile("^(Go|Run)")).click()


def _changes_a_figure_and_takes_it_back(editor: Page, reader: Page) -> None:
    before = StatePay.objects.get(slug="california").low
    editor.goto("/admin/")
    editor.get_by_role("link", name="State pay", exact=True).click()
    editor.get_by_role("link", name="California", exact=True).click()
    editor.get_by_label("Amount or lower end").fill("61111")
    _save(editor)
    reader.goto("/careers/states/")
    expect(reader.get_by_text("61,111")).to_be_visible()
    editor.locator("#result_list").get_by_role("link", name="California", exact=True).click()
    editor.get_by_role("link", name="History").click()
    editor.get_by_role("button", name="Return to the state of").click()
    expect(editor.locator(".messagelist .success")).to_contain_text("Returned to the state of")
    assert StatePay.objects.get(slug="california").low == before


def _mends_a_reason_and_takes_it_back(editor: Page) -> None:
    editor.goto(f"{QUESTIONS}?q={ITEM}")
    editor.get_by_role("link", name=ITEM, exact=True).click()
    editor.get_by_role("link", name="Edit the wording").click()
    expect(editor.get_by_label("Stem")).to_be_visible()
    reasons = editor.locator('textarea[name$="-reason"]:not([name*="__prefix__"])')
    wrong = next(box for box in reasons.all() if box.input_value())
    old = wrong.input_value()
    wrong.fill("A reason by somebody new here.")
    _save(editor)
    mended = Choice.objects.filter(version__current_of__key=ITEM, reason__contains="somebody new")
    assert mended.count() == 1
    assert Question.objects.get(key=ITEM).status == Status.PUBLISHED
    editor.get_by_role("link", name="History").click()
    editor.get_by_role("link", name="Read it").nth(1).click()
    editor.get_by_role("button", name="Return to this wording").click()
    expect(editor.get_by_text("says again what version 1 said. It is published.")).to_be_visible()
    assert not mended.exists()
    assert Choice.objects.filter(version__current_of__key=ITEM, reason=old).exists()


def _imports_ten_of_which_two_are_bad(editor: Page, file: Path) -> None:
    editor.goto(QUESTIONS)
    editor.get_by_role("link", name="Import").click()
    editor.get_by_label("File to import").set_input_files(file)
    editor.get_by_role("button", name="Show what would happen").click()
    expect(editor.get_by_role("heading", name="Row 3: mine-2")).to_be_visible()
    expect(editor.get_by_role("heading", name="Row 6: mine-5")).to_be_visible()
    editor.get_by_label("Import the good rows, leave the bad ones").check()
    editor.get_by_role("button", name="Import 8 rows").click()
    expect(editor.get_by_text("ten items.csv is imported.")).to_be_visible()
    assert Question.objects.filter(key__startswith="mine-", status=Status.DRAFT).count() == 8


def _solves_blind(colleague: Page, item: Question) -> None:
    colleague.goto("/admin/")
    colleague.get_by_role("link", name="In review, waiting for you to solve blind").click()
    colleague.get_by_role("link", name=f"Blind sheet {item.pk}", exact=True).click()
    key = Choice.objects.get(version=item.current_id, is_key=True)
    assert key.version.rationale not in colleague.content()
    answer = colleague.get_by_role("group", name="Your answer")
    answer.get_by_role("radio", name=key.text).check()
    colleague.get_by_role("radio", name="High").check()
    colleague.get_by_label("The reason, in a sentence").fill("The prefix says so.")
    colleague.get_by_role("button", name="Record my answer").click()
    expect(colleague.get_by_text("You agree with the key.")).to_be_visible()


def _publishes_with_a_colleague_and_takes_it_back(editor: Page, colleague: Page) -> None:
    item = Question.objects.get(key="mine-1")
    _act(editor, item.key, "Publish")
    expect(editor.locator(".messagelist")).to_contain_text("It has not been solved blind")
    _act(editor, item.key, "Send to review")
    _solves_blind(colleague, item)
    _act(editor, item.key, "Publish")
    expect(editor.locator(".messagelist")).to_contain_text("1 item changed to published.")
    _act(editor, item.key, "Retire")
    expect(editor.locator(".messagelist")).to_contain_text("1 item changed to retired.")
    editor.goto(f"{QUESTIONS}{item.pk}/history/")
    for status in ("Draft", "In review", "Published", "Retired"):
        expect(editor.get_by_role("main").get_by_text(status).first).to_be_visible()


def test_first_day(new_visitor: NewVisitor, groups: None, tmp_path: Path) -> None:
    editor = new_visitor(_member("editor@example.org", "Publisher")).new_page()
    colleague = new_visitor(_member("colleague@example.org", "Reviewer")).new_page()
    reader = new_visitor().new_page()

    editor.goto("/admin/")
    editor.get_by_role("link", name="guide for editors", exact=True).click()
    expect(editor.get_by_role("heading", name="Guide for editors")).to_be_visible()

    _changes_a_figure_and_takes_it_back(editor, reader)
    _mends_a_reason_and_takes_it_back(editor)
    _imports_ten_of_which_two_are_bad(editor, ten_rows(tmp_path))
    _publishes_with_a_colleague_and_takes_it_back(editor, colleague)
