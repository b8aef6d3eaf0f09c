"""The words of the guide: each page answers, each claim of the career guide has its place."""

import csv
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from careers import models
from careers.files import DATA, read_files
from careers.loading import load
from careers.references import MODELS, references_in
from careers.schema import PageItem, QuestionItem, SectionItem
from prepsite.content import pagecache
from tests.careers.reading import text_of

# The rows of the career guide's tables, by page: kind of row, then their keys in the guide's order.
TABLES = {
    "overview": {
        "salaryfigure": "median-annual median-hourly average-annual entry-level mid-career senior "
        "top-tenth",
    },
    "certification": {
        "certificationpay": "none cpc cpc-and-specialty ccs cpc-and-ccs cpc-and-management",
        "certificationpremium": "cpc-average uncertified-average premium-in-dollars "
        "premium-in-percent three-certifications certified-over-uncertified same-role",
    },
    "why-sources-differ": {"sourcecomparison": "bls-median glassdoor-average"},
    "states": {
        "statepay": "washington-dc california new-jersey massachusetts washington connecticut "
        "new-york alaska maryland hawaii arkansas mississippi west-virginia louisiana alabama",
    },
    "specialties": {
        "specialtypay": "general-outpatient emergency surgery-orthopedics cardiology radiology "
        "obstetrics-gynecology anesthesia inpatient risk-adjustment auditing",
    },
    "risk-adjustment": {
        "nichefact": "senior-pay why-it-pays certification place-of-work growth",
    },
    "remote-work": {
        "workmodel": "remote hybrid on-site",
        "remoteadvantage": "pay-beyond-your-state no-commute freer-hours second-income",
    },
    "experience": {
        "ladderlevel": "entry-coder certified-coder senior-coder coding-auditor "
        "coding-supervisor coding-manager director",
    },
    "alternatives": {
        "alternativepath": "documentation-improvement revenue-cycle-manager compliance-officer "
        "educator health-information-manager consultant",
    },
    "outlook": {
        "outlookfigure": "projected-growth average-growth openings employment",
        "outlookdriver": "aging icd-10 value-based-care ai",
    },
    "ai": {"aipoint": "tools people shift jobs strategy"},
    "raise-your-pay": {
        "advicestep": "pass-the-cpc first-job study-a-specialty specialty-credential "
        "risk-adjustment go-remote be-the-expert cpma lead consult documentation",
    },
    "resources": {"resource": "aapc ahima bls cms-guidelines"},
}
# What it says in sentences and lists, each as a few words of the page where it stands.
CLAIMS = {
    "overview": [
        "pay a middle-class income and can be done wholly at home",
        "well above the national average",
        "more coders to be needed",
        "Each page here takes up one of these questions",
        "Medical records specialists and medical coders are counted together",
        "Extra pay of CPC holders over uncertified coders",
    ],
    "certification": [
        "the yardstick of the field",
        "First posts and billing assistance only",
        "Every kind of outpatient coding",
        "Coding for one specialty, such as surgery or radiology",
        "Hospital inpatient coding as well as outpatient",
        "The widest choice of posts",
        "Heading a coding team or department",
        "An estimate, brought in line with BLS data",
        "$12,000",
        "~28%",
        "$81,000+",
        "~20.7%",
    ],
    "why-sources-differ": [
        "$82,816",
        "Mostly experienced coders in and around cities",
        "everybody who has just started",
        "measures all else against the BLS median",
        "no other count takes in so many kinds of coders and employers",
    ],
    "states": [
        "Federal employers and lobbying firms",
        "Big health systems with much to code",
        "Large hospital networks",
        "Teaching and research hospitals",
        "Health care close to the technology industry",
        "Insurers have their headquarters here",
        "New York City lifts the average",
        "Extra pay for remoteness",
        "Cluster around NIH and Johns Hopkins",
        "Few coders to hire",
        "a coder in Mississippi may be paid like one in California",
    ],
    "specialties": ["Coders who know one field well earn more than generalists", "Very High"],
    "risk-adjustment": [
        "Hierarchical Condition Categories (HCC)",
        "the career guide sees the greatest demand here",
        "calls this the best paid",
        "Salary range of the specialty Risk Adjustment/HCC",
        "billions of dollars at stake",
        "Certified Risk Adjustment Coder",
        "Nearly always remote",
        "40%+ since 2020",
        "Medicare Advantage enrolls more people",
    ],
    "remote-work": [
        "Nothing deducted; some employers pay by where you live",
        "As on site",
        "A little more at times, where presence is required",
        "California or New York can hire you wherever you live",
        "fuel, parking and the car",
        "while you meet the productivity target",
        "contract or per-diem assignments",
    ],
    "outlook": [
        "Projected growth, 2024–2034",
        "Faster than average",
        "~14,800 jobs a year",
        "~240,000 jobs",
        "A population that grows older",
        "The complexity of ICD-10",
        "Value-based care",
        "AI that works beside coders",
    ],
    "ai": [
        "3M 360 Encompass, Optum CAC",
        "No, but it is changing the job",
        "Difficult cases, appeals, audits, and questions to clinicians",
        "more checking and auditing of codes",
        "Production coding at entry level may offer fewer posts",
        "Earn a certification, choose a specialty, and learn auditing and compliance",
    ],
    "raise-your-pay": [
        "Year 1–2",
        "Year 2–5",
        "Year 5+",
        "~20–25%",
        "one that mixes coding with billing counts",
        "COSC, CCC, CEDC, CRC",
        "the most room for pay to rise",
        "Ask for a remote post",
        "Certified Professional Medical Auditor",
        "Lead people, or go over to compliance",
        "pay more by the hour",
        "Clinical Documentation Improvement (CDI): $70,000–$95,000",
    ],
    "becoming-certified": [
        "you need neither an account nor a card, and nothing runs out",
        "CPT, ICD-10-CM and HCPCS Level II, with the reason",
        "anatomy and medical terminology",
        "an explanation at once after each answer",
        "study help by AI",
    ],
    "resources": [
        "American Academy of Professional Coders",
        "American Health Information Management Association",
        "Wages and employment projections",
        "The official rules for diagnosis coding",
    ],
}
# Facts about the exam, each of which some page must state.
EXAM = {
    "exam_facts": "length pass-mark content entry membership books book-year ebooks notes place "
    "retakes renewal apprentice-mark by-employment by-work-and-course by-course-and-practicode",
    "exam_costs": "two-attempts one-attempt one-attempt-lower membership-student "
    "membership-professional",
    "outlook": "bls-growth-2024 bls-employment bls-growth-2025 bls-openings-2025 growth-elsewhere",
    "remote": "members-remote",
}


def shown(client: Client, url: str) -> str:
    """Return the article of a page."""
    pagecache.pages.clear()
    response = client.get(url)
    assert response.status_code == 200, url
    html = str(response.content.decode())
    return html[html.index("<h1") : html.index('<nav class="toc"')]


def address(slug: str) -> str:
    return "/careers/" if slug == "overview" else f"/careers/{slug}/"


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text of the files in which a figure may be named, and where it stands."""
    items = read_files()
    for page in items["pages"]:
        assert isinstance(page, PageItem)
        yield f"pages: {page.slug}", page.answer
    for section in items["sections"]:
        assert isinstance(section, SectionItem)
        yield f"sections: {section.slug}", section.body
        yield f"sections: {section.slug}, note", section.note
    for question in items["questions"]:
        assert isinstance(question, QuestionItem)
        yield f"questions: {question.slug}", question.answer


@pytest.mark.once
def test_every_page_answers_first_and_describes_itself() -> None:
    pages = [page for page in read_files()["pages"] if isinstance(page, PageItem)]
    assert len(pages) >= 18
    for page in pages:
        assert page.answer, page.slug
        assert 1 <= len(re.findall(r"[.!?](?:\s|$)", page.answer)) <= 5, page.slug
        assert len(page.title) <= 60, page.slug
        assert 50 <= len(page.description) <= 160, page.slug
    for values in (
        [page.title for page in pages],
        [page.nav_title for page in pages],
        [page.description for page in pages],
    ):
        assert len(set(values)) == len(values)


@pytest.mark.once
def test_every_section_says_or_shows_something() -> None:
    for section in read_files()["sections"]:
        assert isinstance(section, SectionItem)
        # The log of changes has a view of its own.
        assert section.body or section.block or section.slug == "changes", section.slug


@pytest.mark.once
def test_there_are_enough_questions_with_answers_of_some_sentences() -> None:
    questions = [row for row in read_files()["questions"] if isinstance(row, QuestionItem)]
    assert len(questions) >= 15
    for row in questions:
        assert row.question.endswith("?"), row.slug
        assert 2 <= len(re.findall(r"[.!?]\)?(?:\s|$)", row.answer)) <= 6, row.slug
        assert re.search(r"\]\((/careers/|/practice/|/exam/)", row.answer), row.slug


@pytest.mark.once
def test_every_figure_that_a_text_names_is_in_the_files() -> None:
    items = read_files()
    named = [(place, *pair) for place, text in texts() for pair in references_in(text)]
    assert len(named) > 40
    for place, kind, key in named:
        assert kind in MODELS, place
        row = next((item for item in items[kind] if item.slug == key), None)
        assert row is not None, f"{place}: {kind}:{key}"
        assert getattr(row, "amount", None), f"{place}: {kind}:{key} has no amount"


@pytest.mark.once
def test_no_bracket_of_a_reference_is_misspelt() -> None:
    for place, text in texts():
        assert text.count("[[") == text.count("]]") == len(list(references_in(text))), place


@pytest.mark.once
def test_every_figure_says_when_it_was_checked() -> None:
    for kind, rows in read_files().items():
        for row in rows:
            if hasattr(row, "checked_on"):
                assert row.checked_on, f"{kind}: {row.slug}"


@pytest.mark.django_db
def test_no_figure_is_missing_from_a_text(client: Client) -> None:
    load()
    for page in models.Page.objects.all():
        article = shown(client, page.get_absolute_url())
        assert "withdrawn)" not in article, page.slug
        assert "[[" not in article, page.slug


@pytest.mark.django_db
def test_every_link_of_the_site_answers(client: Client) -> None:
    load()
    links: dict[str, str] = {}
    for page in models.Page.objects.all():
        article = shown(client, page.get_absolute_url())
        for link in re.findall(r'href="(/[^"#?]*)', article):
            links.setdefault(link, page.slug)
    assert {"/practice/", "/exam/"} <= links.keys()
    for link, page_slug in links.items():
        assert client.get(link).status_code == 200, f"{page_slug}: {link}"


@pytest.mark.django_db
@pytest.mark.parametrize("page", TABLES)
def test_every_row_of_the_guides_tables_has_its_place(client: Client, page: str) -> None:
    load()
    article = shown(client, address(page))
    for kind, keys in TABLES[page].items():
        places = [article.find(f'id="{kind}-{key}"') for key in keys.split()]
        missing = [key for key, place in zip(keys.split(), places, strict=True) if place < 0]
        assert missing == []
        assert places == sorted(places), "not in the guide's order"


@pytest.mark.django_db
@pytest.mark.parametrize("page", CLAIMS)
def test_every_claim_of_the_guide_has_its_place(client: Client, page: str) -> None:
    load()
    text = text_of(shown(client, address(page)))
    assert [claim for claim in CLAIMS[page] if claim not in text] == []


@pytest.mark.once
def test_facts_beyond_the_guide_are_kept() -> None:
    items = read_files()
    for kind, keys in EXAM.items():
        slugs = {item.slug for item in items[kind]}
        assert set(keys.split()) - slugs == set()


@pytest.mark.once
def test_what_the_texts_say_of_the_survey_of_may_2025_is_so() -> None:
    with (DATA / "oews" / "oews_29_2072_state.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["area"]: row for row in csv.DictReader(file)}
    means = {area: int(row["a_mean"]) for area, row in rows.items() if row["a_mean"]}
    medians = {area: int(row["a_median"]) for area, row in rows.items() if row["a_median"]}
    assert max(medians, key=medians.__getitem__) == "District of Columbia"
    assert means["New Jersey"] < means["National"]
    assert means["Mississippi"] < means["Alabama"]
    errors = {area: float(row["mean_prse_pct"] or 0) for area, row in rows.items()}
    assert errors["Maryland"] > 5 * errors["North Dakota"]
    employment = int(rows["National"]["tot_emp"])
    assert abs(employment - 194_800) < abs(employment - 240_000)
    said = " ".join(" ".join(text.split()) for _, text in texts())
    assert "New Jersey is third in the guide, but in the survey of May 2025" in said
    assert "the mean of Mississippi lies below its own" in said
    assert "Maryland's mean was much less sure than North Dakota's" in said
    assert "survey of May 2025 the District of Columbia leads too" in said
    assert "the official survey of May 2025 is close to the lower number" in said
