"""The one door into the bank: versions, publication, and rows that are written once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings

from prepsite.content.files import ContentError, read_yaml, to_yaml
from quizzes.items import ItemError, save_item, spec_of
from quizzes.itemspec import ItemSpec, parse_item
from quizzes.models import (
    BlindSolve,
    Choice,
    KeyRuling,
    Question,
    QuestionVersion,
    VersionStat,
)
from quizzes.models.reviews import AppendOnlyError
from tests.factories import (
    at,
    blind_solve,
    item_data,
    make_answered,
    make_learner,
    make_question,
    make_source,
    make_spec,
    make_topic,
    make_user,
)
from tests.quizzes.browsing import rolled_back
from tests.quizzes.specs import specs

pytestmark = pytest.mark.django_db


def changed(spec: ItemSpec, **changes: Any) -> ItemSpec:
    """Return the item with other content; a blind solve of its new sheet goes with it."""
    data = spec.to_file() | changes
    data["blind_solves"] = [blind_solve(parse_item(data, "test"))]
    return parse_item(data, "test")


def test_a_new_item_has_one_version_with_choices_and_statistics() -> None:
    spec = make_spec(status="draft")
    user = make_user()
    result = save_item(spec, make_topic(), by=user)
    assert (result.created, result.new_version, result.changed) == (True, True, True)
    version = QuestionVersion.objects.get()
    assert (version.number, version.created_by) == (1, user)
    assert result.question.current == version
    assert [choice.letter for choice in version.choices.all()] == list("ABCD")
    assert [choice.letter for choice in version.choices.filter(is_key=True)] == ["B"]
    assert VersionStat.objects.get().version == version


def test_saving_the_same_item_twice_changes_nothing() -> None:
    spec = make_spec()
    save_item(spec, make_topic())
    result = save_item(spec, make_topic())
    assert (result.created, result.new_version, result.changed) == (False, False, False)
    assert QuestionVersion.objects.count() == 1
    assert BlindSolve.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"stem": "Another question?"},
        {"rationale": "Another reason."},
        {"difficulty": "4"},
        {"valid_to": "2098-12-31"},
        {"order": "shuffle"},
        {"note": "A case."},
        {"facts": {"units": "4"}},
        {"references": [{"source": "a-source", "section": "Another section"}]},
    ],
)
def test_another_content_is_another_version(change: dict[str, Any]) -> None:
    spec = make_spec()
    save_item(spec, make_topic())
    result = save_item(changed(spec, **change), make_topic())
    assert (result.created, result.new_version) == (False, True)
    assert [version.number for version in QuestionVersion.objects.order_by("number")] == [1, 2]
    assert result.question.current
    assert result.question.current.number == 2


def test_status_topic_and_rule_are_no_content() -> None:
    spec = make_spec()
    save_item(spec, make_topic())
    other = changed(spec, status="retired", rule="another-rule", cpt_content="yes")
    result = save_item(other, make_topic("another-topic"))
    assert (result.new_version, result.changed) == (False, True)
    question = Question.objects.get()
    assert (question.status, question.rule, question.topic.slug) == (
        "retired",
        "another-rule",
        "another-topic",
    )


def test_an_answered_version_stays_as_it_was() -> None:
    question = make_question()
    old = QuestionVersion.objects.get()
    choices = list(Choice.objects.values())
    answer = make_answered(make_learner(), question, at("2026-11-01 12:00")).answers.get()
    save_item(
        changed(
            spec_of(question),
            answer="C",
            options=item_data(answer="C")["options"]
            | {"B": {"text": "b", "error": "e", "reason": "r"}, "C": {"text": "c"}},
        ),
        question.topic,
    )
    answer.refresh_from_db()
    assert (answer.version, answer.correct) == (old, True)
    assert list(Choice.objects.filter(version=old).values()) == choices
    stored = QuestionVersion.objects.get(pk=old.pk)
    assert (stored.stem, stored.rationale) == (old.stem, old.rationale)


def test_going_back_to_an_old_wording_makes_a_third_version() -> None:
    spec = make_spec()
    for wording in (spec, changed(spec, rationale="Other."), spec):
        save_item(wording, make_topic())
    assert list(QuestionVersion.objects.order_by("number").values_list("number", flat=True)) == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    "solves", [[], [{"agreed": "no", "picked": "A"}], [{}, {"agreed": "no", "solver": "reader-2"}]]
)
def test_nothing_is_published_without_readers_who_agree(solves: list[dict[str, Any]]) -> None:
    plain = parse_item(item_data(status="published"), "test")
    data = plain.to_file() | {"blind_solves": [blind_solve(plain, **solve) for solve in solves]}
    with pytest.raises(ItemError, match=r"^status: .*blind solve"):
        save_item(parse_item(data, "test"), make_topic())
    assert not Question.objects.exists()


def test_a_changed_stem_needs_a_new_reader_and_a_better_reason_does_not() -> None:
    spec = make_spec()
    save_item(spec, make_topic())
    save_item(spec.model_copy(update={"rationale": "Better put."}), make_topic())
    with pytest.raises(ItemError):
        save_item(spec.model_copy(update={"stem": "Something else?"}), make_topic())
    question = Question.objects.get()
    assert spec_of(question).stem == spec.stem
    assert QuestionVersion.objects.count() == 2


def test_a_solve_that_the_file_no_longer_holds_still_counts_against_the_item() -> None:
    plain = parse_item(item_data(status="draft"), "test")
    doubt = blind_solve(plain, agreed="no", picked="A", solver="reader-2")
    save_item(parse_item(plain.to_file() | {"blind_solves": [doubt]}, "test"), make_topic())
    agreed = plain.to_file() | {"status": "published", "blind_solves": [blind_solve(plain)]}
    with pytest.raises(ItemError):
        save_item(parse_item(agreed, "test"), make_topic())


@pytest.mark.parametrize("make", ["solve", "ruling"])
def test_facts_are_written_once(make: str) -> None:
    version = make_question().current
    assert version
    fact: Any = (
        BlindSolve.objects.get()
        if make == "solve"
        else KeyRuling.objects.create(version=version, accepted="A", reason="Because.")
    )
    fact.reason = "Something else."
    with pytest.raises(AppendOnlyError):
        fact.save()
    with pytest.raises(AppendOnlyError):
        fact.delete()
    fact.refresh_from_db()
    assert fact.reason != "Something else."


@pytest.mark.parametrize("values", [{}, {"credit_all": True, "accepted": "A"}])
def test_a_ruling_says_one_thing(values: dict[str, Any]) -> None:
    version = make_question().current
    assert version
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyRuling.objects.create(version=version, reason="Because.", **values)


def test_a_version_has_one_key() -> None:
    make_question()
    with pytest.raises(IntegrityError), transaction.atomic():
        Choice.objects.filter(letter="A").update(is_key=True)
    Choice.objects.update(is_key=False)
    Choice.objects.filter(letter="D").update(is_key=True)
    assert Choice.objects.filter(is_key=True).count() == 1


def test_a_version_is_not_valid_backwards() -> None:
    make_question()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionVersion.objects.update(valid_to="2025-12-31")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(spec=specs(status="published"))
def test_what_is_saved_comes_back_as_it_was(spec: ItemSpec) -> None:
    with rolled_back():
        make_source()
        save_item(spec, make_topic())
        question = Question.objects.get()
        assert spec_of(question) == spec
        assert spec_of(question).digest() == spec.digest()
        assert spec_of(question).to_file() == spec.to_file()
        assert not save_item(spec_of(question), question.topic).changed


@pytest.mark.once
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(spec=specs())
def test_a_file_says_what_the_item_says(spec: ItemSpec, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("yaml") / "topic.yaml"
    path.write_text(to_yaml([spec.to_file()]), encoding="utf-8")
    (entry,) = read_yaml(path)
    assert parse_item(entry, "test") == spec
    assert to_yaml([parse_item(entry, "test").to_file()]) == path.read_text(encoding="utf-8")


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stem": ""}, "stem"),
        ({"difficulty": "5"}, "difficulty"),
        ({"payer_context": "aetna"}, "payer_context"),
        ({"order": "random"}, "order"),
        ({"status": "done"}, "status"),
        ({"cpt_content": "maybe"}, "cpt_content"),
        ({"answer": "E"}, "answer"),
        ({"key": "Not A Slug"}, "key"),
        ({"rule": "x" * 101}, "rule"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"valid_to": "2025-01-01"}, "valid_to: is before valid_from"),
        ({"code_year": "2100"}, "code_year"),
        ({"references": []}, "references"),
        ({"surprise": "x"}, "surprise"),
        ({"answer": "A"}, "options.A: the key has no error"),
        ({"facts": {"units": ""}}, "facts.units"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ContentError, match=rf"^some/file\.yaml: item .*\b{field}"):
        parse_item(item_data(**change), "some/file.yaml")


@pytest.mark.once
@pytest.mark.parametrize(
    ("letter", "change", "problem"),
    [
        ("A", {"reason": ""}, "options.A: a distractor needs"),
        ("A", {"error": ""}, "options.A: a distractor needs"),
        ("B", {"error": "x", "reason": "y"}, "options.B: the key has no error"),
        ("C", {"text": "x" * 401}, "options.C.text"),
        ("C", {"error": "Not A Tag"}, "options.C.error"),
        ("D", {"codes": ["not a code"]}, "options.D.codes.0"),
        ("D", {"codes": ["E11.9"] * 21}, "options.D.codes"),
        ("D", {"text": " CHOICE  a "}, "two of them say the same"),
    ],
)
def test_a_wrong_option_is_named(letter: str, change: dict[str, Any], problem: str) -> None:
    data = item_data()
    data["options"]["A"]["text"] = "choice A"
    data["options"][letter] |= change
    with pytest.raises(ContentError) as caught:
        parse_item(data, "file")
    assert problem in str(caught.value)


@pytest.mark.once
@pytest.mark.parametrize("missing", ["A", "D"])
def test_four_options_are_needed(missing: str) -> None:
    data = item_data()
    del data["options"][missing]
    with pytest.raises(ContentError, match="must be A, B, C and D"):
        parse_item(data, "file")
