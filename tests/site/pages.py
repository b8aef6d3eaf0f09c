"""Which pages there are, and how each is reached."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from prepsite.accounts import second_factor
from prepsite.accounts.models import User
from tests.accounts.factors import add_key
from tests.accounts.helpers import PASSWORD, answer_one, make_question, make_user, sign_in
from tests.staff import sign_in_staff

PUBLIC = ["/", "/about/", "/about/items/", "/privacy/", "/careers/", "/errata/"]
OPEN = [
    "/practice/",
    "/practice/new/",
    "/exam/",
    "/progress/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]


def argument_free_urls(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield every address of ours that needs no argument, the admin's left out."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = str(entry.pattern)
        if route.startswith("^"):
            route = route.strip("^$").replace(r"\Z", "")
        if route == "admin/" or "<" in route or "(" in route:
            continue
        if isinstance(entry, URLResolver):
            yield from argument_free_urls(entry, prefix + route)
        elif isinstance(entry, URLPattern):
            yield prefix + route


def make_content() -> None:
    """Fill the site with some questions and the whole salary guide."""
    for _ in range(3):
        make_question()
    call_command("load_careers", stdout=StringIO())


def every_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Any]]:
    """Yield every kind of page with its name: public, learner's, account's, errors."""
    make_content()
    for url in PUBLIC + OPEN:
        yield url, Client().get(url)
    learner = Client()
    right = answer_one(learner, "B")
    wrong = answer_one(learner, "A")
    yield "home of a learner", learner.get("/")
    yield "choose", learner.get("/practice/")
    yield "refused choice", learner.get("/practice/new/?scope=none&count=7")
    yield "question", learner.get(f"/practice/{right}/2/")
    yield "question without a choice", learner.post(f"/practice/{right}/2/", {})
    yield "feedback, right", learner.get(f"/practice/{right}/1/")
    yield "feedback, wrong", learner.get(f"/practice/{wrong}/1/")
    yield "summary", learner.get(f"/practice/{wrong}/summary/")
    yield "progress", learner.get("/progress/")
    yield "expired start", learner.post("/practice/new/", {"start": "forged"})
    yield "refused date", learner.post("/accounts/exam-date/", {"exam_date": "soon"})
    yield "data of a browser", learner.get("/accounts/export/")
    yield "data not forgotten", learner.post("/accounts/forget/", {})
    yield from _exam_pages()
    yield from _account_pages()
    yield from _error_pages(monkeypatch)


def _exam_pages() -> Iterator[tuple[str, Any]]:
    """Yield the pages of a mock while it is sat and after it."""
    learner = Client()
    yield "refused mock", learner.post("/exam/start/", {"length": "7"})
    started = learner.post("/exam/start/", {"length": "25", "pace": "1"})
    question = started["Location"]
    mock = question.removesuffix("1/")
    yield "question of a mock", learner.get(question)
    yield "refused choice of a mock", learner.post(question, {"choice": "x"})
    yield "review of a mock", learner.get(f"{mock}review/")
    yield "start with an open mock", learner.get("/exam/")
    learner.post(f"{mock}submit/")
    yield "report of a mock", learner.get(f"{mock}report/")
    yield "late choice", learner.post(question, {})
    yield "start after a mock", learner.get("/exam/")
    again = learner.post("/exam/start/", {"length": "25", "pace": "1"})["Location"]
    yield "discarded mock", learner.post(again.removesuffix("1/") + "discard/", follow=True)


def _account_pages() -> Iterator[tuple[str, Any]]:
    user = make_user()
    yield "refused sign-in", sign_in(Client(), user.email, "wrong")
    yield "refused sign-up", Client().post("/accounts/signup/", {"email": "x"})
    yield "mail sent", Client().get("/accounts/password/reset/done/")
    yield "used link", Client().get("/accounts/password/reset/key/1-used/", follow=True)
    member = Client()
    yield "signed in", sign_in(member, user.email, PASSWORD)
    for url in (
        *("", "logout/", "email/", "password/change/", "sessions/", "reauthenticate/"),
        *("2fa/", "2fa/webauthn/", "export/", "delete/", "deleted/"),
    ):
        yield f"/accounts/{url}", member.get(f"/accounts/{url}")
    yield "refused profile", member.post("/accounts/", {"theme": "pink", "exam_date": "soon"})
    yield "deletion not confirmed", member.post("/accounts/delete/", {"email": "x"})
    browser = Client()
    answer_one(browser)
    yield "answers added", sign_in(browser, user.email, PASSWORD)
    yield "account with answers added", browser.get("/accounts/")
    yield from _factor_pages()


def _factor_pages() -> Iterator[tuple[str, Any]]:
    """Yield the pages of the second factor, those that ask for it, and the staff's gate."""
    boss = Client(headers={"Host": "localhost"})
    user = User.objects.create_superuser("chief@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in(boss, user.email)
    yield "gate", boss.get("/accounts/staff/")
    yield "void link", boss.get("/accounts/staff/link/x/")
    link = second_factor.link_path(user)
    yield "link", boss.get(link)
    yield "gate after the link", boss.post(link, follow=True)
    yield "confirm with the password", boss.get("/accounts/2fa/totp/activate/", follow=True)
    boss.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for url in ("totp/activate/", "webauthn/add/"):
        yield f"/accounts/2fa/{url}", boss.get(f"/accounts/2fa/{url}")
        yield f"refused /accounts/2fa/{url}", boss.post(f"/accounts/2fa/{url}", {"code": "x"})
    sign_in_staff(boss, user)
    key = add_key(user)
    yield "confirm with a code", boss.get("/accounts/2fa/reauthenticate/")
    yield "confirm with a passkey", boss.get("/accounts/2fa/webauthn/reauthenticate/")
    session = boss.session
    session["account_authentication_methods"][-1]["reauthenticated"] = True
    session.save()
    RecoveryCodes.activate(user)
    for url in (
        *("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/"),
        *(f"webauthn/keys/{key.pk}/edit/", f"webauthn/keys/{key.pk}/remove/"),
    ):
        yield f"/accounts/2fa/{url} of staff", boss.get(f"/accounts/2fa/{url}")
    other = Client(headers={"Host": "localhost"})
    yield "second step", sign_in(other, user.email)
    yield "limit", limited()


def limited() -> Any:
    """Return what somebody gets who asks for too many new passwords at once."""
    asked = [Client().post("/accounts/password/reset/", {"email": "x@x.org"}) for _ in range(4)]
    return asked[-1]


def _error_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Any]]:
    yield "400", Client().get("/", headers={"Host": "evil.example"})
    boss = Client()
    sign_in_staff(boss, User.objects.create_superuser("boss@example.org", PASSWORD))
    yield "403", boss.get("/admin/accounts/learner/add/")
    yield "404", Client().get("/no-such-page/")
    strict = Client(enforce_csrf_checks=True)
    yield "csrf", strict.post("/practice/new/", {"choice": "1"})
    same = {"Origin": "http://testserver"}
    yield "csrf with fields", strict.post("/practice/new/", {"choice": '"<1'}, headers=same)
    yield "500", server_error(monkeypatch)


def server_error(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what a visitor gets when a view fails."""

    def fail(*args: object) -> None:
        raise RuntimeError("secret detail")

    with monkeypatch.context() as patch:
        patch.setattr("quizzes.pool.subject_counts", fail)
        return Client(raise_request_exception=False).get("/?fresh")
