"""The question bank: areas and topics, questions, their immutable versions."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from quizzes.itemspec import PLAIN_SLUG

# The form that content files ask for too: what the admin saves must read back.
plain_slug = RegexValidator(PLAIN_SLUG, "Write lower-case letters, numbers and single hyphens.")


class Subject(models.TextChoices):
    """What a learner picks first; every blueprint area belongs to one."""

    CPT = "cpt", "CPT"
    ICD10CM = "icd-10-cm", "ICD-10-CM"
    HCPCS = "hcpcs", "HCPCS Level II"
    ANATOMY = "anatomy", "Anatomy"
    TERMINOLOGY = "terminology", "Medical terminology"
    GUIDELINES = "guidelines", "Guidelines and compliance"


class Status(models.TextChoices):
    """Where an item stands on its way to learners."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class PayerContext(models.TextChoices):
    """Whose rules decide where CPT and Medicare differ."""

    ANY = "any", "Any payer"
    CPT = "cpt", "CPT rules"
    MEDICARE = "medicare", "Medicare rules"


class Area(models.Model):
    """An area of the exam's blueprint, with the number of questions it has there."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    tab = models.CharField(max_length=6, help_text="What the page's edge tab says.")
    subject = models.CharField(max_length=12, choices=Subject)
    exam_count = models.PositiveSmallIntegerField("questions on the exam")
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A part of an area; its slug is also its address in the study guide."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="topics")
    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["area__position", "position"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """A publication that items may cite."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=150)
    publisher = models.CharField(max_length=100)
    edition = models.CharField(max_length=60)
    url = models.URLField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return f"{self.title}, {self.edition}"


class Question(models.Model):
    """An item under its lasting key; what it says stands in its versions."""

    key = models.SlugField(unique=True, max_length=100, validators=[plain_slug])
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions", db_index=False)
    rule = models.SlugField(
        max_length=100,
        validators=[plain_slug],
        help_text="The one rule that the item tests.",
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    cpt_content = models.BooleanField(
        "names CPT codes", help_text="Such items can be withdrawn as a group."
    )
    current = models.OneToOneField(
        "QuestionVersion", models.PROTECT, null=True, related_name="current_of", editable=False
    )
    loaded_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="The file's content at its last load."
    )
    settled_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="The content that staff decided to keep against the file's.",
    )
    # The wording has its history in the versions; the digests are the loader's memory.
    history = HistoricalRecords(excluded_fields=["current", "loaded_digest", "settled_digest"])

    class Meta:
        ordering = ["key"]
        permissions = [
            ("review_question", "Can send questions to review and solve them blind"),
            ("publish_question", "Can publish and retire questions and correct keys"),
        ]
        indexes = [
            # The published items of a topic, for every choice of practice items.
            models.Index(fields=["topic", "status"], name="quizzes_question_pool")
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        """Return the staff's preview: learners meet an item only in their sessions."""
        return reverse("admin:quizzes_question_preview", args=[self.pk])


class QuestionVersion(models.Model):
    """What an item says. A version is never edited: a change makes the next one."""

    class Order(models.TextChoices):
        FIXED = "fixed", "As written"
        SHUFFLE = "shuffle", "Shuffled in practice"

    class Difficulty(models.IntegerChoices):
        RECALL = 1, "1 – recall"
        ONE_RULE = 2, "2 – apply one rule"
        TWO_RULES = 3, "3 – combine two rules"
        CASE = 4, "4 – case"

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    stem = models.TextField()
    note = models.TextField("case note", blank=True)
    rationale = models.TextField()
    references = models.JSONField(default=list, blank=True)
    difficulty = models.PositiveSmallIntegerField(choices=Difficulty)
    payer_context = models.CharField(max_length=8, choices=PayerContext)
    code_year = models.PositiveSmallIntegerField()
    valid_from = models.DateField(help_text="First exam date for which the item is right.")
    valid_to = models.DateField(help_text="Last exam date for which the item is right.")
    order = models.CharField("order of choices", max_length=7, choices=Order)
    facts = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    sheet_digest = models.CharField(max_length=16, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False
    )

    class Meta:
        verbose_name = "version"
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="quizzes_version_unique"),
            models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_to")),
                name="quizzes_version_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question.key}, version {self.number}"

    def code_years(self) -> list[int]:
        """Return the code years for which the item is right."""
        return list(range(self.valid_from.year, self.valid_to.year + 1))


class Choice(models.Model):
    """One of an item's four options: the key, or a distractor with its reason."""

    version = models.ForeignKey(
        QuestionVersion, models.CASCADE, related_name="choices", db_index=False
    )
    letter = models.CharField(max_length=1)
    text = models.CharField(max_length=400)
    codes = models.CharField(max_length=200, blank=True, help_text="Separated by spaces.")
    error_tag = models.SlugField(max_length=60, blank=True, db_index=False)
    reason = models.TextField(blank=True)
    is_key = models.BooleanField(default=False)

    class Meta:
        ordering = ["version", "letter"]
        constraints = [
            models.UniqueConstraint(fields=["version", "letter"], name="quizzes_choice_unique"),
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(is_key=True),
                name="quizzes_one_key",
                violation_error_message="An item has exactly one key.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.text}"


class VersionStat(models.Model):
    """How a version does, counted from finished sessions. ``rebuild_stats`` recounts it.

    First tries tell difficulty, the pull of each choice and the time it takes. Whole mock
    exams (``scored``) tell discrimination; their scores are whole ten-thousandths, so that
    sums are exact. What stands below ``times`` is worked out of the counters.
    """

    version = models.OneToOneField(
        QuestionVersion, models.CASCADE, primary_key=True, related_name="stat"
    )
    first_tries = models.PositiveIntegerField(default=0)
    first_tries_correct = models.PositiveIntegerField(default=0)
    picked_a = models.PositiveIntegerField(default=0, db_default=0)
    picked_b = models.PositiveIntegerField(default=0, db_default=0)
    picked_c = models.PositiveIntegerField(default=0, db_default=0)
    picked_d = models.PositiveIntegerField(default=0, db_default=0)
    n_scored = models.PositiveIntegerField(default=0, db_default=0)
    n_scored_correct = models.PositiveIntegerField(default=0, db_default=0)
    sum_score = models.PositiveBigIntegerField(default=0, db_default=0)
    sum_score_sq = models.PositiveBigIntegerField(default=0, db_default=0)
    sum_score_correct = models.PositiveBigIntegerField(default=0, db_default=0)
    times = models.JSONField(
        null=True, help_text="First tries by their seconds, to two significant digits."
    )
    median_seconds = models.PositiveIntegerField(null=True)
    discrimination = models.FloatField(null=True)

    class Meta:
        verbose_name = "item statistics"
        verbose_name_plural = "item statistics"

    def __str__(self) -> str:
        return f"{self.first_tries_correct} of {self.first_tries}"
