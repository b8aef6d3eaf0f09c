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
from prepsite.content import revision

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


class _Memo:
    revision = -1
    newest: Newest = {}


def newest_changes() -> Newest:
    """Return the day of the newest change of each figure by model and key.

    Read once for each content revision, which rises with every change.
    """
    current = revision.current().revision
    if _Memo.revision != current:
        rows = FigureChange.objects.order_by().values_list("model", "slug").annotate(Max("at"))
        _Memo.newest = {(model, slug): timezone.localdate(at) for model, slug, at in rows}
        _Memo.revision = current
    return _Memo.newest


def forget() -> None:
    """Drop this process's memory."""
    _Memo.revision = -1


def date_of(page: Page, figures: Figures, newest: Newest) -> date:
    """Return the day on which a page last changed: its text, or a figure on it."""
    days = [
        day for name, day in newest.items() if name[0] in figures.tables or name in figures.named
    ]
    return max([page.updated_on, *days])


def read_date(page: Page, sections: Iterable[Section], answers: Iterable[str]) -> date:
    """Return the day on which one page last changed."""
    return date_of(page, figures_on(page, sections, answers), newest_changes())


def date_of_states(page: Page, newest: Newest) -> date:
    """Return the day of the pages of single states, given the page of all of them.

    Each shows its rank and its neighbours, so it changes with any of their figures.
    """
    tables = {models.Wage._meta.model_name, models.StatePay._meta.model_name}
    return max([page.updated_on, *(day for (table, _), day in newest.items() if table in tables)])


def page_dates(pages: Iterable[Page]) -> dict[str, date]:
    """Return the day on which each of the guide's pages last changed, by key.

    Three statements at most.
    """
    sections = list(Section.objects.for_page())
    answers = list(Question.objects.values_list("answer", flat=True))
    return {page.slug: read_date(page, sections, answers) for page in pages}
