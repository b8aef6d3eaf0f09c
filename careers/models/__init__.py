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
from careers.models.becoming import ExamCost, ExamFact
from careers.models.changes import FigureChange
from careers.models.future import (
    AdviceStage,
    AdviceStep,
    AiPoint,
    AlternativePath,
    LadderLevel,
    OutlookDriver,
    OutlookFigure,
)
from careers.models.official import NATION, Area, Wage
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
from careers.models.prose import OVERVIEW, Block, LoadedRow, Page, Question, Resource, Section

__all__ = [
    "NATION",
    "OVERVIEW",
    "AdviceStage",
    "AdviceStep",
    "AiPoint",
    "AlternativePath",
    "Area",
    "AsOfPrecision",
    "Block",
    "CertificationPay",
    "CertificationPremium",
    "Entry",
    "ExamCost",
    "ExamFact",
    "Figure",
    "FigureChange",
    "LadderLevel",
    "LoadedRow",
    "NicheFact",
    "OptionalFigure",
    "OutlookDriver",
    "OutlookFigure",
    "Page",
    "Provenance",
    "Question",
    "RemoteAdvantage",
    "Resource",
    "SalaryFigure",
    "Section",
    "Source",
    "SourceComparison",
    "Sourced",
    "SpecialtyPay",
    "StatePay",
    "Wage",
    "WorkModel",
]
