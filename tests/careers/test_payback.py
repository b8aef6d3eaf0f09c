"""The pay-back of the exam fee: the arithmetic, and its steps on the page."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from careers import models
from careers.loading import load
from careers.payback import PayBack
from prepsite.content import pagecache

once = pytest.mark.once
dollars = st.decimals(1, 200_000, places=2)


@once
@pytest.mark.parametrize(
    ("cost", "premium", "words"),
    [
        (499, 12000, "3 weeks"),
        (399, 12000, "2 weeks"),
        (230, 12000, "1 week"),
        # 1,000 a week: a whole number of weeks is not rounded up past itself.
        (1000, 52000, "1 week"),
        (8000, 52000, "8 weeks"),
        (8001, 52000, "2 months"),
        (1000, 3000, "4 months"),
        (1001, 3000, "5 months"),
    ],
)
def test_the_time_is_rounded_up(cost: int, premium: int, words: str) -> None:
    assert str(PayBack(Decimal(cost), Decimal(premium))) == words


@once
def test_each_step_is_shown_unrounded() -> None:
    reckoned = PayBack(Decimal(499), Decimal(12000))
    assert reckoned.premium_a_month == 1000
    assert reckoned.months == Decimal("0.499")


@once
@given(cost=dollars, premium=dollars)
def test_the_premium_of_that_time_covers_the_price(cost: Decimal, premium: Decimal) -> None:
    number, unit = str(PayBack(cost, premium)).split()
    earned = int(number) * premium / (52 if unit.startswith("week") else 12)
    assert earned >= cost - Decimal("0.0001")
    one_less = (int(number) - 1) * premium / (52 if unit.startswith("week") else 12)
    assert one_less < cost


@once
@given(cost=dollars, more=dollars, premium=dollars)
def test_a_higher_price_never_comes_back_sooner(
    cost: Decimal, more: Decimal, premium: Decimal
) -> None:
    assert PayBack(cost, premium).weeks < PayBack(cost + more, premium).weeks


def section_of(client: Client) -> str:
    pagecache.pages.clear()
    html = client.get("/careers/becoming-certified/").content.decode()
    found = re.search(r'<section id="pay-back".*?</section>', html, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


@pytest.mark.django_db
def test_the_page_shows_every_step_with_its_source(client: Client) -> None:
    load()
    text = section_of(client)
    for phrase in (
        "$12,000 a year",
        "AAPC salary survey",
        "as quoted in Career guide 2026",
        "A twelfth of it",
        "$1,000",
        "$499 0.50 3 weeks",
        "$425 0.42 2 weeks",
        "$399 0.40 2 weeks",
        "Open Exam Prep",
        "not a promise",
        "Taxes",
        "Membership",
    ):
        assert phrase in text, phrase


@pytest.mark.django_db
def test_only_marked_prices_are_reckoned(client: Client) -> None:
    load()
    assert "membership for a year, student" not in section_of(client)
    models.ExamCost.objects.filter(slug="membership-student").update(pays_back=True)
    assert "membership for a year, student $157 0.16 1 week" in section_of(client)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"low": 0}, {"unit": "percent"}, {"slug": "another"}])
def test_without_a_premium_in_dollars_nothing_is_reckoned(
    client: Client, change: dict[str, object]
) -> None:
    load()
    models.CertificationPremium.objects.filter(slug="premium-in-dollars").update(**change)
    assert "weeks" not in section_of(client)
