"""A whole mock of 100 by keyboard, with all that goes wrong in four hours in it."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect

from prepsite.bench.postgres import free_port
from prepsite.server import server_command
from quizzes.mock import reporting
from quizzes.models import Attempt
from tests.browser.conftest import Troubles
from tests.browser.sitting import begin, on, state
from tests.browser.walking import follow
from tests.mock.exams import AREAS, make_bank, picks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
LENGTH = 100
START_SECONDS = 60
RELOAD, SECOND_TAB, NO_CONNECTION, KILL = 20, 40, 60, 80


def database_url() -> str:
    """Return the address of the database that this test writes to."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    user, host = quote(found["USER"]), quote(found["HOST"], safe="")
    password = f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else ""
    return f"postgresql://{user}{password}@{host}:{found['PORT']}/{found['NAME']}"


class Server:
    """The production server on the test's database, which can be killed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        self.process = subprocess.Popen(
            server_command(self.port), cwd=ROOT, env=environment, start_new_session=True
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as probe:
                probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                if probe.recv(100).startswith(b"HTTP/1.1 200"):
                    return
            time.sleep(0.05)
        pytest.fail("The server did not start.")

    def kill(self) -> None:
        """Kill it with its workers, as a power cut does."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def server() -> Iterator[Server]:
    # Emptying the database took the rows that the cache still knows.
    ContentType.objects.clear_cache()
    make_bank(51)
    running = Server()
    running.start()
    yield running
    running.kill()


@pytest.fixture
def visitor(browser: Browser, server: Server, troubles: Troubles) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server.url, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    troubles.watch(context)
    yield context
    context.close()


def keys_for(number: int) -> str:
    """Return which choices the learner presses for a question, one after the other."""
    if number % 10 == 5:
        return ""
    if number % 11 == 0:
        return "32"
    if number % 13 == 0:
        return "24"
    return "1" if number % 7 == 0 else "2"


def letter(number: int) -> str:
    """Return what the learner means in the end, a dash for a blank."""
    if number == SECOND_TAB:
        return "D"
    pressed = keys_for(number)
    return "ABCD"[int(pressed[-1]) - 1] if pressed else "-"


def press(page: Page, number: int) -> None:
    for key in keys_for(number):
        page.keyboard.press(key)
    if number % 9 == 0:
        page.keyboard.press("f")


def test_a_whole_mock_by_keyboard(
    visitor: BrowserContext, server: Server, troubles: Troubles
) -> None:
    troubles.expect("ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY")
    page = visitor.new_page()
    attempt = begin(page, str(LENGTH))
    for number in range(1, LENGTH + 1):
        on(page, number)
        page.wait_for_load_state()
        if number == NO_CONNECTION:
            visitor.set_offline(True)
        elif number == KILL:
            server.kill()
        press(page, number)
        if number == RELOAD:
            page.reload()
            on(page, number)
            expect(page.locator('[name="choice"]:checked')).to_have_count(1)
        elif number == SECOND_TAB:
            state(page)
            other = visitor.new_page()
            other.goto(page.url)
            on(other, number)
            other.wait_for_load_state()
            other.keyboard.press("4")
            state(other)
            expect(page.locator('[name="choice"]').nth(3)).to_be_checked()
            other.close()
        elif number in (NO_CONNECTION, KILL):
            state(page, "Not saved yet")
            assert picks(attempt)[number - 1] == "-"
        page.keyboard.press("n")
        if number == NO_CONNECTION:
            expect(page.locator("[data-trouble]")).to_be_visible()
            visitor.set_offline(False)
        elif number == KILL:
            expect(page.locator("[data-trouble]")).to_be_visible()
            server.start()
    expect(page.get_by_role("heading", name="Review before you submit")).to_be_visible()
    expected = "".join(letter(number) for number in range(1, LENGTH + 1))
    assert picks(attempt) == expected
    blanks = expected.count("-")
    follow(page, page.get_by_role("button", name=re.compile(f"^Submit with {blanks} blanks")))
    expect(page.get_by_role("heading", name="By area")).to_be_visible()
    check_report(page, attempt, expected)


def check_report(page: Page, attempt: Attempt, expected: str) -> None:
    """Compare the report with what the learner did: B is right everywhere."""
    right = expected.count("B")
    text = page.locator("main").inner_text()
    assert f"{right} of {LENGTH}" in text
    assert ("Passed" if right >= 70 else "Not passed") + f": {right}% against" in text
    attempt.refresh_from_db()
    report = reporting.report_of(attempt)
    begin_at = 0
    for (slug, _), area in zip(AREAS.items(), report.areas, strict=True):
        total = area.result.score.total
        assert area.name == f"Area {slug}"
        assert area.result.score.correct == expected[begin_at : begin_at + total].count("B")
        begin_at += total
    numbers = range(1, LENGTH + 1)
    flagged = {n for n in numbers if n % 9 == 0}
    assert {line.slot.number for line in report.shown("flagged")} == flagged
    changed = {n: (keys_for(n)[0], letter(n)) for n in numbers if len(keys_for(n)) > 1}
    changed[SECOND_TAB] = (keys_for(SECOND_TAB)[0], "D")
    # Of what waited without a connection, the server only hears the last word.
    assert not {NO_CONNECTION, KILL} & changed.keys()
    assert {line.slot.number for line in report.shown("changed")} == changed.keys()
    for line in report.lines:
        picked = line.picked.letter if line.picked else "-"
        assert picked == expected[line.slot.number - 1]
        assert line.slot.correct == (picked == "B")
    shown = page.locator("details.item-row")
    expect(shown).to_have_count(LENGTH)
    expect(page.locator("details.item-row.right")).to_have_count(right)
