"""Signing in brings the browser's learner into the account; signing out leaves nothing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from prepsite.accounts import learners
from prepsite.accounts.models import User


@receiver(user_logged_in)
def join_learner(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is None:
        return
    moved = learners.join_account(request, user)
    if moved.get("answers"):
        count = moved["answers"]
        noun = "answer" if count == 1 else "answers"
        messages.success(request, f"Added to your account: {count} {noun} from this browser.")


@receiver(user_logged_out)
def forget_learner(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None:
        learners.forget(request)
