"""What the load does: pages that are read, and learners who answer their way on."""

import random
import re
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from prepsite.bench.client import Response, Script
from prepsite.bench.urls import MINIMAL_BODY, MINIMAL_PATH, STATEMENTS_HEADER

OK, FOUND = 200, 302
HTMX = "HX-Request: true\r\n"
QUESTION = b'name="choice"'
FEEDBACK = b'<h2 class="verdict '
HOME = b"Practise for the CPC exam"
CAREERS = b">The career guide</h2>"
_CHOICES = re.compile(rb'name="choice" value="(\d+)"')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


class WrongResponse(Exception):
    """A response is not what a learner should see."""


@dataclass(frozen=True)
class Learner:
    """A browser's cookies and a session whose slots all wait for their answers."""

    attempt: int
    cookies: str
    token: str
    slots: list[list[int]]

    def url(self, number: int) -> str:
        """Return the address of a slot, counted from 1."""
        return f"/practice/{self.attempt}/{number}/"


@dataclass(frozen=True)
class Cost:
    """What a unit took besides time."""

    statements: int
    plain_bytes: int
    packed_bytes: int


@dataclass
class Tally:
    """What a burst has done so far. A unit is what a visitor does in one go."""

    port: int
    until: float
    is_counting: bool = False  # by one connection only: its units do not overlap
    latencies: list[float] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    requests: int = 0
    _replies: list[Response] = field(default_factory=list)
    _checked: tuple[bytes, bytes, bytes] = (b"", b"", b"")
    _address: str = ""

    def units(self) -> Iterator[None]:
        """Repeat a unit until the burst is over, taking the time of each."""
        while (started := time.perf_counter()) < self.until:
            self._replies.clear()
            yield
            self.latencies.append(time.perf_counter() - started)
            if self.is_counting:
                self.costs.append(self._cost())

    def _cost(self) -> Cost:
        return Cost(
            sum(int(reply.header(STATEMENTS_HEADER)) for reply in self._replies),
            sum(len(reply.content) for reply in self._replies),
            sum(len(reply.body) for reply in self._replies),
        )

    def ask(
        self, request: bytes, marker: bytes, status: int = OK
    ) -> Generator[bytes, Response, bytes]:
        """Send a request; return the page, or raise WrongResponse where it is another."""
        response = yield request
        self.requests += 1
        if response.status == FOUND:
            self._address = response.header("location")
        if self.is_counting:
            self._replies.append(response)
        # A page that is the same for everybody is unpacked and looked at once.
        if response.status == status and (marker, response.body) == self._checked[:2]:
            return self._checked[2]
        content = response.content
        if response.status != status or marker not in content:
            raise WrongResponse(describe(request, response))
        self._checked = (marker, response.body, content)
        return content

    def last_address_number(self) -> int:
        """Return the first number in the address that the last response leads to."""
        match = re.search(r"/(\d+)/", self._address)
        if match is None:
            raise WrongResponse(f"“{self._address}” names no session.")
        return int(match[1])

    def get(self, path: str, marker: bytes, headers: str = "") -> Any:
        """Ask for a page."""
        return self.ask(get(self.port, path, headers), marker)


def describe(request: bytes, response: Response) -> str:
    """Return what was asked and what came instead, for a message."""
    asked = request.split(b"\r\n", 1)[0].decode()
    page = re.sub(rb"\s+", b" ", re.sub(rb"<[^>]*>", b" ", response.content))
    return f"{asked} was answered with {response.status}: {page[:300].decode(errors='replace')}"


def get(port: int, path: str, headers: str = "") -> bytes:
    """Return a request as a browser sends it; ``headers`` are whole lines."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n"
        f"Accept-Encoding: gzip\r\nUser-Agent: bench\r\n{headers}\r\n"
    ).encode()


def post(port: int, learner: Learner, number: int, choice: int, token: str, htmx: str) -> bytes:
    """Return an answer as a browser sends it, by htmx or as a plain form."""
    body = f"csrfmiddlewaretoken={token}&choice={choice}"
    return (
        f"POST {learner.url(number)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n"
        f"Accept-Encoding: gzip\r\nUser-Agent: bench\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"{htmx}Cookie: {learner.cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def cookie(learner: Learner) -> str:
    """Return the header line with the learner's cookies."""
    return f"Cookie: {learner.cookies}\r\n"


type Activity = Callable[[Tally, list[Learner]], Script]


def reads_page(tally: Tally, path: str, marker: bytes, headers: str = "") -> Script:
    """Read one page again and again."""
    for _ in tally.units():
        yield from tally.get(path, marker, headers)


def reads_minimal(tally: Tally, learners: list[Learner]) -> Script:
    """Read Django's minimal view."""
    yield from reads_page(tally, MINIMAL_PATH, MINIMAL_BODY.encode())


def reads_home(tally: Tally, learners: list[Learner]) -> Script:
    """Read the home page, with the cookies of a learner if there is one."""
    yield from reads_page(tally, "/", HOME, cookie(learners[0]) if learners else "")


def reads_guide(path: str) -> Activity:
    """Return who reads a page of the guide, with the cookies of a learner if there is one."""

    def reads(tally: Tally, learners: list[Learner]) -> Script:
        yield from reads_page(tally, path, CAREERS, cookie(learners[0]) if learners else "")

    return reads


def reads_question(tally: Tally, learners: list[Learner]) -> Script:
    """Read a question that waits for its answer."""
    yield from reads_page(tally, learners[0].url(1), QUESTION, cookie(learners[0]))


def _open_slots(tally: Tally, learners: list[Learner]) -> Iterator[tuple[Learner, int]]:
    """Go through fresh slots, one for each unit; a burst that has used all of them ends."""
    slots = ((one, number) for one in learners for number in range(1, len(one.slots) + 1))
    return (slot for _, slot in zip(tally.units(), slots, strict=False))


def _pick(learner: Learner, number: int) -> int:
    return random.choice(learner.slots[number - 1])


def answers_by_htmx(tally: Tally, learners: list[Learner]) -> Script:
    """Answer question after question; the feedback is in the reply."""
    for one, number in _open_slots(tally, learners):
        request = post(tally.port, one, number, _pick(one, number), one.token, HTMX)
        yield from tally.ask(request, FEEDBACK)


def answers_by_form(tally: Tally, learners: list[Learner]) -> Script:
    """Answer question after question without JavaScript; the reply leads to the feedback."""
    for one, number in _open_slots(tally, learners):
        request = post(tally.port, one, number, _pick(one, number), one.token, "")
        yield from tally.ask(request, b"", FOUND)


def _answer_page(page: bytes) -> tuple[int, str]:
    """Return a choice that a question page offers, and its form's token."""
    token = _TOKEN.search(page)
    if token is None:
        raise WrongResponse("A question page holds no CSRF token.")
    return int(random.choice(_CHOICES.findall(page))), token[1].decode()


def learns(tally: Tally, learners: list[Learner]) -> Script:
    """Read a question's page, answer by htmx, see the feedback: one unit. Then the next."""
    for one, number in _open_slots(tally, learners):
        page = yield from tally.get(one.url(number), QUESTION, cookie(one))
        choice, token = _answer_page(page)
        yield from tally.ask(post(tally.port, one, number, choice, token, HTMX), FEEDBACK)


def learns_by_htmx(tally: Tally, learners: list[Learner]) -> Script:
    """As ``learns``, where Next has fetched the question by htmx."""
    for one, number in _open_slots(tally, learners):
        page = yield from tally.get(one.url(number), QUESTION, cookie(one) + HTMX)
        choice, token = _answer_page(page)
        yield from tally.ask(post(tally.port, one, number, choice, token, HTMX), FEEDBACK)


def learns_by_form(tally: Tally, learners: list[Learner]) -> Script:
    """As ``learns``, without JavaScript: the feedback is a page of its own."""
    for one, number in _open_slots(tally, learners):
        page = yield from tally.get(one.url(number), QUESTION, cookie(one))
        choice, token = _answer_page(page)
        yield from tally.ask(post(tally.port, one, number, choice, token, ""), b"", FOUND)
        yield from tally.get(one.url(number), FEEDBACK, cookie(one))
