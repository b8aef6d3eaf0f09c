"""What a sign-in says about the answers it brought along, and the offer to undo that."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest

from prepsite.accounts.learners import Joined

SESSION_KEY = "joined"
# Names the message that templates/learner.html shows with a button.
MESSAGE_TAG = "joined"


class Offer(TypedDict):
    """What stands in the session until it ends: one merge, and what became of it."""

    merge: int
    what: str
    undone: bool


def kept(answers: int) -> str:
    """Return what a new account is told."""
    return f"Your account is ready. It keeps the {_answers(answers)} from this browser."


def offer_undo(request: HttpRequest, joined: Joined) -> None:
    """Say what came along and offer to undo it; nothing where nobody would see a change."""
    if joined.answers:
        what = f"{_answers(joined.answers)} from this browser"
    elif joined.merge.moved_exam_date:
        what = "the exam date set in this browser"
    else:
        return
    offer: Offer = {"merge": joined.merge.pk, "what": what, "undone": False}
    request.session[SESSION_KEY] = offer
    messages.success(request, f"Added to your account: {what}.", extra_tags=MESSAGE_TAG)


def offer_of(request: HttpRequest) -> Offer | None:
    """Return what this session's sign-in brought along."""
    offer: Offer | None = request.session.get(SESSION_KEY)
    return offer


def mark_undone(request: HttpRequest, offer: Offer) -> None:
    """Note in the session that the merge was undone."""
    request.session[SESSION_KEY] = offer | {"undone": True}


def _answers(number: int) -> str:
    return f"{number} {'answer' if number == 1 else 'answers'}"
