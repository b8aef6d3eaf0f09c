"""Theme and shortcuts: in the account, in one cookie, and never on somebody else's page."""

import pytest
from django.test import Client

from prepsite.accounts.models import Learner
from prepsite.content import pagecache
from tests.accounts.helpers import answer_one, make_question, make_user, page_of, sign_in, sign_up
from tests.accounts.test_profile import save
from tests.site.pages import PUBLIC, make_content

pytestmark = pytest.mark.django_db
DARK = '<html lang="en" data-theme="dark">'
PLAIN = '<html lang="en">'


def test_saving_the_profile_writes_a_cookie_that_scripts_can_read(client):
    make_user()
    sign_in(client, "ann@example.org")
    save(client, theme="dark", shortcuts="")
    cookie = client.cookies["display"]
    assert cookie.value == "dark.keys-off"
    assert not cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Lax", "/")
    assert DARK in page_of(client.get("/accounts/"))
    assert DARK in page_of(client.get("/about/"))
    save(client)
    assert client.cookies["display"]["max-age"] == 0
    assert PLAIN in page_of(client.get("/about/"))


def test_signing_in_brings_the_accounts_choices_to_another_browser(client):
    make_user()
    sign_in(client, "ann@example.org")
    save(client, theme="light")
    elsewhere = Client()
    elsewhere.cookies["display"] = "dark.keys-off"
    page = page_of(sign_in(elsewhere, "ann@example.org"))
    assert elsewhere.cookies["display"].value == "light.keys-on"
    assert 'data-theme="light"' in page


def test_signing_up_keeps_the_browsers_choices_in_the_account(client):
    client.cookies["display"] = "dark.keys-off"
    sign_up(client, "ann@example.org")
    learner = Learner.objects.get(user__email="ann@example.org")
    assert (learner.theme, learner.shortcuts) == ("dark", False)


def test_signing_out_takes_the_choices_out_of_the_browser(client):
    make_user()
    sign_in(client, "ann@example.org")
    save(client, theme="dark")
    client.post("/accounts/logout/")
    assert client.cookies["display"].value == ""
    assert PLAIN in page_of(client.get("/"))


@pytest.mark.parametrize("url", PUBLIC)
def test_nobody_gets_a_public_page_in_another_visitors_theme(url):
    make_content()
    make_user()
    member = Client()
    sign_in(member, "ann@example.org")
    save(member, theme="dark")
    learner = Client()
    answer_one(learner)
    anonymous = Client()
    for browser in (learner, anonymous):
        browser.cookies["display"] = "dark.keys-on"
    # Each of them comes while the page is not kept yet: theirs must not be what is kept.
    for first in (member, learner, anonymous):
        pagecache.pages.clear()
        first.get(url)
        for _ in range(2):
            assert PLAIN in page_of(Client().get(url))
    # Without a name of ours the page is shared, and scripts set the theme.
    response = anonymous.get(url)
    assert response.headers["Cache-Control"].startswith("public")
    assert PLAIN in page_of(response)
    for known in (member, learner):
        response = known.get(url)
        assert DARK in page_of(response)
        assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "value", ["", ".", "pink.keys-on", '"><script>', "auto", "dark" * 99, "\0", ".keys-off"]
)
def test_an_odd_cookie_is_as_none(client, value):
    make_question()
    answer_one(client)
    client.cookies["display"] = value
    assert PLAIN in page_of(client.get("/progress/"))


def test_the_cookie_is_secure_where_the_site_is(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    make_user()
    client.post("/accounts/login/", {"login": "ann@example.org", "password": "correct-horse-7"})
    save(client, theme="dark")
    assert client.cookies["display"]["secure"]
