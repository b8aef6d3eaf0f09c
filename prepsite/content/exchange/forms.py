"""The forms of import and export; all of them work without JavaScript."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField

from prepsite.content.exchange.formats import MAX_BYTES, MAX_ROWS, SPREADSHEET, FileFault
from prepsite.content.exchange.resource import Conflict

SPREADSHEETS = {".xlsx", ".xls", ".ods", ".numbers"}
# As much of a file as tells one format from another of the same suffix.
HEAD_BYTES = 8_192


def place_of(name: str, head: bytes, formats: Sequence[Any]) -> int:
    """Return the place of the format that a file has by its name and its beginning.

    Raises FileFault where it has none of them.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in SPREADSHEETS:
        raise FileFault(SPREADSHEET)
    places = [place for place, kind in enumerate(formats) if suffix in kind.suffixes]
    if not places:
        endings = [kind.suffixes[0] for kind in formats]
        raise FileFault(
            f"Choose a file whose name ends in {', '.join(endings[:-1])} or {endings[-1]}."
        )
    sure = [place for place in places[1:] if formats[place].recognises(head)]
    return (sure or places)[0]


class UploadForm(forms.Form):
    """A file, and what to do with rows that are here already and differ.

    Fields that a subclass adds are choices for the resource, under their names.
    """

    import_file = forms.FileField(
        label="File to import",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    conflict = forms.ChoiceField(
        label="If a row is here already and differs",
        widget=forms.RadioSelect,
        initial=Conflict.KEEP,
        required=True,
    )

    def __init__(self, *args: Any, take_label: str, formats: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.formats = formats
        titles = [kind().get_title().upper() for kind in formats]
        file = self.fields["import_file"]
        file.widget = forms.FileInput(
            attrs={"accept": ",".join(suffix for kind in formats for suffix in kind.suffixes)}
        )
        file.help_text = (
            f"{', '.join(titles[:-1])} or {titles[-1]} in UTF-8, up to "
            f"{MAX_BYTES // 1_000_000} MB and {MAX_ROWS:,} rows."
        )
        self.fields["conflict"].choices = [  # type: ignore[attr-defined]
            (Conflict.KEEP.value, "Leave what is here"),
            (Conflict.TAKE.value, take_label),
            (Conflict.REFUSE.value, "Refuse the row"),
        ]

    def further_fields(self) -> list[BoundField]:
        """Return the fields that a subclass adds."""
        return [field for field in self if field.name not in UploadForm.base_fields]

    def clean_import_file(self) -> UploadedFile:
        """Refuse by size and name, before more than its head is read."""
        file: UploadedFile = self.cleaned_data["import_file"]
        head = file.read(HEAD_BYTES)
        file.seek(0)
        try:
            self.cleaned_data["format"] = place_of(file.name or "", head, self.formats)
        except FileFault as fault:
            raise forms.ValidationError(str(fault)) from fault
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {MAX_BYTES // 1_000_000} MB. Divide it."
            )
        return file


class ConfirmForm(forms.Form):
    """The second step: which upload, and whether bad rows may stay behind."""

    import_file_name = forms.CharField(
        widget=forms.HiddenInput, validators=[RegexValidator(r"\A[0-9a-f]{32}\Z")]
    )
    only_good = forms.BooleanField(label="Import the good rows, leave the bad ones", required=False)


class ExportForm(forms.Form):
    """The format of an export."""

    format = forms.ChoiceField(label="Format", widget=forms.RadioSelect, initial=0)

    def __init__(self, *args: Any, formats: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [  # type: ignore[attr-defined]
            (place, kind().get_title()) for place, kind in enumerate(formats)
        ]

    def further_fields(self) -> list[BoundField]:
        """Return the fields that a subclass adds."""
        return [field for field in self if field.name not in ExportForm.base_fields]
