"""Where a table of the survey says what: BLS's own files, and the extract that ships.

Meaning of columns and marks: the sheet "Field Descriptions" of BLS's files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from careers.oews.rules import WAGES

OCCUPATION = "29-2072"
# What stands where there is no estimate: of a wage, of employment, of a share; the extract's.
NOT_RELEASED = ("", "-", "*", "**", "~")
# A wage at or above the highest one that BLS prints.
TOP_CODED = "#"


def _numbers(employment_rse: str, mean_rse: str) -> dict[str, str]:
    """Return the columns of the numbers; those of errors have a name in each form."""
    return {
        "employment": "tot_emp",
        "employment_rse": employment_rse,
        **{
            column: column.replace("hourly_", "h_").replace("annual_", "a_").replace("_p", "_pct")
            for column in WAGES
        },
        "mean_rse": mean_rse,
        "jobs_per_1000": "jobs_1000",
        "location_quotient": "loc_quotient",
    }


@dataclass(frozen=True)
class Layout:
    """One form of the table: the columns that name a row, and those that hold its numbers.

    ``numbers`` maps each column of ours to the file's; ``nation`` is its code of the nation.
    """

    area: str
    title: str
    postal: str
    nation: str
    others: tuple[str, ...]
    numbers: Mapping[str, str]

    @property
    def required(self) -> list[str]:
        """All columns that a file of this form must have."""
        return [self.area, self.title, self.postal, *self.others, *self.numbers.values()]


OFFICIAL = Layout(
    area="area",
    title="area_title",
    postal="prim_state",
    nation="99",
    others=("area_type", "i_group", "own_code", "occ_code"),
    numbers=_numbers("emp_prse", "mean_prse"),
)
EXTRACT = Layout(
    area="fips",
    title="area",
    postal="postal",
    nation="00",
    others=("release", "footnotes"),
    numbers=_numbers("emp_prse_pct", "mean_prse_pct"),
)

_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)


def number_in(text: str) -> str | None:
    """Return the digits of a cell without their commas, or None for a mark of no estimate.

    Raises ValueError, worded for people, for anything else.
    """
    if text in NOT_RELEASED:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number of zero or more, nor a mark of BLS.")
    return text.replace(",", "")
