"""What learners do in a mock exam: start it, save a choice, read its report."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from prepsite.bench.client import Script
from prepsite.bench.learner import FOUND, Learner, Tally, cookie

SAVED = b">Saved</p>"
REPORT = b'id="question-1"'


@dataclass(frozen=True)
class Sitter(Learner):
    """A browser's cookies and a mock, open or submitted, with the choices of its questions."""

    def url(self, number: int) -> str:
        """Return the address of a question, counted from 1."""
        return f"/exam/{self.attempt}/{number}/"


def post_form(port: int, learner: Learner, path: str, fields: str) -> bytes:
    """Return a form as a browser sends it; ``fields`` are those beside the token."""
    body = f"csrfmiddlewaretoken={learner.token}&{fields}"
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n"
        f"Accept-Encoding: gzip\r\nUser-Agent: bench\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"{cookie(learner)}Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def choice_fields(choice: int, counter: int) -> str:
    """Return a choice as the mock's script sends it."""
    return f"fragment=1&choice={choice}&tab=bench&counter={counter}&spent=2000"


def _counted(tally: Tally) -> Iterator[int]:
    return (counter for counter, _ in enumerate(tally.units(), start=1))


def saves(tally: Tally, learners: list[Learner]) -> Script:
    """Save choice after choice, each of another question and counted anew."""
    for counter in _counted(tally):
        one = learners[counter % len(learners)]
        number = random.randrange(len(one.slots)) + 1
        fields = choice_fields(random.choice(one.slots[number - 1]), counter)
        yield from tally.ask(post_form(tally.port, one, one.url(number), fields), SAVED)


def starts(tally: Tally, learners: list[Learner]) -> Script:
    """Discard the mock of 100 that is open, and start another: one unit."""
    (one, *_) = learners
    attempt = one.attempt
    for _ in tally.units():
        discard = f"/exam/{attempt}/discard/"
        yield from tally.ask(post_form(tally.port, one, discard, ""), b"", FOUND)
        form = post_form(tally.port, one, "/exam/start/", "length=100&pace=1")
        yield from tally.ask(form, b"", FOUND)
        attempt = tally.last_address_number()


def reads_report(tally: Tally, learners: list[Learner]) -> Script:
    """Read the report of a mock of 100."""
    (one, *_) = learners
    for _ in tally.units():
        yield from tally.get(f"/exam/{one.attempt}/report/", REPORT, cookie(one))
