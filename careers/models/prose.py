"""The pages, the sections that hold the tables together, and the loader's memory."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from careers.models.base import Entry
from prepsite.content import markup

# Its address is the guide's own.
OVERVIEW = "overview"
# The page that holds the salary estimator.
ESTIMATE = "estimate"
# This one shows the log of figures that changed.
CHANGES = "changes"


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
    TOPICS = "topics", "the guide's pages"
    NATION = "nation", "official national wages"
    STATE_MAP = "state_map", "map of official wages"
    STATE_TABLE = "state_table", "table of official wages"
    EXAM_FACTS = "exam_facts", "facts about the exam"
    APPRENTICE = "apprentice", "apprentice status"
    EXAM_COSTS = "exam_costs", "what the exam costs"
    PAY_BACK = "pay_back", "pay-back of the exam fee"
    QUESTIONS = "questions", "questions people ask"
    SOURCES = "sources", "sources of all figures"


class Page(Entry):
    """A topic of the guide with an address of its own; its key is the address."""

    prose = ("answer",)

    title = models.CharField(max_length=100, help_text="The heading of the page.")
    nav_title = models.CharField(
        "short title", max_length=40, help_text="In the list of the guide's pages."
    )
    description = models.CharField(
        max_length=160, help_text="What search engines and shared links show; 50 to 160 letters."
    )
    answer = models.TextField(
        "short answer",
        blank=True,
        help_text="Markdown; stands first. A figure is named as [[kind:key]].",
    )
    updated_on = models.DateField(help_text="When its text last changed in substance.")
    answer_html = models.TextField(blank=True, editable=False)

    def __str__(self) -> str:
        return self.title

    def derive(self) -> None:
        """Render the Markdown once, when it is saved."""
        self.answer_html = markup.render(self.answer)

    def get_absolute_url(self) -> str:
        """Return the page's address."""
        if self.slug == OVERVIEW:
            return reverse("careers:index")
        return reverse("careers:topic", args=[self.slug])


class Section(Entry):
    """A heading of a page with its prose; figures stand in the block below it."""

    page_relations = ("page",)
    prose = ("body", "note")

    page = models.ForeignKey(Page, models.PROTECT, related_name="sections")
    title = models.CharField(max_length=100)
    body = models.TextField(
        blank=True, help_text="Markdown, above the block. A figure is named as [[kind:key]]."
    )
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

    def get_absolute_url(self) -> str:
        """Return its place on its page."""
        return f"{self.page.get_absolute_url()}#{self.anchor}"


class Question(Entry):
    """A question that people ask, with its answer."""

    shown_in = "questions"
    prose = ("answer",)

    question = models.CharField(max_length=160)
    answer = models.TextField(help_text="Markdown. A figure is named as [[kind:key]].")
    answer_html = models.TextField(blank=True, editable=False)

    def __str__(self) -> str:
        return self.question

    def derive(self) -> None:
        """Render the Markdown once, when it is saved."""
        self.answer_html = markup.render(self.answer)


class Resource(Entry):
    """An official body or document that learners should know."""

    shown_in = "resources"

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
