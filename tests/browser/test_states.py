"""Pay by state, by hand: sorting, filtering and comparing with keyboard, mouse and no script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import has_focus, tab_to

pytestmark = pytest.mark.browser

URL = "/careers/states/"
COMPARE = f"{URL}compare/"


def first_row(page: Page) -> str:
    return page.locator(".wages tbody tr").first.locator("th").inner_text()


def test_the_keyboard_sorts_filters_and_compares(page: Page) -> None:
    page.goto(URL)
    page.evaluate("window.sameDocument = true")
    assert first_row(page) == "District of Columbia"
    median = page.get_by_role("link", name="Median", exact=True)
    tab_to(page, median)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{URL}?sort=median&order=asc")
    expect(page.locator("[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    assert first_row(page) == "Puerto Rico"
    # The row of headings is a new one, and the focus is where it was.
    assert has_focus(median)
    expect(page.get_by_role("status")).to_have_text("54 areas, lowest median first")

    page.get_by_label("Find a state").focus()
    page.keyboard.type("oh")
    expect(page.locator(".wages tbody tr")).to_have_count(1)
    page.wait_for_url(re.compile(r"\?sort=median&order=asc&q=oh$"))
    assert has_focus(page.get_by_label("Find a state"))
    tab_to(page, page.get_by_role("checkbox", name="Ohio"))
    page.keyboard.press("Space")
    page.get_by_label("Find a state").fill("tex")
    expect(page.get_by_role("checkbox", name="Texas")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Ohio")).to_be_checked()
    page.get_by_role("checkbox", name="Texas").check()
    # Letters are no steps: one step back is the order before.
    assert page.evaluate("window.sameDocument") is True
    tab_to(page, page.get_by_role("button", name="Compare ticked states").last)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: COMPARE in url)
    expect(page.locator(".compared thead th")).to_have_count(4)
    page.go_back()
    expect(page.get_by_label("Find a state")).to_have_value("tex")
    page.go_back()
    page.wait_for_url(f"**{URL}")
    # The address is there before the page that is read anew.
    first = page.locator(".wages tbody tr").first.locator("th")
    expect(first).to_have_text("District of Columbia")


def test_a_filter_without_a_match_is_taken_back(page: Page) -> None:
    page.goto(URL)
    page.get_by_label("Find a state").fill("atlantis")
    expect(page.get_by_text("No area is called “atlantis”.")).to_be_visible()
    page.get_by_role("link", name="Show all 54").click()
    expect(page.locator(".wages tbody tr")).to_have_count(54)
    page.wait_for_url(f"**{URL}")


def test_a_state_on_the_map_leads_to_its_page(page: Page) -> None:
    page.goto(URL)
    page.get_by_role("link", name="Skip the map, to its table").focus()
    ohio = page.get_by_role("link", name=re.compile("^Ohio: "))
    tab_to(page, ohio)
    expect(ohio.locator("text")).to_have_text("Ohio: $50,990 median")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{URL}ohio/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Medical coding pay in Ohio")


def test_the_outlines_are_drawn_from_their_own_file(page: Page) -> None:
    page.goto(URL)
    boxes = page.locator("figure.map use").evaluate_all(
        "all => all.map(it => it.getBoundingClientRect()).map(it => it.width * it.height)"
    )
    assert len(boxes) == 51
    assert min(boxes) > 0


def test_choosing_states_compares_them_in_place(page: Page) -> None:
    page.goto(COMPARE)
    page.evaluate("window.sameDocument = true")
    page.get_by_label("State 1").select_option("Ohio")
    expect(page.locator(".compared thead th")).to_have_count(3)
    page.wait_for_url(f"**{COMPARE}?state=ohio")
    page.get_by_label("State 3").focus()
    page.get_by_label("State 3").select_option("Texas")
    page.wait_for_url(f"**{COMPARE}?state=ohio&state=texas")
    expect(page).to_have_title(re.compile("^Medical coding pay: Ohio, Texas"))
    assert has_focus(page.get_by_label("State 3"))
    assert page.evaluate("window.sameDocument") is True
    page.get_by_role("link", name="Remove Ohio").click()
    page.wait_for_url(f"**{COMPARE}?state=texas")
    expect(page.get_by_label("State 1")).to_have_value("texas")


def test_everything_works_without_scripts(plain_page: Page) -> None:
    page = plain_page
    page.goto(URL)
    page.get_by_role("link", name="Area", exact=True).click()
    assert first_row(page) == "Alabama"
    page.get_by_role("checkbox", name="Texas").check()
    page.get_by_label("Find a state").fill("new y")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".wages tbody tr")).to_have_count(1)
    expect(page.get_by_role("checkbox", name="Texas")).to_be_checked()
    page.get_by_role("checkbox", name="New York").check()
    page.get_by_role("button", name="Compare ticked states").first.click()
    expect(page.locator(".compared thead th")).to_have_count(4)
    page.get_by_label("State 3").select_option("Utah")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".compared thead th")).to_have_count(5)


@pytest.mark.once
def test_on_a_phone_the_medians_stand_beside_the_names(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    for url, column in ((URL, 2), (f"{COMPARE}?state=ohio&state=texas", 2)):
        page.goto(url)
        box = page.locator(".wages tbody tr").first.locator("td, th").nth(column).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 375, url
