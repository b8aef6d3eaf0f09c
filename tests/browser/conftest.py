"""One browser for all tests, a fresh context for each visitor, real content to look at."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

import careers.loading
from prepsite.accounts.models import User
from prepsite.content import revision
from prepsite.content.files import read_yaml, to_yaml
from quizzes import contentload
from quizzes.contentfiles import CONTENT_DIR
from quizzes.models import QuestionVersion
from tests.staff import sign_in_staff

HERE = Path(__file__).parent
COMMANDS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Items without codes, with codes, with shuffled choices, with long choices, with a note.
TOPICS = (
    "anatomy/skin-anatomy",
    "terminology/prefixes",
    "hcpcs/drug-units",
    "guidelines/global-package",
    "cases/cases-endoscopy",
)
TIMEOUT_MS = 10_000
UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"
# What a violation says reaches the console, and with it the visitor's list of troubles.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser's tests after all others.

    Playwright keeps an event loop in this thread, where Django then refuses the database
    unless told otherwise. No other test is to run under that exception.
    """
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Start an installed Chromium, or Playwright's own."""
    with sync_playwright() as playwright:
        command = next(filter(None, map(shutil.which, COMMANDS)), None)
        try:
            started = playwright.chromium.launch(executable_path=command, args=ARGUMENTS)
        except Error as error:
            reason = f"no browser: {error.message.splitlines()[0]}"
            if "CI" in os.environ:
                pytest.fail(f"{reason} In CI, browser tests may not be skipped.")
            pytest.skip(reason)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(UNSAFE, "true")
            # Emptying the database after a test would each time write all permissions anew,
            # at twice the cost of the test itself. No browser test needs them.
            patch.setattr(flush, "emit_post_migrate_signal", Mock())
            yield started
            with suppress(Error):
                started.close()


@pytest.fixture(scope="session")
def content_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a part of the shipped bank, small enough to load for each test."""
    folder = tmp_path_factory.mktemp("content")
    blueprint = read_yaml(CONTENT_DIR / "blueprint.yaml")
    for area in blueprint["areas"]:
        here = {slug for slug in area["topics"] if f"{area['slug']}/{slug}" in TOPICS}
        area["topics"] = {slug: area["topics"][slug] for slug in here}
    blueprint["areas"] = [area for area in blueprint["areas"] if area["topics"]]
    (folder / "blueprint.yaml").write_text(to_yaml(blueprint), encoding="utf-8")
    for name in ("sources", *TOPICS):
        target = folder / f"{name}.yaml"
        target.parent.mkdir(exist_ok=True)
        shutil.copy(CONTENT_DIR / f"{name}.yaml", target)
    return folder


@pytest.fixture(scope="session")
def loaded_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return what the first test's load wrote, by table: empty until then."""
    return {}


def load_once(content_folder: Path, loaded_rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Fill the empty database: from the files, and from the second time on from their rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in loaded_rows.items():
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608
    if loaded_rows:
        return
    contentload.load(content_folder)
    careers.loading.load()
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            if rows := cursor.fetchall():
                loaded_rows[table] = rows


@pytest.fixture
def site(
    browser: Browser,
    live_server: Any,
    content_folder: Path,
    loaded_rows: dict[str, list[tuple[Any, ...]]],
) -> str:
    """Return the address of a running site with real questions and the real guide."""
    # Emptying the database took the rows that the cache still knows.
    ContentType.objects.clear_cache()
    load_once(content_folder, loaded_rows)
    # So that no test ends with a code year.
    QuestionVersion.objects.update(valid_to=date(2099, 12, 31))
    revision.bump()
    return str(live_server.url)


class Troubles:
    """What browsers complained about: console errors, page errors, CSP violations."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._expected: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Listen to everything that goes wrong in a context."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("weberror", lambda error: self.found.append(f"page error: {error.error}"))
        context.on(
            "console",
            lambda message: (
                self.found.append(f"{message.type}: {message.text} ({message.location['url']})")
                if message.type in ("error", "warning")
                else None
            ),
        )

    def expect(self, pattern: str) -> None:
        """Let complaints that match pass: the test provokes them."""
        self._expected.append(pattern)

    def unexpected(self) -> list[str]:
        """Return the complaints that no test asked for."""
        return [
            text
            for text in self.found
            if not any(re.search(pattern, text) for pattern in self._expected)
        ]


@pytest.fixture
def troubles() -> Iterator[Troubles]:
    """Fail any browser test in which a page complains, be it about something else."""
    troubles = Troubles()
    yield troubles
    assert troubles.unexpected() == []


type NewVisitor = Callable[..., BrowserContext]


@pytest.fixture
def new_visitor(browser: Browser, site: str, troubles: Troubles) -> Iterator[NewVisitor]:
    """Return a maker of visitors: each has cookies and storage of its own."""
    contexts: list[BrowserContext] = []

    def make(user: User | None = None, **options: Any) -> BrowserContext:
        # Colours are to be judged as they stay, not in the middle of a transition.
        context = browser.new_context(base_url=site, reduced_motion="reduce", **options)
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        troubles.watch(context)
        if user:
            client = Client()
            if user.is_staff:
                sign_in_staff(client, user)
            else:
                client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    """Return a page of a new visitor, with JavaScript."""
    return new_visitor().new_page()


@pytest.fixture
def plain_page(new_visitor: NewVisitor) -> Page:
    """Return a page of a new visitor whose browser runs no JavaScript."""
    return new_visitor(java_script_enabled=False).new_page()


@pytest.fixture
def staff_page(new_visitor: NewVisitor) -> Page:
    """Return a page of a superuser."""
    return new_visitor(User.objects.create_superuser("staff@example.org", "x")).new_page()
