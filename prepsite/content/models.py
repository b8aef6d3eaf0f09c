"""The state that all public pages share, and what has been loaded from files."""

from django.db import models
from simple_history.models import HistoricalRecords


class PublicationState(models.Model):
    """The one row that every page depends on.

    ``revision`` rises with each change of public content and keys the caches;
    ``show_cpt_content`` is the switch that withdraws everything naming CPT codes.
    """

    revision = models.PositiveBigIntegerField(default=1, editable=False)
    show_cpt_content = models.BooleanField(
        "show content that names CPT codes",
        default=True,
        help_text="Off: every item that names a CPT code leaves all public pages at once.",
    )
    # The revision counts changes of content, which have histories of their own.
    history = HistoricalRecords(excluded_fields=["revision"])

    class Meta:
        verbose_name = "publication switch"
        verbose_name_plural = "publication switches"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="content_single_state"),
        ]

    def __str__(self) -> str:
        return f"Publication state, revision {self.revision}"


class LoadedDigest(models.Model):
    """The digest of a file set at its last load, so that an unchanged one is skipped."""

    name = models.CharField(max_length=100, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:12]}"
