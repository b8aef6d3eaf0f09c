"""Make the groups of staff: writers, reviewers, publishers."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Model

# Learners' sessions and accounts are nobody's reading.
READABLE_OF_QUIZZES = {
    *("area", "topic", "source", "question", "questionversion", "choice", "blindsolve"),
    *("keyruling", "versionstat", "finding", "codereview", "questionreport", "decision"),
}
READABLE_APPS = ("careers", "codes", "content")
LOADERS_OWN = {"loadedrow", "loadeddigest"}


class Command(BaseCommand):
    help = "Make the groups Writer, Reviewer and Publisher; gives what is missing, takes nothing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        known = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        for name, wanted in permissions_of_groups().items():
            if missing := sorted(wanted - set(known)):
                raise CommandError(f"No such permission, run migrate first: {', '.join(missing)}")
            group, created = Group.objects.get_or_create(name=name)
            present = set(group.permissions.values_list("pk", flat=True))
            given = [known[code] for code in wanted if known[code].pk not in present]
            group.permissions.add(*given)
            if created or given:
                self.stdout.write(f"Group {name}: {len(given)} permissions given.")


def permissions_of_groups() -> dict[str, set[str]]:
    """Return what each group may do, as ``app.codename``."""
    careers = [
        model
        for model in apps.get_app_config("careers").get_models()
        if not _is_history(model) and model._meta.model_name not in LOADERS_OWN
    ]
    quizzes = apps.get_app_config("quizzes")
    reading = _permissions(["view"], _readable())
    review = {"quizzes.review_question"}
    writing = (
        _permissions(["add", "change"], careers)
        | _permissions(["add", "change"], map(quizzes.get_model, ("questionversion", "source")))
        | _permissions(["add", "change"], map(quizzes.get_model, ("question", "choice")))
    )
    publishing = _permissions(["add", "change"], map(quizzes.get_model, ("area", "topic"))) | {
        "quizzes.publish_question",
        "quizzes.add_keyruling",
    }
    return {
        "Writer": reading | review | writing,
        "Reviewer": reading | review,
        "Publisher": reading | review | writing | publishing,
    }


def _readable() -> list[type[Model]]:
    """Return what all staff may look at, histories with the rows that they are of."""
    quizzes = [
        model
        for model in apps.get_app_config("quizzes").get_models()
        if str(model._meta.model_name).removeprefix("historical") in READABLE_OF_QUIZZES
    ]
    others = [model for app in READABLE_APPS for model in apps.get_app_config(app).get_models()]
    return quizzes + others


def _is_history(model: type[Model]) -> bool:
    return str(model._meta.model_name).startswith("historical")


def _permissions(actions: Iterable[str], models: Iterable[type[Model]]) -> set[str]:
    chosen = list(actions)
    return {
        f"{model._meta.app_label}.{action}_{model._meta.model_name}"
        for model in models
        for action in chosen
    }
