"""Figures that texts name: what is not there is refused, what is named stays there."""

from pathlib import Path

import pytest

from careers import models
from careers.loading import load
from prepsite.content.files import ContentError
from tests.careers.factories import (
    change,
    copy_files,
    make_page,
    make_section,
    make_state,
    staff_client,
)
from tests.careers.test_admin import change_url
from tests.careers.test_exchange import imported, problems
from tests.careers.test_preview import posted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("See [[salary:median]].", "there is no kind 'salary'"),
        ("See [[salaries:mean]].", "there is no figure 'mean' among the salaries"),
        ("See [[Salaries: median]].", "write a figure as [[kind:key]]"),
        ("See [[salaries:median", "write a figure as [[kind:key]]"),
        ("It is $5.", "'$5' is a figure"),
        ("It is 5 %.", "'5 %' is a figure"),
    ],
)
@pytest.mark.parametrize("field", ["body", "note"])
def test_a_form_names_what_is_wrong_with_a_text(field: str, text: str, complaint: str) -> None:
    row = make_section(slug="one")
    response = staff_client().post(change_url(row), posted(row, **{field: text}))
    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert complaint in str(errors[field].data[0].message)
    assert text.replace("'", "&#x27;") in response.content.decode()


def test_a_text_may_name_what_is_there() -> None:
    load()
    row = models.Page.objects.get(slug="ai")
    text = "Half earn less than [[salaries:median-annual]]."
    response = staff_client().post(change_url(row), posted(row, answer=text))
    assert response.status_code == 302


def test_a_named_figure_cannot_be_taken_away() -> None:
    load()
    row = models.SalaryFigure.objects.get(slug="median-annual")
    page = make_section(title="Naming it", body="[[salaries:median-annual]]")
    boss = staff_client()
    shown = boss.get(change_url(row, "delete")).content.decode()
    assert f'<a href="{change_url(page)}">Naming it</a>, whose text names the figure' in shown
    boss.post(change_url(row, "delete"), {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    boss.post("/admin/careers/salaryfigure/", many)
    assert models.SalaryFigure.objects.filter(pk=row.pk).exists()


def test_a_figure_that_goes_with_another_row_counts_too() -> None:
    load()
    fact = models.NicheFact.objects.exclude(low=None).first()
    assert fact is not None
    make_section(title="Naming it", note=f"[[niche:{fact.slug}]]")
    shown = staff_client().get(change_url(fact.specialty, "delete")).content.decode()
    assert "Naming it</a>, whose text names the figure" in shown


def test_a_named_figure_keeps_an_amount() -> None:
    load()
    fact = models.ExamFact.objects.exclude(low=None).first()
    assert fact is not None
    make_section(title="Naming it", body=f"[[exam_facts:{fact.slug}]]")
    response = staff_client().post(
        change_url(fact), posted(fact, low="", high="", open_ended="", approximate="")
    )
    assert "Naming it names this figure" in response.content.decode()


def test_no_return_to_a_text_that_names_what_is_gone() -> None:
    make_state(slug="oregon")
    row = make_section(body="[[states:oregon]]")
    first = row.history.get()
    row.body = ""
    row.save()
    models.StatePay.objects.get(slug="oregon").delete()
    url = change_url(row, "history") + f"{first.pk}/return/"
    page = staff_client().post(url, follow=True).content.decode()
    assert "there is no figure &#x27;oregon&#x27; among the states" in page
    row.refresh_from_db()
    assert row.body == ""


def test_files_that_name_what_is_not_there_are_refused(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    with (folder / "questions.yaml").open("a", encoding="utf-8") as file:
        file.write("- {slug: made-up, question: How?, answer: '[[states:atlantis]]'}\n")
    with pytest.raises(ContentError, match=r"answer: \[\[states:atlantis\]\]: there is no figure"):
        load(folder=folder)
    assert not models.Question.objects.exists()


def test_imports_that_name_what_is_not_there_are_refused() -> None:
    load()
    row = {"slug": "how", "question": "How?", "answer": "[[states:atlantis]] and [[x:y]]."}
    found = problems(imported(models.Question, [row]))
    assert [column for column, _ in found] == ["answer", "answer"]
    assert "no figure 'atlantis' among the states" in found[0][1]
    row["answer"] = "[[states:california]]"
    assert problems(imported(models.Question, [row])) == []


def test_a_load_keeps_a_figure_that_a_text_of_staff_names(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    gone = models.OutlookFigure.objects.order_by("position").last()
    assert gone is not None
    page = make_page(answer=f"[[outlook:{gone.slug}]]", title="Staff's own")
    path = folder / "outlook.yaml"
    head, _ = path.read_text(encoding="utf-8").split(f"- slug: {gone.slug}\n")
    path.write_text(head, encoding="utf-8")
    kept = load(folder=folder).kept
    assert kept == [f"outlook: {gone.slug}: no longer in the files, but Staff's own needs it"]
    page.delete()
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    load(folder=folder)
    assert not models.OutlookFigure.objects.filter(pk=gone.pk).exists()
