"""Staff at work: no complaint of the browser, an edit shows at once, an error saves nothing."""

import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from careers.models import SalaryFigure
from prepsite.accounts.models import User
from quizzes.models import BlindSolve, Question, QuestionVersion, Status
from tests.browser.conftest import NewVisitor

pytestmark = pytest.mark.browser

SHOWN_WITHIN_SECONDS = 1.5
# It names no code, so it needs no code books to stay published.
ITEM = "prefixes-02"


def _item() -> Question:
    return Question.objects.select_related("current").get(key=ITEM)


def _open_wording(page: Page) -> None:
    """Go from the list to the item and on to its wording."""
    page.goto(f"/admin/quizzes/question/?q={ITEM}")
    page.get_by_role("link", name=ITEM, exact=True).click()
    expect(page).to_have_url(re.compile(r"/question/\d+/change/"))
    page.get_by_role("link", name="Edit the wording").click()
    expect(page.get_by_label("Stem")).to_be_visible()


def _options(page: Page, *, key: bool) -> list[Locator]:
    """Return the parts of the form that hold the key, or the distractors."""
    options = page.locator(".inline-related:not(.empty-form)", has=page.locator("textarea"))
    return [
        option
        for option in options.all()
        if option.locator('input[name$="-is_key"]').is_checked() == key
    ]


def _first_history(item: Question) -> int:
    return item.topic.history.last().pk


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_browser_has_nothing_to_complain_about(page: Page, staff_page: Page) -> None:
    """The ``troubles`` fixture counts the complaints."""
    page.goto("/admin/")
    expect(page.get_by_label("Password")).to_be_visible()
    item = _item()
    figure = SalaryFigure.objects.first()
    assert figure is not None
    for path in (
        "/admin/",
        "/admin/quizzes/question/",
        f"/admin/quizzes/question/{item.pk}/change/",
        "/admin/quizzes/questionversion/",
        f"/admin/quizzes/questionversion/{item.current_id}/change/",
        "/admin/quizzes/questionversion/add/",
        "/admin/quizzes/keyruling/add/",
        "/admin/quizzes/questionreport/",
        "/admin/quizzes/decision/",
        f"/admin/quizzes/question/{item.pk}/preview/",
        f"/admin/quizzes/question/{item.pk}/history/",
        f"/admin/quizzes/question/{item.pk}/compare/",
        "/admin/quizzes/question/blind/",
        f"/admin/quizzes/topic/{item.topic_id}/history/",
        f"/admin/quizzes/topic/{item.topic_id}/history/{_first_history(item)}/",
        "/admin/careers/salaryfigure/",
        f"/admin/careers/salaryfigure/{figure.pk}/change/",
        "/admin/accounts/user/",
        "/admin/content/publicationstate/",
    ):
        response = staff_page.goto(path)
        assert response is not None
        assert response.status == 200, path


def test_new_reason_makes_a_version_and_shows_in_the_preview(staff_page: Page) -> None:
    page = staff_page
    before = _item().current
    assert before is not None
    _open_wording(page)
    place = page.locator('textarea[name$="-reason"]:not([name*="__prefix__"])')
    wrong = next(box for box in place.all() if box.input_value())
    wrong.fill("This reason was written in a browser.")
    _save(page)
    expect(page.get_by_text("Saved. The item has the wording that you see here.")).to_be_visible()

    item = _item()
    assert item.status == "published"
    assert item.current is not None
    assert item.current.number == before.number + 1
    expect(page).to_have_url(re.compile(f"/questionversion/{item.current_id}/change/"))
    assert not before.choices.filter(reason__contains="in a browser").exists()

    page.goto(f"/admin/quizzes/question/{item.pk}/change/")
    page.get_by_role("link", name="As learners see it").click()
    assert "in a browser" not in page.content()
    page.locator('input[name="choice"]').first.check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("This reason was written in a browser.")).to_be_visible()


def test_a_change_is_compared_and_undone(staff_page: Page) -> None:
    page = staff_page
    first = _item().current
    assert first is not None
    _open_wording(page)
    page.get_by_label("Rationale").fill(f"{first.rationale} Written in a browser.")
    _save(page)
    expect(page.get_by_text("Saved. The item has the wording that you see here.")).to_be_visible()

    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"History of {ITEM}")
    expect(page.get_by_role("cell", name="staff@example.org")).to_be_visible()
    page.get_by_role("link", name="What it changed").click()
    expect(page.locator("ins")).to_contain_text("Written in a browser.")
    expect(page.locator("del")).to_have_count(0)
    expect(page.get_by_text("Difficulty")).to_be_hidden()
    page.get_by_text("fields without a change").click()
    expect(page.get_by_text("Difficulty")).to_be_visible()

    page.get_by_role("link", name="Open").first.click()
    page.get_by_role("button", name="Return to this wording").click()
    expect(page.get_by_text("says again what version 1 said. It is published.")).to_be_visible()
    current = _item().current
    assert current is not None
    assert (current.number, current.rationale) == (3, first.rationale)


def test_versions_stack_on_a_phone(staff_page: Page) -> None:
    page = staff_page
    _open_wording(page)
    page.get_by_label("Rationale").fill("Written on a phone.")
    _save(page)
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"/admin/quizzes/question/{_item().pk}/compare/")
    old, new = (page.locator(".side").nth(place).bounding_box() for place in (0, 1))
    assert old
    assert new
    assert new["y"] >= old["y"] + old["height"]
    for path in ("compare", "history"):
        page.goto(f"/admin/quizzes/question/{_item().pk}/{path}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_reader_solves_blind_without_javascript(new_visitor: NewVisitor) -> None:
    Question.objects.filter(key=ITEM).update(status=Status.IN_REVIEW)
    reader = User.objects.create_superuser("reader@example.org", "x")
    page = new_visitor(reader, java_script_enabled=False).new_page()
    page.goto("/admin/quizzes/question/blind/")
    page.get_by_role("link", name=f"Blind sheet {_item().pk}", exact=True).click()
    page.get_by_role("group", name="Your answer").get_by_role("radio").first.check()
    page.get_by_role("radio", name="High").check()
    page.get_by_label("The reason, in a sentence").fill("Only one of them fits.")
    page.get_by_role("button", name="Record my answer").click()
    expect(page.get_by_text("agree with the key.")).to_be_visible()
    assert BlindSolve.objects.get(by=reader).reason == "Only one of them fits."


def test_two_keys_are_refused(staff_page: Page) -> None:
    page = staff_page
    versions = QuestionVersion.objects.count()
    _open_wording(page)
    keys = page.locator('input[name$="-is_key"]:not([name*="__prefix__"])')
    expect(keys).to_have_count(4)
    next(box for box in keys.all() if not box.is_checked()).check()
    _save(page)
    expect(page.get_by_text("An item has exactly one key; 2 are marked.")).to_be_visible()
    assert QuestionVersion.objects.count() == versions


def test_key_of_a_draft_can_be_moved(staff_page: Page) -> None:
    page = staff_page
    Question.objects.filter(key=ITEM).update(status=Status.DRAFT)
    _open_wording(page)
    old, new = _options(page, key=True)[0], _options(page, key=False)[0]
    for option, tag, reason in ((old, "moved", "No longer the key."), (new, "", "")):
        option.locator('input[name$="-is_key"]').click()
        option.locator('input[name$="-error_tag"]').fill(tag)
        option.locator('textarea[name$="-reason"]').fill(reason)
    letter = new.locator('input[name$="-letter"]').input_value()
    _save(page)
    expect(page.get_by_text("Saved. The item has the wording that you see here.")).to_be_visible()
    current = _item().current
    assert current is not None
    assert current.number == 2
    assert current.choices.get(is_key=True).letter == letter


def test_agreement_with_the_old_key_publishes_no_moved_one(staff_page: Page) -> None:
    page = staff_page
    test_key_of_a_draft_can_be_moved(page)
    page.goto(f"/admin/quizzes/question/{_item().pk}/change/")
    page.get_by_label("Status").select_option("published")
    _save(page)
    expect(page.get_by_text("It has not been solved blind")).to_be_visible()
    assert _item().status == Status.DRAFT


def test_edited_figure_is_public_within_a_second(staff_page: Page, new_visitor: NewVisitor) -> None:
    page = staff_page
    figure = SalaryFigure.objects.filter(high=None, in_overview=True).first()
    assert figure is not None
    reader = new_visitor().new_page()
    reader.goto("/careers/")
    expect(reader.get_by_text("123,457")).to_have_count(0)
    page.goto(f"/admin/careers/salaryfigure/{figure.pk}/change/")
    page.get_by_label("Amount or lower end").fill("123457")
    _save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    deadline = time.monotonic() + SHOWN_WITHIN_SECONDS
    while reader.get_by_text("123,457").count() == 0:
        assert time.monotonic() < deadline, "the old figure is still public"
        reader.reload()
