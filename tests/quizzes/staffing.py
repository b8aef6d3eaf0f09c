"""Members of staff with the permissions of their group, and what they send."""

from io import StringIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from prepsite.accounts.models import User
from quizzes.models import Question
from tests.factories import make_user
from tests.staff import sign_in_staff


def make_member(*groups: str) -> User:
    """Save a member of staff in these groups."""
    call_command("staff_groups", stdout=StringIO())
    user = make_user(is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def signed_in(user: User) -> Client:
    """Return a browser in which this member of staff is at work."""
    client = Client()
    sign_in_staff(client, user)
    return client


def item_fields(question: Question, **changes: Any) -> dict[str, Any]:
    """Return what the item's own page sends."""
    fields = {"topic": question.topic_id, "rule": question.rule, "status": question.status}
    for rows in ("versions", "blind_solves"):
        fields |= {f"{rows}-TOTAL_FORMS": 0, f"{rows}-INITIAL_FORMS": 0}
    return fields | changes


def wording_fields(question: Question, **changes: Any) -> dict[str, Any]:
    """Return what the editor sends for an item's present wording."""
    version = question.current
    assert version
    names = ["stem", "note", "rationale", "difficulty", "payer_context", "code_year"]
    names += ["valid_from", "valid_to", "order"]
    fields = {name: getattr(version, name) for name in names}
    lines = "\n".join(f"{r['source']} | {r['section']}" for r in version.references)
    fields |= {"topic": question.topic_id, "rule": question.rule, "reference_lines": lines}
    fields |= {"choices-TOTAL_FORMS": 4, "choices-INITIAL_FORMS": 4}
    for place, choice in enumerate(version.choices.all()):
        prefix = f"choices-{place}"
        fields |= {f"{prefix}-id": choice.pk, f"{prefix}-version": version.pk}
        for name in ("letter", "text", "codes", "error_tag", "reason"):
            fields[f"{prefix}-{name}"] = getattr(choice, name)
        if choice.is_key:
            fields[f"{prefix}-is_key"] = "on"
    return fields | changes
