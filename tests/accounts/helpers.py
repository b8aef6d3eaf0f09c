"""People, a small bank and sessions for the tests of accounts and pages."""

import re
from datetime import date
from itertools import count
from typing import Any

from django.test import Client

from prepsite.accounts.models import Learner, User
from prepsite.content import revision
from quizzes.items import save_item
from quizzes.itemspec import BlindSolveSpec, ItemSpec
from quizzes.models import Area, Question, Topic

PASSWORD = "correct-horse-7"
_numbers = count(1)


def make_question(**values: Any) -> Question:
    """Save a published question that holds from 2026 to 2100; the key's choice is B."""
    number = next(_numbers)
    area, _ = Area.objects.get_or_create(
        slug="anatomy",
        defaults={
            "name": "Anatomy",
            "tab": "ANAT",
            "subject": "anatomy",
            "exam_count": 4,
            "position": 1,
        },
    )
    topic, _ = Topic.objects.get_or_create(
        slug="bones", defaults={"area": area, "name": "Bones", "position": 1}
    )
    data: dict[str, Any] = {
        "key": f"bones-{number}",
        "rule": f"rule-{number}",
        "status": "published",
        "difficulty": 1,
        "payer_context": "any",
        "code_year": 2026,
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2100, 12, 31),
        "cpt_content": "no",
        "order": "fixed",
        "stem": f"Which bone is number {number}?",
        "options": {
            letter: {"text": f"Bone {letter}{number}"}
            | ({} if letter == "B" else {"error": "wrong_bone", "reason": f"{letter} is another."})
            for letter in "ABCD"
        },
        "answer": "B",
        "rationale": f"Bone B{number} is the one.",
        "references": [{"source": "atlas", "section": "Plate 1"}],
    }
    spec = ItemSpec.model_validate(data | values)
    solve = BlindSolveSpec.model_validate(
        {
            "sheet": spec.sheet_digest(),
            "solver": "reader",
            "picked": spec.answer,
            "agreed": "yes",
            "confidence": "high",
            "reason": "Known.",
            "solved_on": date(2026, 5, 1),
        }
    )
    question = save_item(spec.model_copy(update={"blind_solves": (solve,)}), topic).question
    revision.bump()
    return question


def make_user(email: str = "ann@example.org", **values: Any) -> User:
    """Save a user with the password of all tests."""
    return User.objects.create_user(email, PASSWORD, **values)


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    """Send the sign-in form and follow to the page that comes after it."""
    return client.post("/accounts/login/", {"login": email, "password": password}, follow=True)


def sign_up(client: Client, email: str, password: str = PASSWORD) -> Any:
    """Send the sign-up form and follow to the page that comes after it."""
    return client.post("/accounts/signup/", {"email": email, "password1": password}, follow=True)


def page_of(response: Any) -> str:
    """Return the response's text."""
    text: str = response.content.decode()
    return text


def answer_one(client: Client, letter: str = "B") -> int:
    """Answer the first question of a new session of five and return the session's number."""
    page = page_of(client.get("/practice/new/?count=5"))
    start = re.search(r'name="start" value="([^"]+)"', page)
    choice = re.search(rf'name="choice" value="(\d+)"[^>]*>(?:(?!<input).)*Bone {letter}', page)
    assert start
    assert choice
    response: Any = client.post(
        "/practice/new/", {"start": start.group(1), "choice": choice.group(1)}
    )
    assert response.status_code == 302
    return int(response.url.split("/")[2])


def cookie_learner(client: Client) -> Learner:
    """Return the learner whose number the browser's cookie holds."""
    return Learner.objects.get(pk=client.cookies["learner"].value.split(":")[0])
