"""Signing in brings the browser's learner into the account; signing out leaves nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest

from prepsite.accounts import learners, registry
from prepsite.accounts.models import Learner, User


@receiver(user_logged_in)
def join_learner(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is None:
        return
    moved = learners.join_account(request, user)
    if moved.get("answers"):
        count = moved["answers"]
        noun = "answer" if count == 1 else "answers"
        messages.success(request, f"Added to your account: {count} {noun} from this browser.")


@receiver(pre_delete, sender=User)
def erase_learner(sender: Any, instance: User, **kwargs: Any) -> None:
    """An account does not go without what was kept under it, whoever deletes it."""
    learner = Learner.objects.filter(user=instance).first()
    if learner:
        registry.erase(learner)


@receiver(user_logged_out)
def forget_learner(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None:
        learners.forget(request)
