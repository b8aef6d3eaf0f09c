"""Four eyes: nobody publishes what they alone wrote and nobody else has solved."""

import pytest
from django.test import Client

from prepsite.accounts.models import User
from quizzes import publication, readers
from quizzes.items import ItemError, save_item, spec_of
from quizzes.itemspec import StatusName
from quizzes.models import BlindSolve, Question, Status
from tests.factories import (
    at,
    blind_solve,
    make_question,
    make_source,
    make_spec,
    make_topic,
    make_user,
)
from tests.quizzes.staffing import item_fields, make_member, signed_in

pytestmark = pytest.mark.django_db
TODAY = at("2026-11-02 12:00").date()


def written_by(author: User, **changes: object) -> Question:
    """Save an item in review that one person wrote."""
    make_source()
    spec = make_spec(**{"status": "in_review", "blind_solves": []} | changes)
    return publication.save(spec, make_topic(), by=author).question


def solve(question: Question, reader: User, *, right: bool = True) -> BlindSolve:
    """Answer an item's sheet as a reader does."""
    question.refresh_from_db()
    sheet = readers.sheet_for(question, reader)
    assert question.current
    key = question.current.choices.get(is_key=True).text
    place = next(place for place, text in sheet.options if (key in text) == right)
    return readers.record(
        question,
        reader,
        token=sheet.token,
        place=place,
        confidence="high",
        reason="The rule says so.",
        on=TODAY,
    )


def own_record(question: Question, author: User) -> None:
    """Bring along a record of a reader, as an import could."""
    spec = spec_of(question)
    record = make_spec(**spec.to_file() | {"blind_solves": [blind_solve(spec)]})
    save_item(record, question.topic, by=author)


def status_of(question: Question) -> str:
    return Question.objects.get(pk=question.pk).status


@pytest.fixture
def boss() -> User:
    return make_user(is_staff=True, is_superuser=True)


def test_nobody_vouches_for_their_own_item(boss: User) -> None:
    question = written_by(boss)
    own_record(question, boss)
    with pytest.raises(ItemError, match="nobody else has solved"):
        publication.set_status(question, StatusName.PUBLISHED, boss)
    assert status_of(question) == Status.IN_REVIEW


def test_a_record_that_an_import_brings_does_not_publish_a_new_item(boss: User) -> None:
    make_source()
    with pytest.raises(ItemError, match="nobody else has solved"):
        publication.save(make_spec(), make_topic(), by=boss)
    assert not Question.objects.exists()


def test_somebody_elses_agreement_is_enough(boss: User) -> None:
    question = written_by(boss)
    solve(question, make_member("Reviewer"))
    assert publication.set_status(question, StatusName.PUBLISHED, boss).changed
    assert status_of(question) == Status.PUBLISHED


def test_an_agreement_with_former_wording_is_not(boss: User) -> None:
    question = written_by(boss)
    solve(question, make_member("Reviewer"))
    spec = spec_of(Question.objects.get(pk=question.pk))
    publication.save(spec.model_copy(update={"stem": "What else?"}), question.topic, by=boss)
    with pytest.raises(ItemError, match="not been solved blind"):
        publication.set_status(Question.objects.get(), StatusName.PUBLISHED, boss)


def test_one_who_wrote_only_a_part_may_publish(boss: User) -> None:
    question = written_by(make_member("Writer"))
    spec = spec_of(question).model_copy(update={"rationale": "A better one."})
    publication.save(spec, question.topic, by=boss)
    own_record(Question.objects.get(), boss)
    assert publication.set_status(Question.objects.get(), StatusName.PUBLISHED, boss).changed


def test_the_rule_holds_in_the_form_and_in_the_list_too(boss: User) -> None:
    question = written_by(boss)
    own_record(question, boss)
    client: Client = signed_in(boss)
    url = f"/admin/quizzes/question/{question.pk}/change/"
    page = client.post(url, item_fields(question, status="published")).content.decode()
    assert "nobody else has solved its present wording" in page
    fields = {"action": "publish", "_selected_action": [question.pk]}
    page = client.post("/admin/quizzes/question/", fields, follow=True).content.decode()
    assert "nobody else has solved its present wording" in page
    assert status_of(question) == Status.IN_REVIEW


def test_a_disagreement_blocks_publication(boss: User) -> None:
    question = written_by(make_member("Writer"))
    solve(question, make_member("Reviewer"))
    solve(question, make_member("Reviewer"), right=False)
    with pytest.raises(ItemError, match="not been solved blind, with agreement"):
        publication.set_status(question, StatusName.PUBLISHED, boss)


def test_files_need_no_second_pair_of_eyes() -> None:
    assert make_question().status == Status.PUBLISHED


@pytest.mark.parametrize(
    ("group", "before", "after"),
    [
        ("Writer", "draft", {"draft", "in_review"}),
        ("Writer", "in_review", {"draft", "in_review"}),
        ("Writer", "published", {"published", "in_review"}),
        ("Reviewer", "draft", {"draft", "in_review"}),
        ("Reviewer", "in_review", {"in_review"}),
        ("Reviewer", "retired", {"retired", "in_review"}),
        ("Publisher", "draft", {"draft", "in_review", "published", "retired"}),
        ("", "draft", {"draft"}),
    ],
)
def test_each_group_gives_its_own_statuses(group: str, before: str, after: set[str]) -> None:
    user = make_member(group)
    assert publication.allowed_statuses(StatusName(before), user) == after


def test_no_way_in_gives_a_writer_what_only_publishers_may_give() -> None:
    writer = make_member("Writer")
    question = make_question()
    spec = spec_of(question).model_copy(update={"rationale": "Changed under the learners."})
    with pytest.raises(ItemError, match="only a publisher"):
        publication.save(spec, question.topic, by=writer)
    with pytest.raises(ItemError, match="may not give this item the status “retired”"):
        publication.set_status(question, StatusName.RETIRED, writer)
    assert status_of(question) == Status.PUBLISHED
    assert question.versions.count() == 1


def test_saving_a_published_item_as_it_is_asks_for_nothing() -> None:
    question = make_question()
    result = publication.save(spec_of(question), question.topic, by=make_member("Writer"))
    assert not result.changed


def test_return_to_a_former_wording_makes_a_version_like_it(boss: User) -> None:
    question = make_question(rationale="The first rationale.")
    first = question.current
    assert first
    publication.save(
        spec_of(question).model_copy(update={"rationale": "The second."}), question.topic, by=boss
    )
    result = publication.return_to(first, by=boss)
    assert result.question.current
    current = result.question.current
    assert (current.number, current.digest, current.created_by) == (3, first.digest, boss)
    assert status_of(question) == Status.PUBLISHED
    assert not publication.return_to(first, by=boss).new_version
    assert question.versions.count() == 3
