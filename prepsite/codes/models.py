"""Code sets as they are published: one row for each code of each year."""

from django.db import models


class CodeSet(models.Model):
    """One year's release of ICD-10-CM. Several years stand side by side."""

    code_year = models.PositiveSmallIntegerField(
        unique=True, help_text="Fiscal year of ICD-10-CM: 2026 began on 1 October 2025."
    )
    edition = models.CharField(max_length=100)
    effective_from = models.DateField()
    effective_to = models.DateField()
    source = models.CharField(max_length=200)
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
    """A HCPCS Level II code or modifier, described in our own words."""

    code = models.CharField(max_length=5, primary_key=True)
    is_modifier = models.BooleanField()
    section = models.CharField(max_length=60)
    description = models.CharField(max_length=300)
    effective_from = models.DateField()
    effective_to = models.DateField(
        null=True, blank=True, help_text="Last valid day; blank while no end is announced."
    )

    class Meta:
        verbose_name = "HCPCS code"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"
