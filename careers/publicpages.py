"""What the guide's pages say of themselves to search engines and shared links."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from careers import lastmod, models
from careers.guide import Topic
from careers.models import OVERVIEW
from careers.oews.latest import read_release
from careers.states.figures import money, named
from careers.states.portrait import describe
from careers.states.ranking import rank_of
from prepsite.discovery.pagemeta import Crumb, Feed, Headline, PageMeta, Subject, trail

BASE = "/careers/"
FEED = Feed("Changed figures of the career guide", f"{BASE}changes/feed/")
CODER = Subject("Occupation", "Medical coder")
CPC = Subject("EducationalOccupationalCredential", "Certified Professional Coder (CPC)")
COMPARE = "Compare medical coding pay by state"
ABOUT_THE_CREDENTIAL = {"certification", "becoming-certified"}
STATES = (("Careers", BASE), ("Pay by state", f"{BASE}states/"))

EMPTY = PageMeta(
    title="Medical coding careers",
    description="What medical coding pays and where it leads: the guide is being put in place.",
    path=BASE,
    crumbs=trail(("Careers", BASE)),
    indexed=False,
)


def topic_meta(topic: Topic, *, indexed: bool = True) -> PageMeta:
    """Return what a page of the guide says of itself.

    What a query made of the page is not ``indexed``.
    """
    figure = next(
        (
            row
            for row in topic.headlines
            if isinstance(row, models.SalaryFigure) and row.in_overview
        ),
        None,
    )
    return replace(page_meta(topic.page, topic.changed_on, figure), indexed=indexed)


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


def state_meta(wage: models.Wage, description: str, changed_on: date | None) -> PageMeta:
    """Return what the page of a state says of itself."""
    path = wage.area.get_absolute_url()
    return PageMeta(
        title=f"Medical coding pay in {named(wage.area)}",
        description=description,
        path=path,
        crumbs=trail(*STATES, (wage.area.name, path)),
        kind="article",
        modified_on=changed_on,
        about=CODER,
        feed=FEED,
        headline=_median(wage),
    )


def _median(wage: models.Wage) -> Headline | None:
    if wage.annual_median is None:
        return None
    label = f"Official median in {named(wage.area)}, {wage.released}"
    return Headline(f"{money(wage.annual_median)} a year", label, str(wage.provenance))


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


def changes_meta(topic: Topic, number: int) -> PageMeta:
    """Return what a page of the log says of itself; only the first one is to be found."""
    meta = topic_meta(topic)
    if number == 1:
        return meta
    path = f"{meta.path}{number}/"
    title, crumb = f"{meta.title}, page {number}", Crumb(f"Page {number}", path)
    return replace(meta, title=title, path=path, crumbs=(*meta.crumbs, crumb), indexed=False)


def public_pages() -> Iterator[PageMeta]:
    """Yield all pages of the guide and of the states, in six statements."""
    pages: Sequence[models.Page] = list(models.Page.objects.for_page())
    if not pages:
        return
    newest = lastmod.newest_changes()
    days = lastmod.page_dates(pages, newest)
    salaries = models.SalaryFigure.objects.for_page()
    figure = salaries.filter(in_overview=True).exclude(headline="").first()
    for page in pages:
        yield page_meta(page, days[page.slug], figure)
    release = read_release()
    if release is None:
        return
    yield compare_meta()
    changed_on = lastmod.date_of_states(pages, newest)
    for wage in release.wages:
        if wage.area.slug != models.NATION:
            yield state_meta(wage, describe(wage, rank_of(wage, release)), changed_on)
