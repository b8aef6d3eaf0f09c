"""The account, and the learner who may or may not have one."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes users whose e-mail address is their name, in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Save and return a user; raises ValueError without an e-mail address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Save and return a user with all permissions."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this address, however its letters are cased."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account, known by its e-mail address."""

    email = models.EmailField("e-mail address", unique=True)
    is_staff = models.BooleanField("staff", default=False)
    is_active = models.BooleanField("active", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"
            )
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in lower case, so that one mailbox has one account."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class Learner(models.Model):
    """Everyone who has answered a question, from the first answer on.

    ``merged_into`` stays behind when an anonymous learner joins an account, so that a
    late request of the old browser tab finds nothing instead of somebody's data.
    """

    class Theme(models.TextChoices):
        AUTO = "auto", "As my device has it"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True)
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, blank=True)
    exam_date = models.DateField(null=True, blank=True)
    exam_date_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    time_zone = models.CharField(
        max_length=63, blank=True, help_text="Blank: the site's time zone."
    )
    # With a default in the database too: while a release is rolled out, the former one
    # still adds rows.
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO, db_default=Theme.AUTO)
    shortcuts = models.BooleanField("keyboard shortcuts", default=True, db_default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(user=None),
                name="accounts_merged_learner_has_no_user",
            )
        ]

    def __str__(self) -> str:
        return f"Learner {self.pk}" + (" (account)" if self.user_id else "")


class Merge(models.Model):
    """That an anonymous learner joined another one, and whether this was undone since.

    A fact: nothing of it changes but ``undone_at``, which is set once. What came along
    is known by its own rows (such as ``Attempt.merged_from``); only the exam date, which
    is one field of the target, has its former value kept here.
    """

    source = models.ForeignKey(Learner, models.CASCADE, related_name="merges_away")
    target = models.ForeignKey(Learner, models.CASCADE, related_name="merges_received")
    at = models.DateTimeField(default=timezone.now)
    # When the source had set its exam date, and what the target had until then: of the
    # two, the date that was set later counts.
    source_date_set_at = models.DateTimeField(null=True)
    former_exam_date = models.DateField(null=True)
    former_date_set_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(undone_at=None),
                name="accounts_one_standing_merge",
            )
        ]

    def __str__(self) -> str:
        return f"learner {self.source_id} into {self.target_id}"

    @property
    def moved_exam_date(self) -> bool:
        """Tell whether the source's exam date took the place of the target's."""
        return self.source_date_set_at is not None and (
            self.former_date_set_at is None or self.source_date_set_at > self.former_date_set_at
        )
