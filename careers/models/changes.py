"""The public log of figures that changed."""

from django.db import models


class FigureChange(models.Model):
    """A figure that was put in, changed or taken out: written once, never edited."""

    class Kind(models.TextChoices):
        ADDED = "added", "added"
        CHANGED = "changed", "changed"
        REMOVED = "removed", "removed"
        RELEASE = "release", "new release"

    at = models.DateTimeField()
    kind = models.CharField(max_length=7, choices=Kind)
    # Model and key rather than a relation: the log outlives the row.
    model = models.CharField(max_length=40)
    slug = models.SlugField(max_length=60)
    label = models.CharField(max_length=160)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, help_text="Source and date of the new figure.")
    note = models.CharField(max_length=200, blank=True, help_text="Why it changed.")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            # Serves the public list, newest first.
            models.Index(fields=["-at", "-id"], name="careers_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.before or '–'} → {self.after or '–'}"
