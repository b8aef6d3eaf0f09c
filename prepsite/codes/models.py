"""Code sets as they are published: one row for each code of each year."""

from datetime import date

from django.db import models
from django.utils import timezone


class CodeSet(models.Model):
    """One year's release of ICD-10-CM. Several years stand side by side."""

    code_year = models.PositiveSmallIntegerField(
        unique=True, help_text="Fiscal year of ICD-10-CM: 2026 began on 1 October 2025."
    )
    edition = models.CharField(max_length=100)
    effective_from = models.DateField()
    effective_to = models.DateField()
    source = models.CharField(max_length=200)
    notes_year = models.PositiveSmallIntegerField(
        "notes of year",
        null=True,
        blank=True,
        help_text="Set where the notes are not this year's: carried over from another's.",
    )
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-code_year"]

    def __str__(self) -> str:
        return f"ICD-10-CM FY {self.code_year} ({self.edition})"


class IcdEntry(models.Model):
    """A chapter, block or code of the tabular list.

    The parent is named by its code and not by a key, so that a whole release loads in
    one pass on every database.
    """

    class Kind(models.TextChoices):
        CHAPTER = "chapter"
        BLOCK = "block"
        CODE = "code"

    code_set = models.ForeignKey(CodeSet, models.CASCADE, related_name="entries", db_index=False)
    code = models.CharField(max_length=9)
    parent_code = models.CharField(max_length=9, blank=True)
    kind = models.CharField(max_length=7, choices=Kind)
    title = models.CharField(max_length=400)
    is_billable = models.BooleanField()
    position = models.PositiveIntegerField(help_text="Place in the tabular list.")

    class Meta:
        verbose_name = "ICD-10-CM entry"
        verbose_name_plural = "ICD-10-CM entries"
        ordering = ["code_set", "position"]
        constraints = [
            # Also serves the look-up of codes by a checker.
            models.UniqueConstraint(fields=["code_set", "code"], name="codes_icd_unique")
        ]
        indexes = [
            # The children of an entry, in tabular order.
            models.Index(fields=["code_set", "parent_code", "position"], name="codes_icd_children")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class IcdNote(models.Model):
    """A note printed under an entry. Notes of a parent hold for its children too."""

    class Kind(models.TextChoices):
        INCLUDES = "includes"
        INCLUSION_TERM = "inclusion term"
        EXCLUDES1 = "excludes1"
        EXCLUDES2 = "excludes2"
        CODE_FIRST = "code first"
        CODE_ALSO = "code also"
        USE_ADDITIONAL = "use additional"
        SEVENTH_CHARACTER = "seventh character"
        NOTE = "note"

    code_set = models.ForeignKey(CodeSet, models.CASCADE, db_index=False)
    code = models.CharField(max_length=9)
    kind = models.CharField(max_length=17, choices=Kind)
    text = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "ICD-10-CM note"
        ordering = ["code_set", "code", "kind", "position"]
        indexes = [
            # All notes of one entry.
            models.Index(fields=["code_set", "code"], name="codes_note_of_entry")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"


class HcpcsCode(models.Model):
    """A HCPCS Level II code or modifier from one source.

    The table that ships with the site says it in our own words, CMS's quarterly file in
    the official ones. Each is loaded without touching the other's rows; where both know a
    code, the official dates count.
    """

    class Source(models.TextChoices):
        OFFICIAL = "official", "CMS’s quarterly file"
        SHIPPED = "shipped", "Shipped table, our wording"

    source = models.CharField(max_length=8, choices=Source, db_default=Source.SHIPPED)
    code = models.CharField(max_length=5)
    is_modifier = models.BooleanField()
    section = models.CharField(max_length=60)
    description = models.TextField()
    effective_from = models.DateField()
    effective_to = models.DateField(
        null=True, blank=True, help_text="Last valid day; blank while no end is announced."
    )
    release = models.DateField(
        null=True, blank=True, help_text="First day of the quarterly release that last held it."
    )

    class Meta:
        verbose_name = "HCPCS code"
        ordering = ["code", "source"]
        constraints = [
            # Also serves the look-up of codes by a checker.
            models.UniqueConstraint(fields=["code", "source"], name="codes_hcpcs_unique")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"

    @property
    def written(self) -> str:
        """Return the code as items write it, a modifier with its hyphen."""
        return f"-{self.code}" if self.is_modifier else self.code


class PlaceOfService(models.Model):
    """A place of service code of professional claims, described in our own words."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300)
    effective_from = models.DateField(
        null=True, blank=True, help_text="First valid day; blank where CMS names none."
    )

    class Meta:
        verbose_name = "place of service"
        verbose_name_plural = "places of service"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CodeChange(models.Model):
    """A code that a loaded release changed. Derived by comparing it with the one before."""

    class Kind(models.TextChoices):
        GONE = "gone", "No longer valid"
        HEADER = "header", "Needs a longer code now"
        RETITLED = "retitled", "Has another title"

    code = models.CharField(max_length=9, help_text="As items write it, modifiers with a hyphen.")
    kind = models.CharField(max_length=8, choices=Kind)
    before = models.TextField("title before")
    after = models.TextField("title now", blank=True)
    release = models.CharField(max_length=100)
    holds_from = models.DateField(help_text="First exam date on which it counts.")
    holds_to = models.DateField(
        null=True, blank=True, help_text="Last exam date; blank where no later release decides."
    )
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-holds_from", "code", "kind"]
        constraints = [
            # Also serves the look-up of an item's codes.
            models.UniqueConstraint(
                fields=["code", "kind", "holds_from"], name="codes_change_unique"
            )
        ]

    def __str__(self) -> str:
        now = f"; now “{self.after}”" if self.after and self.after != self.before else ""
        return f"{self.code} {self.get_kind_display().lower()} ({self.before}{now})"

    def counts_between(self, first: date, last: date) -> bool:
        """Tell whether it counts on some exam date from ``first`` to ``last``."""
        return self.holds_from <= last and (self.holds_to is None or self.holds_to >= first)
