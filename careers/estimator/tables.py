"""What an estimate is computed from: pay tables, their orders, official wages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from urllib.parse import urlencode

from careers.estimator.orders import Step, above, below


class Attribute(StrEnum):
    """What divides the guide's tables; each is a choice of the form."""

    CERTIFICATION = "certification"
    SPECIALTY = "specialty"
    EXPERIENCE = "experience"


class Work(StrEnum):
    """Where the work is done; the values are the keys of the guide's work models."""

    ON_SITE = "on-site"
    HYBRID = "hybrid"
    REMOTE = "remote"


@dataclass(frozen=True)
class PayRow:
    """A row of a pay table, in US dollars a year; ``high`` equals ``low`` for a single number.

    ``amount`` is the range as it is printed, ``remark`` what the row leads to or asks for,
    ``source`` where it comes from: the computation carries them along and looks at none.
    """

    key: str
    label: str
    low: Fraction
    high: Fraction
    open_ended: bool = False
    amount: str = ""
    remark: str = ""
    source: object = None


@dataclass(frozen=True)
class LevelledRow:
    """A row whose ends are no lower than those of any row below it in the order."""

    row: PayRow
    low: Fraction
    high: Fraction

    @property
    def raised(self) -> bool:
        """Whether the table contradicted the order, and the order won."""
        return (self.low, self.high) != (self.row.low, self.row.high)


@dataclass(frozen=True)
class PayTable:
    """Rows with what stands above what among them."""

    rows: Mapping[str, PayRow]
    steps: frozenset[Step] = frozenset()

    def is_lowest(self, key: str) -> bool:
        """Tell whether others rank above a row and none below it."""
        return bool(above(key, self.steps)) and not below(key, self.steps)

    def levelled(self, key: str) -> LevelledRow:
        """Return a row with its ends raised to the highest at or below it.

        So an estimate never falls along the order, however staff edit the table.
        """
        row = self.rows[key]
        lower = [self.rows[other] for other in below(key, self.steps) if other in self.rows]
        return LevelledRow(
            row,
            max(other.low for other in [row, *lower]),
            max(other.high for other in [row, *lower]),
        )


@dataclass(frozen=True)
class AreaPay:
    """Official annual wages of an area in US dollars, None where not released.

    ``mean_error`` is the relative standard error of the mean in percent, ``named`` the name
    as a sentence needs it.
    """

    key: str
    name: str
    median: int | None
    p10: int | None = None
    p25: int | None = None
    p75: int | None = None
    p90: int | None = None
    mean_error: Decimal | None = None
    source: object = None
    named: str = ""

    def bounds(self, nation: "AreaPay") -> tuple[int, int] | None:
        """Return the 10th and 90th percentile, or what is nearest to them if not released.

        In place of a missing one stands the nation's, or the area's own outermost wage
        where that lies further out. None without a single wage.
        """
        released = [
            wage
            for wage in (self.p10, self.p25, self.median, self.p75, self.p90)
            if wage is not None
        ]
        if not released:
            return None
        low, high = self.p10, self.p90
        if low is None:
            low = min(released if nation.p10 is None else [*released, nation.p10])
        if high is None:
            high = max(released if nation.p90 is None else [*released, nation.p90])
        return low, high


@dataclass(frozen=True)
class Choices:
    """What somebody chose, by key; empty is "not sure", and for the area the whole nation."""

    state: str = ""
    certification: str = ""
    specialty: str = ""
    experience: str = ""
    work: str = ""

    @property
    def query(self) -> str:
        """The choices as the query of an address; never empty, which would ask for nothing."""
        return urlencode({name: key for name, key in asdict(self).items() if key}) or "state="

    def key_of(self, attribute: Attribute) -> str:
        """Return the key chosen for an attribute."""
        return str(getattr(self, attribute))


@dataclass(frozen=True)
class Inputs:
    """Everything that estimates draw on; ``baseline`` is the guide's own median."""

    baseline: PayRow
    nation: AreaPay
    areas: Mapping[str, AreaPay] = field(default_factory=dict)
    tables: Mapping[Attribute, PayTable] = field(default_factory=dict)

    def without_usual_credential(self, choices: Choices) -> PayRow | None:
        """Return the chosen specialty if the lowest certification was chosen with it."""
        certifications = self.tables[Attribute.CERTIFICATION]
        if not choices.specialty or not certifications.is_lowest(choices.certification):
            return None
        return self.tables[Attribute.SPECIALTY].rows[choices.specialty]

    def area_of(self, choices: Choices) -> AreaPay:
        """Return the chosen area; raises KeyError for one that is not there."""
        return self.areas[choices.state] if choices.state else self.nation
