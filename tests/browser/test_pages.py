"""Every page, light and dark: no barrier, no sideways scrolling, no complaint of the browser.

Complaints (console errors and warnings, page errors, CSP violations) are counted for all
browser tests by the ``troubles`` fixture.
"""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from careers.models import Source, StatePay
from quizzes import rulings, shares
from quizzes.models import VersionStat
from tests.browser.conftest import Troubles
from tests.browser.sitting import begin, on, sit
from tests.browser.walking import (
    CHECK,
    answer,
    answered,
    finish,
    pick,
    sign_in,
    sign_up,
    start,
)

# What a page looks like does not depend on the database that its words come from.
pytestmark = [pytest.mark.browser, pytest.mark.once]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# All rules of axe run: WCAG 2.2 A and AA, best practices, level AAA, and those that are
# experimental or switched off by default. Left out is only:
LEFT_OUT = [
    # Level AAA, 7:1. The site promises AA; its lowest text contrast here is 6:1.
    "color-contrast-enhanced",
]
RUN_AXE = """
([tags, leftOut]) => {
  const rules = {};
  for (const { ruleId } of axe.getRules()) rules[ruleId] = { enabled: false };
  for (const { ruleId } of axe.getRules(tags)) rules[ruleId].enabled = !leftOut.includes(ruleId);
  return axe.run(document, { rules, resultTypes: ["violations"] }).then((results) =>
    results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`)));
}
"""
# 320 px is the narrowest page of WCAG 1.4.10; 640 px is 1280 px at a zoom of 200%.
WIDTHS = (320, 640)
SCROLL_WIDTH = "document.documentElement.scrollWidth"


def _goto(path: str) -> Callable[[Page], Any]:
    return lambda page: page.goto(path)


def _question_with_case(page: Page) -> None:
    start(page, "/practice/new/?scope=area.cases&count=5")
    expect(page.locator(".case-note")).to_be_visible()


def _feedback(page: Page) -> None:
    start(page)
    answer(page)


def _practice_with_open_session(page: Page) -> None:
    _feedback(page)
    page.goto("/practice/")


def _unanswered_form(page: Page) -> None:
    start(page)
    page.locator("form[data-answer]").evaluate("form => { form.noValidate = true; }")
    page.locator(CHECK).click()
    expect(page.get_by_role("alert").first).to_have_text("Choose an answer, then check it.")


def _lost_connection(page: Page) -> None:
    start(page)
    pick(page)
    page.context.set_offline(True)
    page.locator(CHECK).click()
    expect(page.locator("[data-net-error]")).to_be_visible()
    page.context.set_offline(False)


def _summary(page: Page) -> None:
    start(page)
    finish(page)
    for row in page.locator("details summary").all():
        row.click()


def _progress(page: Page) -> None:
    _feedback(page)
    page.goto("/progress/")


def _errata(page: Page) -> None:
    _notices(page)
    page.goto("/errata/")
    expect(page.get_by_role("article")).to_have_count(1)


def _notices(page: Page) -> None:
    """Rule against whatever was picked, so that its score changes either way."""
    _feedback(page)
    given = answered().get()
    letters = set("ABCD") - {given.picked.letter} if given.correct else {given.picked.letter}
    rulings.rule(given.version, accepted=letters, reason="The rule says otherwise.")
    page.goto("/practice/")
    expect(page.get_by_role("button", name="Put away")).to_be_visible()


def _shares(page: Page) -> None:
    VersionStat.objects.update(first_tries=40, picked_a=24, picked_b=10, picked_c=6, picked_d=0)
    shares.forget()
    _feedback(page)
    expect(page.get_by_text("60% chose this")).to_be_visible()


def _mock_question(page: Page) -> None:
    sit(page)
    page.go_back()
    on(page, 2)
    page.get_by_role("button", name="Previous").click()
    on(page, 1)
    expect(page.get_by_label("Flag this question")).to_be_checked()


def _mock_start_with_mocks(page: Page) -> None:
    _mock_report(page)
    begin(page)
    page.goto("/exam/")
    expect(page.get_by_role("link", name="Go on with it")).to_be_visible()


def _mock_report(page: Page) -> None:
    sit(page)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.get_by_role("heading", name="By area")).to_be_visible()
    for row in page.locator("details.item-row summary").all():
        row.click()


def _account(page: Page) -> None:
    sign_up(page)
    page.goto("/accounts/")


def _answers_added(page: Page) -> None:
    sign_up(page)
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    _feedback(page)
    sign_in(page)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def _account_with_answers_added(page: Page) -> None:
    _answers_added(page)
    page.goto("/accounts/")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def _own_data(page: Page) -> None:
    _feedback(page)
    page.goto("/accounts/export/")
    expect(page.get_by_role("heading", name="Forget this browser")).to_be_visible()


def _deletion(page: Page) -> None:
    sign_up(page)
    page.goto("/accounts/delete/")
    page.get_by_label("Your e-mail address").fill("bob@example.org")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("This is not the address")).to_be_visible()


def _refused_sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def _stale_token(page: Page) -> None:
    start(page)
    pick(page)
    page.context.clear_cookies(name="csrftoken")
    page.locator(CHECK).click()
    expect(page.get_by_role("heading", name="Please send that again")).to_be_focused()


def _states_sorted(page: Page) -> None:
    page.goto("/careers/states/?state=texas")
    page.get_by_role("link", name="Area", exact=True).click()
    page.get_by_label("Find a state").fill("new")
    expect(page.get_by_role("status")).to_have_text("4 of 54 areas, A to Z")
    expect(page.get_by_role("checkbox", name="Texas")).to_be_checked()


def _changes(page: Page) -> None:
    """Change, add and remove a figure, with a long source and a note."""
    row = StatePay.objects.select_related("source").get(slug="california")
    row.low, row.high, row.quoted_in = 62_999, 70_000, Source.objects.exclude(pk=row.source_id)[0]
    row._change_note = "The guide had a misprint, which a reader of this page found."  # type: ignore[attr-defined]
    row.save()
    row.delete()
    page.goto("/careers/changes/")
    expect(page.locator("[id^=change-]")).to_have_count(2)


PAGES: dict[str, Callable[[Page], Any]] = {
    "home": _goto("/"),
    "careers": _goto("/careers/"),
    "states": _goto("/careers/states/"),
    "states, sorted and filtered": _states_sorted,
    "states, none found": _goto("/careers/states/?q=atlantis"),
    "states, wrong order": _goto("/careers/states/?sort=x"),
    "state": _goto("/careers/states/district-of-columbia/"),
    "state, nothing released": _goto("/careers/states/virgin-islands/"),
    "comparison, none yet": _goto("/careers/states/compare/"),
    "comparison": _goto(
        "/careers/states/compare/?state=district-of-columbia&state=new-hampshire"
        "&state=massachusetts&state=virgin-islands"
    ),
    "comparison, unknown state": _goto("/careers/states/compare/?state=ohio&state=mars"),
    "estimator": _goto("/careers/estimate/"),
    "estimator, everything chosen": _goto(
        "/careers/estimate/?state=ohio&certification=cpc&specialty=risk-adjustment"
        "&experience=senior&work=remote"
    ),
    "estimator, unusual pairs": _goto(
        "/careers/estimate/?certification=none&specialty=auditing&experience=senior"
    ),
    "estimator, no wages": _goto("/careers/estimate/?state=virgin-islands"),
    "estimator, refused": _goto("/careers/estimate/?state=atlantis"),
    "changes": _changes,
    "changes, none yet": _goto("/careers/changes/"),
    "practice": _practice_with_open_session,
    "question": start,
    "question with a case note": _question_with_case,
    "unanswered form": _unanswered_form,
    "lost connection": _lost_connection,
    "stale token": _stale_token,
    "feedback": _feedback,
    "summary": _summary,
    "progress": _progress,
    "progress, nothing yet": _goto("/progress/"),
    "sign in": _goto("/accounts/login/"),
    "sign in, refused": _refused_sign_in,
    "sign up": _goto("/accounts/signup/"),
    "password reset": _goto("/accounts/password/reset/"),
    "mock, start": _goto("/exam/"),
    "mock, start with mocks": _mock_start_with_mocks,
    "mock, question": _mock_question,
    "mock, review": sit,
    "mock, report": _mock_report,
    "account": _account,
    "answers added at sign-in": _answers_added,
    "account with answers added": _account_with_answers_added,
    "own data": _own_data,
    "deletion, refused": _deletion,
    "account deleted": _goto("/accounts/deleted/"),
    "about": _goto("/about/"),
    "how questions are made": _goto("/about/items/"),
    "privacy": _goto("/privacy/"),
    "errata": _errata,
    "notices": _notices,
    "feedback with shares": _shares,
    "not found": _goto("/no-such-page/"),
}
# What Chromium logs for a response or a request that the page above provokes.
PROVOKED = {
    "unanswered form": "status of 422|Response Status Error Code 422",
    "lost connection": "ERR_INTERNET_DISCONNECTED|error: htmx:",
    "deletion, refused": "status of 422",
    "stale token": "status of 403|Response Status Error Code 403",
    "not found": "status of 404",
    "estimator, refused": "status of 400",
    "states, wrong order": "status of 400",
    "comparison, unknown state": "status of 400",
}


def _assert_no_barriers(page: Page) -> None:
    # A script tag would be blocked by the site's policy, which is to stay on.
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE, [None, LEFT_OUT]) == []
    # The schemes differ in colours only.
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(RUN_AXE, [["cat.color"], LEFT_OUT]) == []


def _assert_fits(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SCROLL_WIDTH) <= width


@pytest.mark.parametrize("name", PAGES)
def test_page(page: Page, troubles: Troubles, name: str) -> None:
    if name in PROVOKED:
        troubles.expect(PROVOKED[name])
    PAGES[name](page)
    _assert_no_barriers(page)
    _assert_fits(page)


def test_styleguide(staff_page: Page) -> None:
    staff_page.goto("/styleguide/")
    _assert_no_barriers(staff_page)
    _assert_fits(staff_page)


def test_preview(staff_page: Page) -> None:
    row = StatePay.objects.get(slug="california")
    staff_page.goto(f"/admin/careers/statepay/{row.pk}/change/")
    with staff_page.expect_popup() as opened:
        staff_page.get_by_role("button", name="Preview").click()
    _assert_no_barriers(opened.value)
    _assert_fits(opened.value)
