"""When a page last changed: its text, or a figure that it shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Max
from django.utils import timezone

from careers import models
from careers.changes import logged_models
from careers.models import CHANGES, Block, FigureChange, Page, Question, Section
from careers.references import MODELS, references_in

STATES = "states"
# What the pages of single states show.
STATE_TABLES = frozenset(str(model._meta.model_name) for model in (models.Wage, models.StatePay))

type Newest = Mapping[tuple[str, str], date]

# The tables whose figures a block shows. A test holds this against what builders read.
SHOWN: dict[str, tuple[type[models.Sourced], ...]] = {
    Block.OVERVIEW: (models.SalaryFigure, models.CertificationPremium),
    Block.CERTIFICATIONS: (models.CertificationPay,),
    Block.PREMIUM: (models.CertificationPremium,),
    Block.COMPARISON: (models.SalaryFigure,),
    Block.STATES: (models.StatePay,),
    Block.SPECIALTIES: (models.SpecialtyPay,),
    Block.NICHE: (models.NicheFact, models.SpecialtyPay),
    Block.WORK_MODELS: (models.WorkModel,),
    Block.REMOTE: (models.RemoteAdvantage,),
    Block.LADDER: (models.LadderLevel,),
    Block.ALTERNATIVES: (models.AlternativePath,),
    Block.OUTLOOK: (models.OutlookFigure,),
    Block.ADVICE: (models.AlternativePath, models.CertificationPremium),
    Block.NATION: (models.Wage,),
    Block.STATE_MAP: (models.Wage,),
    Block.STATE_TABLE: (models.Wage,),
    Block.EXAM_FACTS: (models.ExamFact,),
    Block.APPRENTICE: (models.ExamFact,),
    Block.EXAM_COSTS: (models.ExamCost,),
    Block.PAY_BACK: (models.ExamCost, models.CertificationPremium),
}


@dataclass(frozen=True)
class Figures:
    """The figures on a page: whole tables, and single ones named in its texts."""

    tables: frozenset[str]
    named: frozenset[tuple[str, str]]

    @property
    def models(self) -> set[str]:
        """The names of their models."""
        return {*self.tables, *(model for model, _ in self.named)}


def figures_on(page: Page, sections: Iterable[Section], answers: Iterable[str]) -> Figures:
    """Return which figures stand on a page.

    ``sections`` are those of all pages, ``answers`` those to the questions people ask.
    """
    own = [section for section in sections if section.page_id == page.pk]
    texts = [page.answer, *(text for section in own for text in (section.body, section.note))]
    if any(section.block == Block.QUESTIONS for section in own):
        texts += answers
    tables = [model for section in own for model in SHOWN.get(section.block, ())]
    if page.slug == CHANGES:
        tables = logged_models(apps.get_app_config("careers").get_models())
    return Figures(
        frozenset(str(model._meta.model_name) for model in tables),
        frozenset(
            (str(MODELS[kind]._meta.model_name), slug)
            for text in texts
            for kind, slug in references_in(text)
            if kind in MODELS
        ),
    )


def newest_changes(models: Iterable[str] | None = None) -> Newest:
    """Return the day of the newest change of each figure by model and key, in one statement.

    Only those of some models, if they are named.
    """
    rows = FigureChange.objects.order_by()
    if models is not None:
        rows = rows.filter(model__in=models)
    newest = rows.values_list("model", "slug").annotate(Max("at"))
    return {(model, slug): timezone.localdate(at) for model, slug, at in newest}


def date_of(page: Page, figures: Figures, newest: Newest) -> date:
    """Return the day on which a page last changed: its text, or a figure on it."""
    days = [
        day for name, day in newest.items() if name[0] in figures.tables or name in figures.named
    ]
    return max([page.updated_on, *days])


def read_date(page: Page, sections: Iterable[Section], answers: Iterable[str]) -> date:
    """Return the day on which one page last changed; a page without figures costs nothing."""
    figures = figures_on(page, sections, answers)
    return date_of(page, figures, newest_changes(figures.models) if figures.models else {})


def date_of_states(pages: Iterable[Page], newest: Newest) -> date | None:
    """Return the day of the pages of single states, given the guide's pages.

    Each shows its rank and its neighbours, so it changes with any of their figures. None if
    the guide has no page of all states.
    """
    page = next((page for page in pages if page.slug == STATES), None)
    return date_of(page, Figures(STATE_TABLES, frozenset()), newest) if page else None


def page_dates(pages: Iterable[Page], newest: Newest) -> dict[str, date]:
    """Return the day on which each of the guide's pages last changed, by key.

    Two statements for all.
    """
    sections = list(Section.objects.for_page())
    answers = list(Question.objects.values_list("answer", flat=True))
    return {page.slug: date_of(page, figures_on(page, sections, answers), newest) for page in pages}
