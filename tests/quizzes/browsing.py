"""What a browser does in a practice session, and what it costs."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prepsite.content import pagecache, revision
from quizzes import pool, rendering, shares
from quizzes.models import Attempt, Choice

NEW = "/practice/new/"
HTMX = {"HX-Request": "true"}
_CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)", re.IGNORECASE)


def html_of(response: Any) -> str:
    """Return a response's text as it stands."""
    return str(response.content.decode())


def token_in(response: Any) -> str:
    """Return the start token that the first question's form carries."""
    match = re.search(r'name="start" value="([^"]+)"', html_of(response))
    assert match, "the page carries no start token"
    return unescape(match[1])


def choices_in(response: Any) -> list[int]:
    """Return the ids of the choices that a page offers, in its order."""
    return [int(pk) for pk in re.findall(r'name="choice" value="(\d+)"', html_of(response))]


def pick_in(response: Any, *, right: bool = True) -> int:
    """Return one of the choices that a page offers: the key, or the first that is none."""
    return Choice.objects.filter(pk__in=choices_in(response), is_key=right).order_by("pk")[0].pk


def first_post(response: Any, *, right: bool = True) -> dict[str, Any]:
    """Return the fields that a browser posts from the first question's page."""
    return {"start": token_in(response), "choice": pick_in(response, right=right)}


def start_session(client: Client, *, right: bool = True, **query: Any) -> Attempt:
    """Start a session by answering its first question; return it."""
    response = client.get(NEW, query)
    assert response.status_code == 200, html_of(response)
    posted = client.post(NEW, first_post(response, right=right))
    assert posted.status_code == 302, html_of(posted)
    return Attempt.objects.latest("pk")


def slot_url(attempt: Attempt, number: int) -> str:
    """Return the address of a slot."""
    return f"/practice/{attempt.pk}/{number}/"


def answer_open_slot(client: Client, attempt: Attempt, *, right: bool = True) -> Any:
    """Answer the slot that the session goes on with, as a plain form does."""
    page = client.get(f"/practice/{attempt.pk}/", follow=True)
    url = page.redirect_chain[-1][0]
    return client.post(url, {"choice": pick_in(page, right=right)})


def go_through(client: Client, attempt: Attempt, *, right: bool = True) -> None:
    """Answer all slots that are still open."""
    while attempt.answers.filter(answered_at=None).exists():
        answer_open_slot(client, attempt, right=right)


def forget_all() -> None:
    """Drop what this process keeps, as when another process serves the next request."""
    revision.forget()
    pagecache.pages.clear()
    pool.forget()
    rendering.forget()
    shares.forget()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo at the end whatever the block writes: one example of a property test."""
    with transaction.atomic():
        forget_all()
        yield
        transaction.set_rollback(True)
    forget_all()


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the SQL of a block, transaction control aside.

    The shared read of the publication state, once a second in each process, is always
    among them: a count is what a request costs at most in a warm process.
    """
    monkeypatch.setattr(revision, "MAX_AGE_SECONDS", 60.0)
    revision.forget()
    found: list[str] = []
    with CaptureQueriesContext(connection) as context:
        yield found
    found += [q["sql"] for q in context.captured_queries if not _CONTROL.match(q["sql"])]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in threads that start together; return results or exceptions, in order."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        try:
            barrier.wait()
            results[place] = calls[place]()
        except Exception as error:  # noqa: BLE001  (the test judges it)
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
