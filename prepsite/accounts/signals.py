"""Signing in brings the browser's learner into the account; signing out leaves nothing."""

from typing import Any

from allauth.account.signals import user_signed_up
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from prepsite.accounts import joining, learners, registry
from prepsite.accounts.middleware import clear_storage
from prepsite.accounts.models import Learner, User
from prepsite.content import display

_IS_NEW = "_account_is_new"


@receiver(user_signed_up)
def remember_sign_up(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The sign-in that follows in the same request is the account's first."""
    setattr(request, _IS_NEW, True)


@receiver(user_logged_in)
def join_learner(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is None:
        return
    if getattr(request, _IS_NEW, False):
        answers = learners.found_account(request, user)
        if answers:
            messages.success(request, joining.kept(answers))
        return
    joined = learners.join_account(request, user, timezone.now())
    if joined:
        joining.offer_undo(request, joined)
    learners.show_as_account_says(request, user)


@receiver(pre_delete, sender=User)
def erase_learner(sender: Any, instance: User, **kwargs: Any) -> None:
    """An account does not go without what was kept under it, whoever deletes it."""
    for session in UserSession.objects.filter(user=instance):
        session.end()
    learner = Learner.objects.filter(user=instance).first()
    if learner:
        registry.erase(learner)


@receiver(user_logged_out)
def leave_nothing_behind(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None:
        learners.forget(request)
        display.forget(request)
        clear_storage(request)
