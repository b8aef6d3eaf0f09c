"""The account's e-mail address: one mailbox, one account."""

import pytest
from django.db import IntegrityError, transaction

from prepsite.accounts.models import Learner, User
from tests.accounts.helpers import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_the_address_is_kept_in_lower_case():
    user = make_user("Ann.Lee@Example.ORG")
    user.refresh_from_db()
    assert user.email == "ann.lee@example.org"
    assert str(user) == "ann.lee@example.org"


def test_changing_the_address_keeps_it_in_lower_case():
    user = make_user()
    user.email = "NEW@example.org"
    user.save()
    user.refresh_from_db()
    assert user.email == "new@example.org"


def test_cleaning_lowers_the_address_before_the_unique_check():
    make_user("ann@example.org")
    twin = User(email="ANN@example.org")
    twin.set_password(PASSWORD)
    with pytest.raises(Exception, match="already exists"):
        twin.full_clean()


def test_one_address_has_one_account_however_it_is_cased():
    make_user("ann@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user("ANN@example.org")
    assert User.objects.count() == 1


def test_the_database_itself_refuses_capital_letters():
    user = make_user()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Ann@example.org")


def test_a_user_needs_an_address():
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("")


def test_the_address_is_found_however_it_is_typed():
    user = make_user("ann@example.org")
    assert User.objects.get_by_natural_key("ANN@Example.org") == user


def test_a_superuser_may_do_everything():
    user = User.objects.create_superuser("boss@example.org", PASSWORD)
    assert user.is_staff
    assert user.is_superuser
    assert user.check_password(PASSWORD)


def test_the_password_is_not_kept_as_typed():
    assert PASSWORD not in make_user().password


def test_a_merged_learner_cannot_have_an_account():
    target = Learner.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Learner.objects.create(user=make_user(), merged_into=target)


def test_an_account_has_one_learner_at_most():
    user = make_user()
    Learner.objects.create(user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Learner.objects.create(user=user)
