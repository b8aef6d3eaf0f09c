"""Decisions on reports: made once, told to those concerned, shown to everybody."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.content import pagecache
from quizzes import errata, reports
from quizzes.errata import Verdict
from quizzes.items import save_item, spec_of
from quizzes.models import (
    Decision,
    KeyRuling,
    Question,
    QuestionReport,
    QuestionVersion,
)
from quizzes.models.reviews import AppendOnlyError
from tests.factories import (
    make_learner,
    make_question,
    make_topic,
    make_user,
    set_cpt_switch,
)
from tests.quizzes.browsing import at_once, html_of
from tests.quizzes.deciding import NO_CHANGE, NOW_C, answered, decide, reported
from tests.quizzes.staffing import make_member, signed_in

pytestmark = pytest.mark.django_db


def change_url(report: QuestionReport) -> str:
    return f"/admin/quizzes/questionreport/{report.pk}/change/"


def reword(question: Question) -> QuestionVersion:
    spec = spec_of(question).model_copy(update={"rationale": "Better put."})
    version = save_item(spec, question.topic).question.current
    assert version
    return version


# --- Deciding -------------------------------------------------------------------------


def test_one_decision_settles_all_open_reports_on_the_version() -> None:
    question = make_question()
    first, second = reported(question), reported(question)
    other = reported(make_question())
    decision = decide(first, NO_CHANGE)
    assert set(decision.reports.all()) == {first, second}
    other.refresh_from_db()
    assert other.decision is None


def test_a_report_can_be_decided_alone() -> None:
    question = make_question()
    first, second = reported(question), reported(question)
    decision = decide(first, NO_CHANGE, with_others=False)
    assert list(decision.reports.all()) == [first]
    assert list(errata.open_reports(question.current_id or 0)) == [second]


def test_a_decided_report_is_not_decided_again() -> None:
    report = reported(make_question())
    decide(report, NO_CHANGE)
    with pytest.raises(errata.AlreadyDecided):
        decide(report, NOW_C)
    assert not KeyRuling.objects.exists()


def test_a_decision_never_changes() -> None:
    decision = decide(reported(make_question()), NO_CHANGE)
    decision.words = "Something else."
    with pytest.raises(AppendOnlyError):
        decision.save()
    with pytest.raises(AppendOnlyError):
        decision.delete()


def test_a_rewording_names_a_later_version_of_the_same_item() -> None:
    question = make_question()
    report = reported(question)
    foreign = make_question().current
    old = report.answer.version
    for wrong in (None, foreign, old):
        with pytest.raises(ValueError, match="version that mends it"):
            decide(report, Verdict(Decision.Kind.REWORDED, "Mended.", new_version=wrong))
    new = reword(question)
    decision = decide(report, Verdict(Decision.Kind.REWORDED, "Mended.", new_version=new))
    assert (decision.version, decision.new_version) == (old, new)


def test_a_change_is_always_listed() -> None:
    question = make_question()
    report = reported(question)
    verdict = Verdict(
        Decision.Kind.REWORDED, "Mended.", new_version=reword(question), is_listed=False
    )
    assert decide(report, verdict).is_listed
    assert not decide(
        reported(make_question()), Verdict(Decision.Kind.NO_CHANGE, "Spam.", is_listed=False)
    ).is_listed


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does() -> None:
    report = reported(make_question())
    results = at_once(*(lambda: decide(report, NOW_C) for _ in range(3)))
    kinds = [type(result) for result in results]
    assert kinds.count(Decision) == 1
    assert kinds.count(errata.AlreadyDecided) == 2
    assert KeyRuling.objects.count() == 1


# --- Staff in the admin ---------------------------------------------------------------


def test_a_reviewer_decides_and_does_not_rule() -> None:
    question = make_question()
    report = reported(question, note="<script>alert(1)</script>")
    reviewer = signed_in(make_member("Reviewer"))
    page = html_of(reviewer.get(change_url(report)))
    assert "<script>alert" not in page
    assert 'value="no_change"' in page
    assert 'value="key_ruling"' not in page
    forged = {"kind": "key_ruling", "words": "Mine.", "credit_all": "on"}
    assert reviewer.post(change_url(report), forged).status_code == 200
    assert not KeyRuling.objects.exists()
    fields = {"kind": "no_change", "words": "See section 2.", "is_listed": "on"}
    assert reviewer.post(change_url(report), fields).status_code == 302
    decision = Decision.objects.get()
    assert (decision.kind, decision.words) == ("no_change", "See section 2.")
    assert decision.by
    assert "See section 2." in html_of(reviewer.get(change_url(report)))
    history = html_of(reviewer.get(f"/admin/quizzes/question/{question.pk}/history/"))
    assert "Decision on reports about version 1: no change" in history
    assert reviewer.get("/admin/quizzes/decision/").status_code == 200


def test_a_publisher_rules_from_the_report() -> None:
    question = make_question()
    report, other = reported(question, "C"), reported(question, "A")
    publisher = signed_in(make_member("Publisher"))
    wrong = {"kind": "key_ruling", "words": "C it is.", "is_listed": "on"}
    assert "Name the accepted letters" in html_of(publisher.post(change_url(report), wrong))
    fields = wrong | {"accepted": ["C"], "with_others": "on"}
    assert publisher.post(change_url(report), fields).status_code == 302
    ruling = KeyRuling.objects.get()
    assert (ruling.accepted, ruling.reason) == ("C", "C it is.")
    assert Decision.objects.get().ruling == ruling
    assert not QuestionReport.objects.filter(decision=None).exists()
    report.answer.refresh_from_db()
    assert report.answer.correct
    assert other.answer.correct is False


def test_a_rewording_asks_for_the_version() -> None:
    question = make_question()
    report = reported(question)
    client = signed_in(make_member("Writer"))
    fields = {"kind": "reworded", "words": "The stem names the side.", "is_listed": "on"}
    assert "first make one" in html_of(client.post(change_url(report), fields))
    new = reword(question)
    fields["new_version"] = str(new.pk)
    assert client.post(change_url(report), fields).status_code == 302
    assert Decision.objects.get().new_version == new


def test_who_may_not_review_only_reads() -> None:
    report = reported(make_question())
    user = make_user(is_staff=True)
    client = signed_in(user)
    assert client.get(change_url(report)).status_code == 403
    assert client.post(change_url(report), {"kind": "no_change", "words": "x"}).status_code == 403


def test_a_ruling_without_a_report_is_public_too() -> None:
    question = make_question()
    publisher = signed_in(make_member("Publisher"))
    fields = {"version": question.current_id, "accepted": ["C"], "reason": "C is right."}
    assert publisher.post("/admin/quizzes/keyruling/add/", fields).status_code == 302
    assert "C is right." in html_of(Client().get("/errata/"))


# --- The public page ------------------------------------------------------------------


def test_the_page_shows_staffs_words_and_never_the_learners() -> None:
    question = make_question(stem="Which of these bones is the longest one in a grown human body?")
    report = reported(question, note="I am Ann, ann@example.org")
    member = make_member("Publisher")
    decide(report, Verdict(Decision.Kind.NO_CHANGE, "See <b>plate</b> 2."), by=member)
    page = html_of(Client().get("/errata/"))
    assert "See &lt;b&gt;plate&lt;/b&gt; 2." in page
    assert question.key in page
    assert "No change" in page
    assert "November 1, 2026" in page
    for secret in ("Ann", "ann@example.org", member.email, "Which of these bones"):
        assert secret not in page


def test_a_live_items_key_is_told_only_where_it_was_corrected() -> None:
    quiet, loud = make_question(), make_question(stem="One two three four five six seven " * 3)
    decide(reported(quiet), NO_CHANGE)
    decide(reported(loud), NOW_C)
    page = html_of(Client().get("/errata/"))
    assert loud.current
    for choice in loud.current.choices.all():
        assert (choice.text in page) == (choice.letter == "C")
    assert "One two three four five six seven One two three four five …" in page
    assert quiet.current
    for text in [quiet.current.stem, *(choice.text for choice in quiet.current.choices.all())]:
        assert text not in page


def test_credit_for_all_is_told() -> None:
    decide(
        reported(make_question()), Verdict(Decision.Kind.KEY_RULING, "Two keys.", credit_all=True)
    )
    assert "every answer" in html_of(Client().get("/errata/"))


def test_what_is_not_listed_stays_away() -> None:
    decide(reported(make_question()), Verdict(Decision.Kind.NO_CHANGE, "Spam.", is_listed=False))
    assert "Spam." not in html_of(Client().get("/errata/"))


def test_an_area_has_its_own_page() -> None:
    here, there = make_topic("t1", "area-1"), make_topic("t2", "area-2")
    decide(reported(make_question(here)), Verdict(Decision.Kind.NO_CHANGE, "Here."))
    decide(reported(make_question(there)), Verdict(Decision.Kind.NO_CHANGE, "There."))
    make_topic("t3", "area-3")
    page = html_of(Client().get("/errata/area-1/"))
    assert "Here." in page
    assert "There." not in page
    assert 'href="/errata/area-2/"' in page
    assert 'href="/errata/area-3/"' not in page
    assert Client().get("/errata/area-3/").status_code == 200
    assert Client().get("/errata/no-area/").status_code == 404


def test_pages_follow_each_other_the_latest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errata, "PER_PAGE", 2)
    for words in ("first", "second", "third"):
        decide(
            reported(make_question()),
            Verdict(Decision.Kind.NO_CHANGE, f"The {words} one."),
            now=timezone.now(),
        )
    first, second = (html_of(Client().get(url)) for url in ("/errata/", "/errata/2/"))
    assert first.index("The third one.") < first.index("The second one.")
    assert "The first one." not in first
    assert 'href="/errata/2/"' in first
    assert "The first one." in second
    assert 'href="/errata/"' in second
    for wrong in ("/errata/3/", "/errata/0/", f"/errata/{'9' * 30}/"):
        assert Client().get(wrong).status_code == 404


def test_withdrawn_items_are_not_told_about() -> None:
    decide(reported(make_question(cpt_content="yes")), NO_CHANGE)
    assert NO_CHANGE.words in html_of(Client().get("/errata/"))
    set_cpt_switch(show=False)
    page = html_of(Client().get("/errata/"))
    assert NO_CHANGE.words not in page
    assert 'aria-label="Areas"' not in page


def test_a_decision_shows_at_once_on_the_kept_page() -> None:
    report = reported(make_question())
    assert NO_CHANGE.words not in html_of(Client().get("/errata/"))
    assert [key[1] for key in pagecache.pages._pages] == ["/errata/"]
    decide(report, NO_CHANGE)
    assert NO_CHANGE.words in html_of(Client().get("/errata/"))


def test_the_page_costs_the_same_with_many_entries(django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        decide(reported(make_question()), NOW_C)
    # State, count, entries, four for what the items say, areas.
    with django_assert_max_num_queries(8):
        pagecache.pages.clear()
        Client().get("/errata/?")


def test_a_flood_of_reports_is_stopped(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    learner = make_learner(user=user)
    questions = [make_question() for _ in range(reports.PER_DAY + 1)]
    answers = [answered(question, "A", learner) for question in questions]
    codes = [
        client.post(
            f"/practice/{answer.attempt_id}/1/report/", {"reason": "typo", "note": "<b>" * 300}
        ).status_code
        for answer in answers
    ]
    assert codes == [302] * reports.PER_DAY + [429]
    assert QuestionReport.objects.count() == reports.PER_DAY
