"""The switch that withdraws what names CPT codes, tried on every page that can be reached."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.codes.systems import CodeSystem, codes_in
from quizzes.models import Attempt, Question
from tests.factories import give_answer, make_attempt, make_question, make_topic, set_cpt_switch
from tests.quizzes.browsing import HTMX, html_of, start_session
from tests.site.pages import OPEN, PUBLIC, argument_free_urls

pytestmark = pytest.mark.django_db
MARK = "the-withdrawn-question"
# Items of tests are right up to 2099, and CPT 2099 will be copyright 2098.
NOTICE = "CPT © 2098 American Medical Association. All rights reserved."
# Pages that end a session or a learner would end the walk.
LEAVES = re.compile(r"/(logout|delete|forget)/")


def make_cpt_question() -> Question:
    """Save an item whose every text names a CPT code, in a topic of its own."""
    options = {
        letter: {
            "text": f"99213 {MARK} {letter}",
            "codes": ["99213"],
            "error": f"error_{letter.lower()}",
            "reason": f"99213 {MARK} reason",
        }
        for letter in "ACD"
    }
    options["B"] = {"text": f"99214 {MARK} B", "codes": ["99214"]}
    return make_question(
        make_topic(slug="cpt-topic", area="cpt-area"),
        cpt_content="yes",
        stem=f"Is it 99213, asks {MARK}?",
        options={letter: options[letter] for letter in "ABCD"},
        rationale=f"It is 99214, says {MARK}.",
    )


def sessions_of(client: Client, cpt: Question, plain: list[Question]) -> list[Attempt]:
    """Give a browser sessions in which the CPT item is answered, open, and first of all."""
    learner = start_session(client, scope="topic.a-topic").learner
    assert learner
    now = timezone.now()
    orders = [[cpt, plain[0]], [plain[0], cpt, plain[1]], [cpt]]
    attempts = [make_attempt(learner, order, now) for order in orders]
    give_answer(attempts[0], 1, now, right=False)
    give_answer(attempts[0], 2, now)
    give_answer(attempts[1], 1, now)
    return attempts


def walk(client: Client, starts: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield every page that links lead to, each once, with its address."""
    seen, waiting = set(starts), list(starts)
    while waiting:
        url = waiting.pop()
        response = client.get(url, follow=True)
        if response["Content-Type"].partition(";")[0] != "text/html":
            continue
        yield url, response
        links = re.findall(r'(?:href|hx-get|action)="(/[^"]*)"', html_of(response))
        for link in (unescape(link).partition("#")[0] for link in links):
            if link not in seen and not LEAVES.search(link) and "/static/" not in link:
                seen.add(link)
                waiting.append(link)


def reveals(response: Any) -> bool:
    """Tell whether a page says anything of the CPT item, or names any CPT code."""
    html = re.sub(r"<[^>]+>", " ", html_of(response))
    return MARK in html or any(system is CodeSystem.CPT for _, system in codes_in(html))


@pytest.mark.parametrize("show", [True, False])
def test_the_switch_reaches_every_page_of_visitors_and_learners(show):
    cpt, plain = make_cpt_question(), [make_question() for _ in range(3)]
    browser = Client()
    attempts = sessions_of(browser, cpt, plain)
    starts = [*PUBLIC, *OPEN, *argument_free_urls()]
    for attempt in attempts:
        for number in range(1, attempt.answers.count() + 1):
            starts += [f"/practice/{attempt.pk}/{number}/"]
            starts += [f"/practice/{attempt.pk}/{number}/report/"]
        starts += [f"/practice/{attempt.pk}/", f"/practice/{attempt.pk}/summary/"]
        starts += [f"/practice/new/?again={attempt.pk}"]
    starts += ["/practice/new/?scope=topic.cpt-topic&count=5", "/practice/new/?scope=area.cpt-area"]
    starts = [url for url in dict.fromkeys(starts) if not LEAVES.search(url)]
    set_cpt_switch(show=show)
    revealing = {url for url, page in walk(browser, starts) if reveals(page)}
    revealing |= {f"visitor {url}" for url, page in walk(Client(), starts) if reveals(page)}
    for attempt in attempts:
        page = browser.get(f"/practice/{attempt.pk}/2/", headers=HTMX)
        revealing |= {f"htmx {attempt.pk}"} if reveals(page) else set()
    if show:
        answered, unfinished = attempts[:2]
        assert f"/practice/{answered.pk}/1/" in revealing
        assert f"/practice/{answered.pk}/summary/" in revealing
        assert f"/practice/{answered.pk}/1/report/" in revealing
        assert f"/practice/{unfinished.pk}/2/" in revealing
        assert "visitor /practice/new/?scope=topic.cpt-topic&count=5" in revealing
    else:
        assert revealing == set()


def test_counts_leave_out_what_was_withdrawn():
    cpt, plain = make_cpt_question(), [make_question() for _ in range(3)]
    browser = Client()
    attempts = sessions_of(browser, cpt, plain)
    assert f"/practice/{attempts[2].pk}/" in html_of(browser.get("/practice/"))
    with_it = html_of(browser.get("/progress/"))
    assert "1 of 2 correct" in with_it
    assert "<dd>4</dd>" in with_it
    set_cpt_switch(show=False)
    without = html_of(browser.get("/progress/"))
    assert "1 of 2 correct" not in without
    assert without.count("1 of 1 correct") >= 1
    assert "<dd>3</dd>" in without
    choose = html_of(browser.get("/practice/"))
    assert "cpt-topic" not in choose
    assert "1 of 2 answered, 1 correct" in choose
    assert f"/practice/{attempts[2].pk}/" not in choose


@pytest.mark.parametrize("place", ["question", "feedback", "summary", "report"])
def test_pages_with_cpt_codes_say_whose_they_are(place):
    cpt, plain = make_cpt_question(), [make_question() for _ in range(3)]
    browser = Client()
    answered, unfinished, _ = sessions_of(browser, cpt, plain)
    with_codes, without = {
        "question": (f"/practice/{unfinished.pk}/2/", "/practice/new/?scope=topic.a-topic"),
        "feedback": (f"/practice/{answered.pk}/1/", f"/practice/{answered.pk}/2/"),
        "summary": (
            f"/practice/{answered.pk}/summary/",
            f"/practice/{unfinished.pk}/summary/",
        ),
        "report": (
            f"/practice/{answered.pk}/1/report/",
            f"/practice/{answered.pk}/2/report/",
        ),
    }[place]
    assert NOTICE in html_of(browser.get(with_codes))
    assert NOTICE not in html_of(browser.get(without))
    if place in {"question", "feedback"}:
        assert NOTICE in html_of(browser.get(with_codes, headers=HTMX))
