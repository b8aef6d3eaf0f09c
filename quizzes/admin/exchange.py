"""Import and export of items."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from prepsite.content.exchange.admin import ExchangeMixin
from prepsite.content.exchange.forms import ExportForm, UploadForm
from quizzes.exchange import ItemResource, reference_problem
from quizzes.interchange import formats
from quizzes.interchange.drafts import Wishes
from quizzes.interchange.entries import open_to_learners
from quizzes.models import Topic


class ItemUploadForm(UploadForm):
    """A file of items, and what holds for those that do not say it themselves."""

    topic = forms.ChoiceField(
        label="Topic of questions that name none",
        required=False,
        help_text="Other programs’ GIFT files do not know our topics.",
    )
    reference = forms.CharField(
        label="Reference of questions that name none",
        required=False,
        max_length=400,
        help_text="source | section | address (the address may be left out)",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.values_list("slug", "area__name", "name")
        self.fields["topic"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((slug, f"{area}: {name}") for slug, area, name in topics),
        ]

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        if reference and (problem := reference_problem(reference)):
            raise forms.ValidationError(problem)
        return reference


class ItemExportForm(ExportForm):
    """The format of an export, and how much it holds."""

    everything = forms.BooleanField(
        label="GIFT, Moodle XML and Anki too: all that the list shows",
        required=False,
        help_text="Without it they hold what learners have: published, and not withdrawn.",
    )


class ItemExchange(ExchangeMixin):
    """For the admin of questions: their current versions out, next versions in."""

    take_label = "Make a new version from the file"
    import_help = (
        "A new item enters as a draft unless its row says otherwise; older versions stay as "
        "they are."
    )
    import_formats = tuple(formats.IN.values())
    export_formats = tuple(formats.OUT.values())
    upload_form = ItemUploadForm
    export_form = ItemExportForm

    def make_resource(self, **choices: Any) -> ItemResource:
        wishes = Wishes(
            choices.pop("topic", ""), choices.pop("reference", ""), timezone.localdate()
        )
        return ItemResource(wishes=wishes, **choices)

    def export_content(
        self, file_format: Any, rows: QuerySet[Any], form: ExportForm
    ) -> bytes | str:
        kind = type(file_format)
        if kind in formats.FOR_LEARNERS and not form.cleaned_data["everything"]:
            rows = open_to_learners(rows)
        return formats.write(kind, rows, site_name=settings.SITE_NAME, now=timezone.now())
