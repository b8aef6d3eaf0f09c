"""The staff's pages of accounts and learners."""

import pytest
from django.test import Client

from prepsite.accounts.models import Learner, User
from tests.accounts.helpers import PASSWORD, make_user, page_of
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser with a superuser signed in."""
    sign_in_staff(client, User.objects.create_superuser("boss@example.org", PASSWORD))
    return client


def test_strangers_and_learners_are_sent_to_sign_in(client):
    assert client.get("/admin/").status_code == 302
    client.force_login(make_user())
    assert client.get("/admin/accounts/user/").status_code == 302


def test_staff_sign_in_where_learners_do_with_their_address_however_cased(client):
    User.objects.create_superuser("boss@example.org", PASSWORD)
    page = client.get("/admin/", follow=True)
    sign_in, _ = page.redirect_chain[-1]
    assert sign_in.startswith("/accounts/login/?next=")
    fields = {"login": "BOSS@example.org", "password": PASSWORD}
    response = client.post(sign_in, fields, follow=True)
    assert ("/admin/", 302) in response.redirect_chain
    assert response.redirect_chain[-1] == ("/accounts/staff/", 302)


def test_a_learner_who_signs_in_there_is_told_so(client):
    client.force_login(make_user())
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_accounts_are_listed_and_found(staff):
    make_user("ann@example.org")
    make_user("bob@example.org")
    page = page_of(staff.get("/admin/accounts/user/?q=ann"))
    assert "ann@example.org" in page
    assert "bob@example.org" not in page


def test_an_account_is_added(staff):
    assert staff.get("/admin/accounts/user/add/").status_code == 200
    fields = {
        "email": "New@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = staff.post("/admin/accounts/user/add/", fields)
    assert response.status_code == 302
    assert User.objects.get(email="new@example.org").check_password(PASSWORD)


def test_a_second_account_for_an_address_is_refused_with_a_message(staff):
    make_user("ann@example.org")
    fields = {
        "email": "ANN@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = staff.post("/admin/accounts/user/add/", fields)
    assert response.status_code == 200
    assert "already exists" in page_of(response)


def test_an_account_is_changed(staff):
    user = make_user()
    url = f"/admin/accounts/user/{user.pk}/change/"
    assert "ann@example.org" in page_of(staff.get(url))
    response = staff.post(url, {"email": "other@example.org", "is_active": "on", "is_staff": "on"})
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.is_staff
    # The address that signs in is allauth's: here it would leave the old one alive.
    assert user.email == "ann@example.org"
    assert user.check_password(PASSWORD)


def test_a_password_is_set(staff):
    user = make_user()
    url = f"/admin/accounts/user/{user.pk}/password/"
    assert staff.get(url).status_code == 200
    staff.post(
        url,
        {"usable_password": "true", "password1": "another-horse-8", "password2": "another-horse-8"},
    )
    user.refresh_from_db()
    assert user.check_password("another-horse-8")


def test_an_account_page_shows_no_password(staff):
    user = make_user()
    assert user.password not in page_of(staff.get(f"/admin/accounts/user/{user.pk}/change/"))


def test_learners_are_shown_and_cannot_be_touched(staff):
    learner = Learner.objects.create(user=make_user())
    page = page_of(staff.get("/admin/accounts/learner/"))
    assert "ann@example.org" in page
    detail = staff.get(f"/admin/accounts/learner/{learner.pk}/change/")
    assert detail.status_code == 200
    assert 'name="_save"' not in page_of(detail)
    assert staff.post(f"/admin/accounts/learner/{learner.pk}/change/", {}).status_code == 403
    assert staff.get("/admin/accounts/learner/add/").status_code == 403
    assert staff.post(f"/admin/accounts/learner/{learner.pk}/delete/", {}).status_code == 403
    delete = {"action": "delete_selected", "_selected_action": [learner.pk], "post": "yes"}
    staff.post("/admin/accounts/learner/", delete)
    assert Learner.objects.filter(pk=learner.pk).exists()


def test_the_list_of_learners_costs_the_same_however_many_there_are(
    staff, django_assert_max_num_queries
):
    for number in range(12):
        Learner.objects.create(user=make_user(f"p{number}@example.org"))
    with django_assert_max_num_queries(8):
        staff.get("/admin/accounts/learner/")
