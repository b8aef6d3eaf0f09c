"""Where a user is signed in, and that signing out elsewhere really ends those sessions."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from prepsite.accounts.browsers import describe
from tests.accounts.helpers import PASSWORD, make_user, page_of, sign_in

pytestmark = pytest.mark.django_db
LIST = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def browser(user_agent: str, email: str = "ann@example.org", ip: str = "127.0.0.1") -> Client:
    """Return a browser of this kind that has just signed in."""
    client = Client(headers={"User-Agent": user_agent})
    client.defaults["REMOTE_ADDR"] = ip
    sign_in(client, email)
    return client


def is_signed_in(client: Client) -> bool:
    """Tell whether the next request is the user's."""
    return client.get("/accounts/").status_code == 200


@pytest.mark.once
@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME, "Chrome on Linux"),
        (SAFARI, "Safari on an iPhone"),
        (CHROME + " Edg/131.0.0.0", "Edge on Linux"),
        (CHROME + " OPR/115.0.0.0", "Opera on Linux"),
        (CHROME.replace("X11; Linux x86_64", "Linux; Android 14; K"), "Chrome on Android"),
        (SAFARI.replace("iPhone; CPU iPhone OS 18_1 like", "Macintosh; Intel"), "Safari on a Mac"),
        ("Something (Windows)", "A browser on Windows"),
        ("Firefox", "Firefox"),
        ("curl/8.5", "An unknown browser"),
        ("", "An unknown browser"),
    ],
)
def test_browsers_are_named_in_plain_words(user_agent, words):
    assert describe(user_agent) == words


def test_list_names_device_place_and_which_is_this_one():
    make_user()
    browser(SAFARI, ip="203.0.113.9")
    here = browser(FIREFOX)
    page = page_of(here.get(LIST))
    assert page.index("Firefox on Windows") < page.index("Safari on an iPhone")
    assert page.count("this one") == 1
    assert "203.0.113.9" in page
    assert "Mozilla" not in page


def test_list_costs_the_same_however_many_there_are(django_assert_max_num_queries):
    make_user()
    for _ in range(6):
        here = browser(CHROME)
    with django_assert_max_num_queries(4):
        page = page_of(here.get(LIST))
    assert page.count("Chrome on Linux</strong>") == 6


def test_signing_out_everywhere_else_ends_the_others_at_once():
    make_user()
    make_user("bob@example.org")
    phone, here = browser(SAFARI), browser(FIREFOX)
    stranger = browser(CHROME, "bob@example.org")
    assert is_signed_in(phone)
    response = here.post(LIST, {"others": "yes"}, follow=True)
    assert "Signed out there." in page_of(response)
    assert not is_signed_in(phone)
    assert is_signed_in(here)
    assert is_signed_in(stranger)
    page = page_of(here.get(LIST))
    assert "Safari" not in page
    assert "Sign out everywhere else" not in page


def test_one_session_is_ended_alone():
    user = make_user()
    phone, desk, here = browser(SAFARI), browser(CHROME), browser(FIREFOX)
    number = UserSession.objects.get(user=user, user_agent=SAFARI).pk
    here.post(LIST, {"session": str(number)})
    assert [is_signed_in(client) for client in (phone, desk, here)] == [False, True, True]


@pytest.mark.parametrize("sent", [{}, {"session": ""}, {"session": "x"}, {"session": "9" * 5000}])
def test_a_number_that_is_none_ends_nothing(sent):
    make_user()
    phone, here = browser(SAFARI), browser(FIREFOX)
    assert here.post(LIST, sent).status_code == 302
    assert is_signed_in(phone)


def test_nobody_ends_a_session_of_somebody_else_nor_sees_it():
    bob = make_user("bob@example.org")
    make_user()
    theirs, here = browser(SAFARI, "bob@example.org"), browser(FIREFOX)
    number = UserSession.objects.get(user=bob).pk
    here.post(LIST, {"session": str(number)})
    assert is_signed_in(theirs)
    assert "Safari" not in page_of(here.get(LIST))


def test_this_session_is_not_ended_by_its_own_number():
    user = make_user()
    here = browser(FIREFOX)
    here.post(LIST, {"session": str(UserSession.objects.get(user=user).pk)})
    assert is_signed_in(here)


def test_changing_the_password_ends_the_other_sessions():
    make_user()
    phone, here = browser(SAFARI), browser(FIREFOX)
    new = {"password1": "another-horse-8", "password2": "another-horse-8"}
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD} | new)
    assert not is_signed_in(phone)
    assert is_signed_in(here)
    page = page_of(here.get(LIST))
    assert "Safari" not in page
    assert "Firefox on Windows" in page
    assert "this one" in page


def test_session_whose_password_has_changed_elsewhere_is_not_listed():
    user = make_user()
    browser(SAFARI)
    user.set_password("another-horse-8")
    user.save()
    here = Client(headers={"User-Agent": FIREFOX})
    sign_in(here, user.email, "another-horse-8")
    assert "Safari" not in page_of(here.get(LIST))


def test_requests_write_nothing_about_the_session(django_assert_num_queries):
    make_user()
    here = browser(FIREFOX)
    here.get("/accounts/")
    with django_assert_num_queries(1):
        here.get("/accounts/")


def test_list_asks_strangers_to_sign_in(client):
    assert client.get(LIST).url == f"/accounts/login/?next={LIST}"
    assert client.post(LIST, {"others": "yes"}).status_code == 302
