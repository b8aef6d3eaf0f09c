"""An inexperienced editor brings ten items in by CSV, two of them faulty, without JavaScript."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from careers.models import StatePay
from prepsite.accounts.models import User
from prepsite.content.exchange.formats import CsvFile, Table
from quizzes.exchange import ItemResource
from quizzes.models import Question
from tests.browser.conftest import NewVisitor

pytestmark = pytest.mark.browser
QUESTIONS = "/admin/quizzes/question/"


def complaints(page: Page) -> list[str]:
    """Return what axe finds wrong with a page, as far as it is ours to mend."""
    # Django's own toolbar, sidebar and search are not.
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    results = Axe().run(page, context="#content", options=options)
    return [
        f"{found['id']}: {found['nodes'][0]['html']}" for found in results.response["violations"]
    ]


def ten_rows(folder: Path) -> Path:
    """Write ten new items: a topic of the second and the answer of the fifth are wrong."""
    pattern = ItemResource().export(Question.objects.filter(key="prefixes-02"))
    (cells,) = pattern.dict
    rows = []
    for number in range(1, 11):
        row = dict(cells) | {"key": f"mine-{number}", "status": "", "facts": ""}
        row["stem"] = f"{row['stem']} ({number})"
        rows.append(row)
    rows[1]["topic"] = "prefixs"
    rows[4]["answer"] = "E"
    names = list(cells)
    table = Table.of(names, [[row[name] for name in names] for row in rows], [], {})
    path = folder / "ten items.csv"
    path.write_text(CsvFile().export_data(table), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_ten_items_with_two_bad_rows(
    new_visitor: NewVisitor, tmp_path: Path, scripts: bool
) -> None:
    editor = User.objects.create_superuser("editor@example.org", "x")
    page = new_visitor(editor, java_script_enabled=scripts).new_page()
    page.goto(QUESTIONS)
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File to import").set_input_files(ten_rows(tmp_path))
    page.get_by_role("button", name="Show what would happen").click()

    refused = page.locator("section", has=page.get_by_role("heading", name="Refused"))
    expect(refused.get_by_role("heading", name="Row 3: mine-2")).to_be_visible()
    expect(refused.get_by_text("there is no topic 'prefixs'.")).to_be_visible()
    expect(refused.get_by_role("heading", name="Row 6: mine-5")).to_be_visible()
    expect(refused.get_by_text("must be 'A', 'B', 'C' or 'D'")).to_be_visible()
    assert not Question.objects.filter(key__startswith="mine-").exists()

    button = page.get_by_role("button", name="Import 8 rows")
    button.click()
    expect(page.get_by_text("Tick this to go on, or mend the rows first.")).to_be_visible()
    page.get_by_label("Import the good rows, leave the bad ones").check()
    button.click()
    expect(page.get_by_text("ten items.csv is imported.")).to_be_visible()

    page.get_by_role("link", name="Go to the list").click()
    page.goto(f"{QUESTIONS}?q=mine-&status__exact=draft")
    expect(page.locator("#result_list tbody tr")).to_have_count(8)


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_are_accessible_and_fit(
    new_visitor: NewVisitor, tmp_path: Path, scheme: str, width: int
) -> None:
    """The ``troubles`` fixture counts the browser's own complaints, of the CSP above all."""
    editor = User.objects.create_superuser("editor@example.org", "x")
    context = new_visitor(editor, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()

    def check(name: str) -> None:
        assert complaints(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        expect(page.locator("h1")).to_have_count(1)

    row = StatePay.objects.get(slug="california")
    row.remark = "Edited once."
    row.save()
    StatePay.objects.filter(slug="hawaii").update(review_by="2020-01-01")
    StatePay.objects.get(slug="mississippi").delete()
    for path in (
        f"{QUESTIONS}import/",
        f"{QUESTIONS}export/",
        f"/admin/careers/statepay/{row.pk}/history/",
        "/admin/careers/statepay/deleted/",
        "/admin/careers/source/due/",
    ):
        page.goto(path)
        check(path)
    page.goto(f"{QUESTIONS}import/")
    page.get_by_label("File to import").set_input_files(ten_rows(tmp_path))
    page.get_by_role("button", name="Show what would happen").click()
    check("preview")
    page.get_by_label("Import the good rows, leave the bad ones").check()
    page.get_by_role("button", name="Import 8 rows").click()
    check("result")


def test_a_figure_is_changed_and_changed_back(staff_page: Page) -> None:
    page = staff_page
    row = StatePay.objects.get(slug="california")
    before = row.low
    page.goto(f"/admin/careers/statepay/{row.pk}/change/")
    page.get_by_label("Amount or lower end").fill("61111")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(f"/admin/careers/statepay/{row.pk}/change/")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("61111")).to_be_visible()
    page.get_by_role("button", name="Return to the state of").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Returned to the state of")
    row.refresh_from_db()
    assert row.low == before


def test_a_deleted_row_is_brought_back(staff_page: Page) -> None:
    page = staff_page
    StatePay.objects.get(slug="hawaii").delete()
    page.goto("/admin/careers/statepay/")
    page.get_by_role("link", name="Deleted rows").click()
    page.get_by_role("button", name="Bring back hawaii").click()
    expect(page.get_by_text("is back.")).to_be_visible()
    assert StatePay.objects.filter(slug="hawaii").exists()
