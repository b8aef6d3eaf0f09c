"""Staff preview an edit, save it with a reason, and everybody reads what changed."""

import pytest
from playwright.sync_api import Page, expect

from careers.models import FigureChange, StatePay
from prepsite.accounts.models import User
from tests.browser.conftest import NewVisitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_edit_is_previewed_saved_and_logged(
    new_visitor: NewVisitor, page: Page, script: bool
) -> None:
    boss = User.objects.create_superuser("staff@example.org", "x")
    staff_page = new_visitor(boss, java_script_enabled=script).new_page()
    row = StatePay.objects.get(slug="california")
    staff_page.goto(f"/admin/careers/statepay/{row.pk}/change/")
    staff_page.get_by_label("Amount or lower end").fill("62999")
    with staff_page.expect_popup() as opened:
        staff_page.get_by_role("button", name="Preview").click()
    tab = opened.value
    expect(tab.get_by_text("Preview: nothing is saved.")).to_be_visible()
    expect(tab.locator("[data-previewed]")).to_contain_text("$62,999")
    tab.close()
    assert not FigureChange.objects.exists()
    # The form is as it was, and goes on to be saved.
    expect(staff_page.get_by_label("Amount or lower end")).to_have_value("62999")
    staff_page.get_by_label("Reason for the change").fill("The guide had a misprint.")
    staff_page.get_by_role("button", name="Save", exact=True).click()
    expect(staff_page.get_by_text("was changed successfully")).to_be_visible()
    page.goto("/careers/changes/")
    entry = page.locator("[id^=change-]")
    expect(entry).to_contain_text("The guide had a misprint.")
    expect(entry.locator("ins")).to_have_text("$62,999 a year")
    entry.get_by_role("link", name="California").click()
    expect(page.locator("#statepay-california")).to_contain_text("$62,999")
