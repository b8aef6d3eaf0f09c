"""Two versions side by side: words that went, words that came, fields that stayed."""

import pytest

from quizzes.models import QuestionVersion
from quizzes.versiondiff import Piece, compare, fields_of
from tests.factories import make_question, make_user
from tests.quizzes.staffing import signed_in


def pieces(*texts: str) -> tuple[Piece, ...]:
    """Return pieces; a text in brackets is a changed one."""
    return tuple(Piece(text.strip("[]"), text.startswith("[")) for text in texts)


@pytest.mark.once
def test_only_the_changed_words_are_marked() -> None:
    (field,) = compare({"Stem": "Report E11.9 once."}, {"Stem": "Report E11.65 once."})
    assert field.old == pieces("Report ", "[E11.9]", " once.")
    assert field.new == pieces("Report ", "[E11.65]", " once.")
    assert field.changed


@pytest.mark.once
def test_texts_come_through_whole() -> None:
    old, new = "One  two,\n\nthree–four.", "One two: three (four)."
    (field,) = compare({"Stem": old}, {"Stem": new})
    assert "".join(piece.text for piece in field.old) == old
    assert "".join(piece.text for piece in field.new) == new


@pytest.mark.once
def test_a_field_that_came_or_went_stands_alone() -> None:
    came, went = compare({"Note": "Gone."}, {"Stem": "Here."})
    assert (came.label, came.old, came.new) == ("Stem", (), pieces("[Here.]"))
    assert (went.label, went.old, went.new) == ("Note", pieces("[Gone.]"), ())


@pytest.mark.once
def test_same_texts_have_no_changed_words() -> None:
    (field,) = compare({"Stem": "The same."}, {"Stem": "The same."})
    assert not field.changed


@pytest.mark.django_db
def test_everything_that_a_version_says_is_compared() -> None:
    version = make_question(stem="What?", rationale="Because.").current
    assert version
    fields = fields_of(QuestionVersion.objects.get(pk=version.pk))
    assert fields["Stem"] == "What?"
    assert fields["Key"] == "B"
    assert fields["Option A: error"] == "error_a"
    assert fields["References"].startswith("a-source | Section")
    assert {"Rationale", "Difficulty", "Payer", "Valid to", "Option D: reason"} <= set(fields)


@pytest.mark.django_db
def test_the_page_shows_the_last_two_versions_or_those_asked_for() -> None:
    question = make_question(rationale="The first one.")
    for word in ("second", "third"):
        make_question(key=question.key, rationale=f"The {word} one.")
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    url = f"/admin/quizzes/question/{question.pk}/compare/"
    page = client.get(url).content.decode()
    assert "<del>second</del>" in page
    assert "<ins>third</ins>" in page
    page = client.get(url, {"old": "1", "new": "3"}).content.decode()
    assert "<del>first</del>" in page
    assert "fields without a change" in page
    for nonsense in ("9", "x", "-1", "9" * 30):
        response = client.get(url, {"old": nonsense, "new": "3"})
        assert response.status_code == 200
        assert "Select a valid choice" in response.content.decode()


@pytest.mark.django_db
def test_an_item_with_one_version_compares_it_with_itself() -> None:
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    url = f"/admin/quizzes/question/{make_question().pk}/compare/"
    assert "These two say the same." in client.get(url).content.decode()
    assert client.get("/admin/quizzes/question/999/compare/").status_code == 404
