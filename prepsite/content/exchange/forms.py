"""The forms of import and export; all of them work without JavaScript."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator

from prepsite.content.exchange.formats import FORMATS, MAX_BYTES, MAX_ROWS
from prepsite.content.exchange.resource import Conflict

# The place in FORMATS by the end of a file's name.
SUFFIXES = {".csv": 0, ".txt": 0, ".tsv": 0, ".json": 1}
SPREADSHEETS = {".xlsx", ".xls", ".ods", ".numbers"}


class UploadForm(forms.Form):
    """A file, and what to do with rows that are here already and differ."""

    import_file = forms.FileField(
        label="File to import",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=f"CSV (UTF-8) or JSON, up to {MAX_BYTES // 1_000_000} MB and {MAX_ROWS:,} rows.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    conflict = forms.ChoiceField(
        label="If a row is here already and differs",
        widget=forms.RadioSelect,
        initial=Conflict.KEEP,
        required=True,
    )

    def __init__(self, *args: Any, take_label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflict"].choices = [  # type: ignore[attr-defined]
            (Conflict.KEEP.value, "Leave what is here"),
            (Conflict.TAKE.value, take_label),
            (Conflict.REFUSE.value, "Refuse the row"),
        ]

    def clean_import_file(self) -> UploadedFile:
        """Refuse by size and name, before anything is read."""
        file: UploadedFile = self.cleaned_data["import_file"]
        suffix = PurePath(file.name or "").suffix.lower()
        if suffix in SPREADSHEETS:
            raise forms.ValidationError(
                "This is a spreadsheet file. Save it as “CSV UTF-8” and choose that one."
            )
        if suffix not in SUFFIXES:
            raise forms.ValidationError("Choose a file whose name ends in .csv or .json.")
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {MAX_BYTES // 1_000_000} MB. Divide it."
            )
        self.cleaned_data["format"] = SUFFIXES[suffix]
        return file


class ConfirmForm(forms.Form):
    """The second step: which upload, and whether bad rows may stay behind."""

    import_file_name = forms.CharField(
        widget=forms.HiddenInput, validators=[RegexValidator(r"\A[0-9a-f]{32}\Z")]
    )
    only_good = forms.BooleanField(label="Import the good rows, leave the bad ones", required=False)


class ExportForm(forms.Form):
    """The format of an export."""

    format = forms.ChoiceField(
        label="Format",
        widget=forms.RadioSelect,
        choices=[(place, kind().get_title().upper()) for place, kind in enumerate(FORMATS)],
        initial=0,
    )
