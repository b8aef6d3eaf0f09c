"""From a learner's doubt to the corrected score, in browsers; and the time that answers take."""

import pytest
from playwright.sync_api import Page, expect

from quizzes import itemstats, stats
from quizzes.models import Answer, Choice, Decision, Notice, SeenQuestion, VersionStat
from tests.browser.conftest import NewVisitor
from tests.browser.walking import NEW, answered, check, finish, go_on, link, pick, start
from tests.factories import at

pytestmark = pytest.mark.browser
WORDS = "The guideline changed in October: the other choice is right."


def _picks_a_wrong_one(page: Page) -> Choice:
    """Choose an answer that is not the key, by its id."""
    for place in range(4):
        choice = Choice.objects.get(pk=pick(page, place))
        if not choice.is_key:
            return choice
    raise AssertionError("every choice is the key")


def _reports(page: Page) -> None:
    link(page, "Report this question").click()
    page.get_by_label("The answer marked right is wrong").check()
    page.get_by_label("In your words").fill("<b>I am Ann</b> and it is not.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you. You reported:")).to_be_visible()
    expect(page.get_by_text("Once it is decided you get a notice")).to_be_visible()
    link(page, "Back to the question").click()


def _decides(page: Page, choice: Choice) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Reports from learners").click()
    page.locator("#result_list tbody th a").click()
    expect(page.get_by_text("<b>I am Ann</b> and it is not.")).to_be_visible()
    page.get_by_label("Key corrected").check()
    page.get_by_label("In your words").fill(WORDS)
    page.get_by_label(str(choice)).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def _derived() -> tuple[list, list]:
    seen = SeenQuestion.objects.order_by("learner", "question").values_list(
        "learner", "question", "times_answered", "times_correct", "last_correct"
    )
    return list(seen), list(VersionStat.objects.order_by("version").values())


def test_a_doubt_is_heard_and_the_score_mended(
    plain_page: Page, staff_page: Page, new_visitor: NewVisitor
) -> None:
    learner = plain_page
    start(learner)
    choice = _picks_a_wrong_one(learner)
    check(learner)
    _reports(learner)
    go_on(learner)
    finish(learner)
    summary = learner.url
    before = Answer.objects.filter(correct=True).count()
    expect(learner.locator(".score")).to_have_text(f"{before} of 5")
    itemstats.roll_up(at("2098-01-01 00:00"))

    _decides(staff_page, choice)
    assert answered()[0].correct
    assert Answer.objects.filter(correct=True).count() == before + 1

    learner.goto(summary)
    expect(learner.locator(".score")).to_have_text(f"{before + 1} of 5")
    expect(learner.get_by_text("a ruling changed the result of 1 question")).to_be_visible()

    learner.goto("/progress/")
    expect(learner.get_by_text("The key of a question was corrected.")).to_be_visible()
    expect(learner.get_by_text("counts as correct now")).to_be_visible()
    learner.get_by_role("button", name="Put away").click()
    expect(learner.get_by_text("The key of a question was corrected.")).to_have_count(0)
    learner.goto("/practice/")
    expect(learner.get_by_text("The key of a question was corrected.")).to_have_count(0)
    assert Notice.objects.get().seen_at

    visitor = new_visitor().new_page()
    visitor.goto("/")
    visitor.get_by_role("contentinfo").get_by_role("link", name="Errata").click()
    entry = visitor.get_by_role("article").filter(has_text=WORDS)
    expect(entry).to_contain_text("Key corrected")
    expect(entry).to_contain_text(f"Item {Decision.objects.get().version.question.key}")
    expect(entry).to_contain_text("Counts as right now")
    assert "Ann" not in visitor.content()

    derived = _derived()
    assert sum(row["first_tries"] for row in derived[1]) == 5
    stats.rebuild()
    assert _derived() == derived


def test_an_answer_brings_its_time_along(page: Page) -> None:
    start(page, NEW)
    for _ in range(2):
        page.wait_for_timeout(1_100)
        pick(page)
        check(page)
        go_on(page)
    times = list(answered().values_list("millis", flat=True))
    assert len(times) == 2
    assert all(1_000 <= millis < 10_000 for millis in times), times
