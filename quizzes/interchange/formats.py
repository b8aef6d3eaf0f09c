"""All formats of items under the names that commands and forms give them."""

from datetime import datetime

from django.db.models import QuerySet

from prepsite.content.exchange.formats import CsvFile, JsonFile
from quizzes.exchange import ItemResource
from quizzes.interchange.anki import AnkiFile
from quizzes.interchange.entries import entries_of
from quizzes.interchange.gift import GiftFile
from quizzes.interchange.moodle import MoodleFile
from quizzes.models import Question

type TableFormat = type[CsvFile | JsonFile | GiftFile]
type Format = type[CsvFile | JsonFile | GiftFile | MoodleFile | AnkiFile]

IN: dict[str, TableFormat] = {"csv": CsvFile, "json": JsonFile, "gift": GiftFile}
OUT: dict[str, Format] = {**IN, "moodle": MoodleFile, "anki": AnkiFile}
# Written for people to learn with; CSV and JSON are for staff to edit.
FOR_LEARNERS: frozenset[Format] = frozenset({GiftFile, MoodleFile, AnkiFile})


def write(
    file_format: Format, questions: QuerySet[Question], *, site_name: str, now: datetime
) -> bytes:
    """Return the file of these items in their current wording."""
    if issubclass(file_format, MoodleFile | AnkiFile):
        return file_format().write(entries_of(questions), site_name, now)
    table = ItemResource().export(questions, structured=file_format is JsonFile)
    return file_format().export_data(table).encode()
