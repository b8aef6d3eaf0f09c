"""A change of the bank's frame, or a decision, shows on public pages at once."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from prepsite.content import revision
from quizzes.models import Area, Decision, KeyRuling, Source, Topic


@receiver([post_save, post_delete], sender=Area)
@receiver([post_save, post_delete], sender=Topic)
@receiver([post_save, post_delete], sender=Source)
@receiver([post_save, post_delete], sender=KeyRuling)
@receiver([post_save, post_delete], sender=Decision)
def bump_revision(sender: Any, **kwargs: Any) -> None:
    revision.bump()
