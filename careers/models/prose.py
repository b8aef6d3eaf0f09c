"""The sections that hold the tables together, the links, and the loader's memory."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.safestring import SafeString, mark_safe

from careers.models.base import Entry
from prepsite.content import markup


class Block(models.TextChoices):
    """The tables and lists that a section can show between its text and its note."""

    OVERVIEW = "overview", "national overview"
    CERTIFICATIONS = "certifications", "pay by certification"
    PREMIUM = "premium", "certification premium"
    COMPARISON = "comparison", "sources compared"
    STATES = "states", "highest and lowest states"
    SPECIALTIES = "specialties", "pay by specialty"
    NICHE = "niche", "facts about the niche"
    WORK_MODELS = "work_models", "work models"
    REMOTE = "remote", "remote advantages"
    LADDER = "ladder", "career ladder"
    ALTERNATIVES = "alternatives", "alternative paths"
    OUTLOOK = "outlook", "job outlook"
    AI = "ai", "AI points"
    ADVICE = "advice", "advice by year"
    RESOURCES = "resources", "official resources"


class Section(Entry):
    """A heading of the page with its prose; figures stand in the block below it."""

    title = models.CharField(max_length=100)
    body = models.TextField(blank=True, help_text="Markdown, above the block.")
    block = models.CharField(
        max_length=14, choices=Block, blank=True, help_text="The table or list it shows."
    )
    note = models.TextField(blank=True, help_text="Markdown, below the block.")
    body_html = models.TextField(blank=True, editable=False)
    note_html = models.TextField(blank=True, editable=False)

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse to show a block twice: its rows' ids would stand twice on the page."""
        super().clean()
        others = Section.objects.filter(block=self.block).exclude(pk=self.pk)
        if self.block and (other := others.first()):
            raise ValidationError({"block": f"The section {other} shows it already."})

    def derive(self) -> None:
        """Render the Markdown once, when it is saved."""
        self.body_html = markup.render(self.body)
        self.note_html = markup.render(self.note)

    @property
    def anchor(self) -> str:
        """The id of the section's element on the page."""
        return self.slug

    @property
    def body_markup(self) -> SafeString:
        """The rendered text above the block."""
        return mark_safe(self.body_html)  # noqa: S308  (made by markup.render, raw HTML off)

    @property
    def note_markup(self) -> SafeString:
        """The rendered text below the block."""
        return mark_safe(self.note_html)  # noqa: S308  (as above)


class Resource(Entry):
    """An official body or document that learners should know."""

    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=120, blank=True)
    url = models.URLField("address", max_length=300)
    offers = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class LoadedRow(models.Model):
    """What the files said about a row when it was last loaded.

    A row that differs from it was edited in the admin, a missing one was deleted there;
    the loader keeps both.
    """

    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=60)
    # JSON rather than a digest, so that a new column does not make every row look edited
    # and so that a report can name the fields.
    values = models.JSONField()
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [
            # Serves the loader, which reads and upserts by this pair.
            models.UniqueConstraint(fields=["kind", "slug"], name="careers_loaded_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.slug}"
