"""The one door through which items enter the bank, whoever wrote them."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from prepsite.accounts.models import User
from prepsite.content.history import save_with_history
from quizzes.itemspec import LETTERS, ItemSpec, StatusName
from quizzes.models import (
    BlindSolve,
    Choice,
    Question,
    QuestionVersion,
    Status,
    Topic,
    VersionStat,
)

OWN_WORK = (
    "You wrote every version of this item, and nobody else has solved its present wording."
    " Send it to review and ask a colleague to solve it blind; then it can be published."
)


class ItemError(Exception):
    """An item cannot be saved as asked; ``field`` is the field of ItemSpec at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True)
class SaveResult:
    """What ``save_item`` did: the question, and whether it is new or has a new version."""

    question: Question
    created: bool
    new_version: bool
    changed: bool


@transaction.atomic
def save_item(
    spec: ItemSpec, topic: Topic, *, by: User | None = None, reason: str = ""
) -> SaveResult:
    """Write an item: question, next version where the content changed, blind solves.

    ``by`` and ``reason`` stand in the history; without ``by`` it is the content files that
    speak. Saving the same spec twice changes nothing. Raises ItemError where an item is to
    be published that has gaps, that has not been solved blind in its present wording, or
    that only its own author has seen.
    """
    question = Question.objects.select_for_update().filter(key=spec.key).first()
    created = question is None
    if question is None:
        question = Question(key=spec.key)
    before = (question.topic_id, question.rule, question.status, question.cpt_content)
    question.topic = topic
    question.rule = spec.rule
    question.status = Status(spec.status)
    question.cpt_content = spec.cpt_content
    after = (topic.pk, question.rule, question.status, question.cpt_content)
    if created or before != after:
        save_with_history(question, by, reason)
    new_solves = _add_blind_solves(question, spec, by)
    if spec.status is StatusName.PUBLISHED and (missing := spec.unwritten()):
        raise ItemError("status", f"published needs what is still to be written: {missing[0]}")
    if spec.status is StatusName.PUBLISHED and not is_solved_blind(
        question, spec.sheet_digest(), spec.answer
    ):
        raise ItemError("status", "published needs a blind solve of this wording that agrees")
    if spec.status is StatusName.PUBLISHED and is_own_work(question, spec.sheet_digest(), by):
        raise ItemError("status", OWN_WORK)
    new_version = _add_version(question, spec, by)
    return SaveResult(
        question, created, new_version, created or new_version or new_solves or before != after
    )


def _add_version(question: Question, spec: ItemSpec, by: User | None) -> bool:
    """Write the spec as the question's next version, unless it is the current one."""
    digest = _version_digest(spec)
    current = question.current
    if current is not None and current.digest == digest:
        return False
    version = QuestionVersion.objects.create(
        question=question,
        number=current.number + 1 if current else 1,
        stem=spec.stem,
        note=spec.note,
        rationale=spec.rationale,
        references=[reference.model_dump() for reference in spec.references],
        difficulty=spec.difficulty,
        payer_context=spec.payer_context,
        code_year=spec.code_year,
        valid_from=spec.valid_from,
        valid_to=spec.valid_to,
        order=spec.order,
        facts=spec.facts,
        digest=digest,
        sheet_digest=spec.sheet_digest(),
        created_by=by,
    )
    Choice.objects.bulk_create(
        Choice(
            version=version,
            letter=letter,
            text=option.text,
            codes=" ".join(option.codes),
            error_tag=option.error,
            reason=option.reason,
            is_key=letter == spec.answer,
        )
        for letter, option in spec.options.items()
    )
    VersionStat.objects.create(version=version)
    question.current = version
    # The version is its own record: who wrote it stands in it, and when.
    question.save_without_historical_record(update_fields=["current"])  # type: ignore[attr-defined]
    return True


def _version_digest(spec: ItemSpec) -> str:
    """Return the digest of what a version holds; status, topic and rule are not in it."""
    return spec.model_copy(
        update={"status": StatusName.DRAFT, "rule": "rule", "cpt_content": False}
    ).digest()


def _add_blind_solves(question: Question, spec: ItemSpec, by: User | None) -> bool:
    """Keep the solves that are not known yet; return whether there were any.

    A record that a user brings along counts as that user's: nobody vouches for their own
    item by importing a reader's name with it.
    """
    known = set(question.blind_solves.values_list("sheet_digest", "solver"))
    new = [
        BlindSolve(
            question=question,
            sheet_digest=solve.sheet,
            solver=solve.solver,
            picked=solve.picked,
            agreed=solve.agreed,
            confidence=solve.confidence,
            reason=solve.reason,
            solved_on=solve.solved_on,
            by=by,
        )
        for solve in spec.blind_solves
        if (solve.sheet, solve.solver) not in known
    ]
    BlindSolve.objects.bulk_create(new)
    return bool(new)


def is_solved_blind(question: Question, sheet_digest: str, key: str) -> bool:
    """Tell whether everyone who solved this sheet picked its key, and someone did.

    An agreement with an earlier key does not count for a key that was moved since.
    """
    verdicts = list(
        question.blind_solves.filter(sheet_digest=sheet_digest).values_list("agreed", "picked")
    )
    return bool(verdicts) and all(agreed and picked == key for agreed, picked in verdicts)


def is_own_work(question: Question, sheet_digest: str, by: User | None) -> bool:
    """Tell whether the item would reach learners with ``by`` alone having seen it.

    So it is where every version is theirs and no agreement with this sheet is somebody
    else's. A version without an author is the content files', and so somebody else's.
    """
    if by is None:
        return False
    others = Q(by=None) | ~Q(by=by)
    if question.blind_solves.filter(others, sheet_digest=sheet_digest, agreed=True).exists():
        return False
    return not question.versions.filter(Q(created_by=None) | ~Q(created_by=by)).exists()


def spec_of(question: Question, version: QuestionVersion | None = None) -> ItemSpec:
    """Return the item that the rows of a question hold, in its current wording or another.

    Costs no statement where ``current__choices`` and ``blind_solves`` are prefetched.
    Raises ValueError for a question without a version.
    """
    version = version or question.current
    if version is None:
        raise ValueError(f"{question.key} has no version.")
    choices = {choice.letter: choice for choice in version.choices.all()}
    return ItemSpec.model_validate(
        {
            "key": question.key,
            "rule": question.rule,
            "status": question.status,
            "difficulty": version.difficulty,
            "payer_context": version.payer_context,
            "code_year": version.code_year,
            "valid_from": version.valid_from,
            "valid_to": version.valid_to,
            "cpt_content": question.cpt_content,
            "order": version.order,
            "stem": version.stem,
            "note": version.note,
            "facts": version.facts,
            "options": {
                letter: {
                    "text": choices[letter].text,
                    "codes": choices[letter].codes.split(),
                    "error": choices[letter].error_tag,
                    "reason": choices[letter].reason,
                }
                for letter in LETTERS
            },
            "answer": next(letter for letter, choice in choices.items() if choice.is_key),
            "rationale": version.rationale,
            "references": version.references,
            "blind_solves": [
                {
                    "sheet": solve.sheet_digest,
                    "solver": solve.solver,
                    "picked": solve.picked,
                    "agreed": solve.agreed,
                    "confidence": solve.confidence,
                    "reason": solve.reason,
                    "solved_on": solve.solved_on,
                }
                for solve in question.blind_solves.all()
            ],
        }
    )
