"""The drawings of the careers pages, as the style guide shows them, in a browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import has_focus, tab_to

pytestmark = pytest.mark.browser

# Boxes of all texts of a drawing, and the drawing's own.
BOXES = """
figure => [figure, ...figure.querySelectorAll("text")]
  .filter(it => it === figure || it.checkVisibility())
  .map(it => { const { left, right, top, bottom } = it.getBoundingClientRect();
               return [left, right, top, bottom]; })
"""


@pytest.fixture
def guide(staff_page: Page) -> Page:
    """Return the style guide, open."""
    staff_page.goto("/styleguide/", wait_until="networkidle")
    return staff_page


def drawings(page: Page) -> list[Locator]:
    found = page.locator("figure.drawing").all()
    assert len(found) == 4
    return found


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_texts_are_readable_inside_and_apart(guide: Page, width: int) -> None:
    guide.set_viewport_size({"width": width, "height": 800})
    for figure in drawings(guide):
        frame, *texts = figure.evaluate(BOXES)
        for left, right, top, bottom in texts:
            assert frame[0] <= left < right <= frame[1]
            assert frame[2] <= top < bottom <= frame[3]
            assert bottom - top >= 11
        for place, (left, right, top, bottom) in enumerate(texts):
            for other in texts[place + 1 :]:
                # Boxes of lines may touch; their letters do not.
                across = min(right, other[1]) - max(left, other[0])
                down = min(bottom, other[3]) - max(top, other[2])
                assert across <= 0 or down <= 6, figure.text_content()


def test_the_keyboard_reaches_a_state_which_says_its_value(guide: Page) -> None:
    map_of_states = guide.get_by_role("group", name="Sample map of the states")
    arizona = map_of_states.get_by_role("link", name=re.compile("^Arizona: .* median$"))
    said = arizona.locator("text")
    expect(said).not_to_be_visible()
    guide.get_by_role("link", name="Skip the map, to its table").focus()
    tab_to(guide, arizona)
    expect(said).to_have_text(re.compile(r"^Arizona: \$[\d,]+ median$"))
    expect(said).to_be_visible()
    expect(map_of_states.get_by_text("Choose a state")).not_to_be_visible()
    edge = arizona.locator("use")
    # The outlines have come from their own file.
    box = edge.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 50
    assert edge.evaluate("it => getComputedStyle(it).strokeWidth") == "7px"
    # Alphabetical, and back again.
    guide.keyboard.press("Tab")
    assert has_focus(map_of_states.get_by_role("link", name=re.compile("^Arkansas")))
    guide.keyboard.press("Shift+Tab")
    guide.route("**/careers/states/arizona/", lambda route: route.fulfill(body="Arizona"))
    guide.keyboard.press("Enter")
    guide.wait_for_url("**/careers/states/arizona/")


def test_a_reader_may_skip_the_map(guide: Page) -> None:
    skip = guide.get_by_role("link", name="Skip the map, to its table")
    skip.focus()
    expect(skip).to_be_in_viewport()
    guide.keyboard.press("Enter")
    guide.wait_for_url("**/styleguide/#sg-table")


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_the_district_can_be_touched(guide: Page, width: int) -> None:
    guide.set_viewport_size({"width": width, "height": 800})
    box = guide.locator("figure.map").first.locator("circle").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
