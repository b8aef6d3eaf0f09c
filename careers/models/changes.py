"""The public log of figures that changed."""

from django.apps import apps
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
    source_before = models.CharField(
        max_length=200, blank=True, help_text="The former source and date, where they differ."
    )
    # As it was when the figure changed: the log costs no look-up of rows that may be gone.
    place = models.CharField(
        max_length=200, blank=True, help_text="The figure's address on the site."
    )
    note = models.CharField(
        max_length=200, blank=True, help_text="Why it changed; everybody reads it."
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "change of a figure"
        verbose_name_plural = "changes of figures"
        indexes = [
            # Serves the public list, newest first.
            models.Index(fields=["-at", "-id"], name="careers_change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.before or '–'} → {self.after or '–'}"

    @property
    def in_words(self) -> str:
        """What happened, without the label."""
        match self.kind:
            case self.Kind.ADDED:
                return f"{self.after} (added)"
            case self.Kind.REMOVED:
                return f"{self.before} (removed)"
            case self.Kind.RELEASE:
                return f"new release, {self.after}"
        if self.before == self.after:
            return f"{self.after} (source or date changed)"
        return f"{self.before} → {self.after}"

    @property
    def table(self) -> str:
        """The name of the table that holds the figure, for people."""
        try:
            model = apps.get_model("careers", self.model)
        except LookupError:
            return ""
        return str(model._meta.verbose_name_plural).capitalize()
