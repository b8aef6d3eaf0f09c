"""What the guide's pages say of themselves to search engines and shared links."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.apps import apps
from django.db.models import Max
from django.utils import timezone

from careers import models
from careers.guide import Topic
from careers.models import OVERVIEW, Block
from careers.oews.latest import read_release
from careers.states.figures import money, named
from careers.states.portrait import describe
from careers.states.ranking import rank_of
from prepsite.discovery.pagemeta import Feed, Headline, PageMeta, Subject, trail

BASE = "/careers/"
FEED = Feed("Changed figures of the career guide", f"{BASE}changes/feed/")
CODER = Subject("Occupation", "Medical coder")
CPC = Subject("EducationalOccupationalCredential", "Certified Professional Coder (CPC)")
COMPARE = "Compare medical coding pay by state"
ABOUT_THE_CREDENTIAL = {"certification", "becoming-certified"}
# Blocks that show figures beside those of the models that name them.
ALSO_SHOWN_IN = {
    "wage": {Block.NATION, Block.STATE_MAP, Block.STATE_TABLE},
    "salaryfigure": {Block.COMPARISON},
    "examfact": {Block.EXAM_FACTS, Block.APPRENTICE},
    "examcost": {Block.PAY_BACK},
}

STATES = (("Careers", BASE), ("Pay by state", f"{BASE}states/"))

EMPTY = PageMeta(
    title="Medical coding careers",
    description="What medical coding pays and where it leads: the guide is being put in place.",
    path=BASE,
    crumbs=trail(("Careers", BASE)),
    indexed=False,
)


def topic_meta(topic: Topic, *, indexed: bool = True) -> PageMeta:
    """Return what a page of the guide says of itself, as one statement finds its changes.

    What a query made of the page is not ``indexed``.
    """
    blocks = {part.section.block for part in topic.parts}
    figure = next(
        (
            row
            for row in topic.headlines
            if isinstance(row, models.SalaryFigure) and row.in_overview
        ),
        None,
    )
    meta = page_meta(topic.page, changed_on(topic.page, blocks, latest_changes()), figure)
    return replace(meta, indexed=indexed)


def page_meta(
    page: models.Page, modified_on: date, figure: models.SalaryFigure | None = None
) -> PageMeta:
    """Return what a page says of itself; only the overview's picture shows a figure."""
    path = page.get_absolute_url()
    way = (
        [("Careers", BASE)]
        if page.slug == OVERVIEW
        else [("Careers", BASE), (page.nav_title, path)]
    )
    return PageMeta(
        title=page.title,
        description=page.description,
        path=path,
        crumbs=trail(*way),
        kind="article",
        modified_on=modified_on,
        about=CPC if page.slug in ABOUT_THE_CREDENTIAL else CODER,
        feed=FEED,
        headline=_headline(figure) if figure and page.slug == OVERVIEW else None,
    )


def state_meta(wage: models.Wage, description: str) -> PageMeta:
    """Return what the page of a state says of itself."""
    path = wage.area.get_absolute_url()
    return PageMeta(
        title=f"Medical coding pay in {named(wage.area)}",
        description=description,
        path=path,
        crumbs=trail(*STATES, (wage.area.name, path)),
        kind="article",
        modified_on=wage.as_of,
        about=CODER,
        feed=FEED,
        headline=_median(wage),
    )


def _median(wage: models.Wage) -> Headline | None:
    if wage.annual_median is None:
        return None
    return Headline(f"{money(wage.annual_median)} a year", "Official median", str(wage.provenance))


def compare_meta(title: str = COMPARE, *, indexed: bool = True) -> PageMeta:
    """Return what the comparison says of itself; one of chosen states is not ``indexed``."""
    path = f"{BASE}states/compare/"
    return PageMeta(
        title=title,
        description=(
            "Set the official wages of up to four states side by side: percentiles, jobs and "
            "errors of medical records specialists, beside the nation's."
        ),
        path=path,
        crumbs=trail(*STATES, ("Compare", path)),
        about=CODER,
        feed=FEED,
        indexed=indexed,
    )


def _headline(figure: models.SalaryFigure) -> Headline:
    return Headline(figure.amount_in_words, figure.headline, str(figure.provenance))


def latest_changes() -> dict[str, datetime]:
    """Return when a figure of each model last changed."""
    changes = models.FigureChange.objects.order_by().values_list("model")
    return {name.lower(): at for name, at in changes.annotate(Max("at"))}


def changed_on(page: models.Page, blocks: Iterable[str], changes: Mapping[str, datetime]) -> date:
    """Return the day on which a page's text or one of its figures last changed."""
    shown = set(blocks)
    days = [
        timezone.localdate(at)
        for name, at in changes.items()
        if not shown.isdisjoint(_blocks_showing(name))
    ]
    return max([page.updated_on, *days])


def _blocks_showing(model_name: str) -> set[str]:
    also: set[str] = set(ALSO_SHOWN_IN.get(model_name, ()))
    try:
        shown_in = apps.get_model("careers", model_name).shown_in
    except LookupError:
        return also
    return also | {shown_in} if isinstance(shown_in, str) else also


def public_pages() -> Iterator[PageMeta]:
    """Yield all pages of the guide and of the states, in five statements."""
    pages: Sequence[models.Page] = list(models.Page.objects.for_page())
    if not pages:
        return
    blocks: dict[int, set[str]] = {}
    for key, block in models.Section.objects.order_by().values_list("page", "block"):
        blocks.setdefault(key, set()).add(block)
    changes = latest_changes()
    salaries = models.SalaryFigure.objects.for_page()
    figure = salaries.filter(in_overview=True).exclude(headline="").first()
    for page in pages:
        yield page_meta(page, changed_on(page, blocks.get(page.pk, ()), changes), figure)
    release = read_release()
    if release is None:
        return
    yield compare_meta()
    for wage in release.wages:
        if wage.area.slug != models.NATION:
            yield state_meta(wage, describe(wage, rank_of(wage, release)))
