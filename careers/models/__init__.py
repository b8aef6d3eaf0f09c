"""The figures and texts of the page, one model for each table and list."""

from careers.models.base import (
    AsOfPrecision,
    Entry,
    Figure,
    OptionalFigure,
    Provenance,
    Source,
    Sourced,
)
from careers.models.future import (
    AdviceStage,
    AdviceStep,
    AiPoint,
    AlternativePath,
    LadderLevel,
    OutlookDriver,
    OutlookFigure,
)
from careers.models.pay import (
    CertificationPay,
    CertificationPremium,
    NicheFact,
    RemoteAdvantage,
    SalaryFigure,
    SourceComparison,
    SpecialtyPay,
    StatePay,
    WorkModel,
)
from careers.models.prose import Block, LoadedRow, Resource, Section

__all__ = [
    "AdviceStage",
    "AdviceStep",
    "AiPoint",
    "AlternativePath",
    "AsOfPrecision",
    "Block",
    "CertificationPay",
    "CertificationPremium",
    "Entry",
    "Figure",
    "LadderLevel",
    "LoadedRow",
    "NicheFact",
    "OptionalFigure",
    "OutlookDriver",
    "OutlookFigure",
    "Provenance",
    "RemoteAdvantage",
    "Resource",
    "SalaryFigure",
    "Section",
    "Source",
    "SourceComparison",
    "Sourced",
    "SpecialtyPay",
    "StatePay",
    "WorkModel",
]
