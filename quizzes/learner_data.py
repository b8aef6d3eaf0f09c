"""What becomes of sessions and answers when learners merge, export or leave."""

from datetime import UTC, datetime

from django.db.models import DateTimeField, QuerySet
from django.db.models.functions import Coalesce, Trunc
from django.utils import timezone

from prepsite.accounts.models import Learner
from prepsite.accounts.registry import Activity, LearnerData, Tables, isoformat, origins_of
from quizzes import stats
from quizzes.mock import submitting
from quizzes.models import (
    Answer,
    Attempt,
    ItemNote,
    MockSlot,
    Notice,
    QuestionReport,
    SeenQuestion,
)

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _count(learner: Learner) -> dict[str, int]:
    return {
        "answers": Answer.objects.filter(
            attempt__learner=learner, answered_at__isnull=False
        ).count(),
        "sessions": Attempt.objects.filter(learner=learner).count(),
    }


def _merge(source: Learner, target: Learner) -> None:
    """Move the sessions and recount what the target has seen by now.

    Of two open mocks the target's stays open, and the source's is closed without a score.
    """
    _keep_one_open_mock(source, target)
    questions = _questions_of(Attempt.objects.filter(learner=source))
    for learner in (source, target):
        _hold_totals(learner, questions)
    # A session remembers its first learner: later merges pass it on.
    Attempt.objects.filter(learner=source).update(
        learner=target, merged_from=Coalesce("merged_from", source.pk)
    )
    ItemNote.objects.filter(learner=source).update(
        learner=target, merged_from=Coalesce("merged_from", source.pk)
    )
    Notice.objects.filter(learner=source).update(learner=target)
    SeenQuestion.objects.filter(learner=source).delete()
    stats.recount_seen([target.pk], questions)


def _keep_one_open_mock(source: Learner, target: Learner) -> None:
    now = timezone.now()
    brought, standing = (submitting.open_mock_of(learner, now) for learner in (source, target))
    if brought and standing:
        submitting.discard(brought.pk, now, Attempt.Ending.MERGED.value)


def _unmerge(source: Learner, target: Learner) -> None:
    """Give the sessions back and recount what both have seen.

    First tries stay as they are: they tell what was known when the answer was given.
    """
    moved = Attempt.objects.filter(learner=target, merged_from__in=origins_of(source))
    questions = _questions_of(moved)
    _hold_totals(target, questions)
    Notice.objects.filter(answer__attempt__in=moved).update(learner=source)
    # What the merge closed is open again; it had no answers that could be counted. It
    # goes back in the same breath, for the target has one open.
    moved.filter(merged_from=source, ending=Attempt.Ending.MERGED).update(
        learner=source, merged_from=None, finished_at=None, ending="", counted_at=None
    )
    moved.filter(merged_from=source).update(learner=source, merged_from=None)
    moved.update(learner=source)
    notes = ItemNote.objects.filter(learner=target, merged_from__in=origins_of(source))
    notes.filter(merged_from=source).update(learner=source, merged_from=None)
    notes.update(learner=source)
    stats.recount_seen([source.pk, target.pk], questions)


def _questions_of(attempts: QuerySet[Attempt]) -> list[int]:
    """Return the questions of these sessions, answered or still open, in a fixed order."""
    return list(
        Answer.objects.filter(attempt__in=attempts)
        .order_by("version__question_id")
        .values_list("version__question_id", flat=True)
        .distinct()
    )


def _hold_totals(learner: Learner, questions: list[int]) -> None:
    """Wait for answers under way, and let new ones wait until the sessions have moved.

    An answer begins by writing its row of the totals. Where there is none yet, an empty
    one is put here, so that on PostgreSQL too there is something to wait for; the recount
    that follows takes it away.
    """
    SeenQuestion.objects.bulk_create(
        (
            SeenQuestion(
                learner=learner, question_id=question, last_correct=False, last_answered_at=_NEVER
            )
            for question in questions
        ),
        ignore_conflicts=True,
        batch_size=stats.BATCH,
    )


def _export(learner: Learner) -> Tables:
    attempts = Attempt.objects.filter(learner=learner)
    answers = Answer.objects.filter(attempt__in=attempts).select_related(
        "version__question", "picked"
    )
    seen = SeenQuestion.objects.filter(learner=learner).select_related("question")
    reports = QuestionReport.objects.filter(answer__in=answers)
    heard = Notice.objects.filter(learner=learner).select_related(
        "decision__version__question", "answer"
    )
    mocks = attempts.filter(mode=Attempt.Mode.MOCK)
    slots = MockSlot.objects.filter(attempt__in=mocks).select_related(
        "version__question", "picked", "first_picked"
    )
    notes = ItemNote.objects.filter(learner=learner).select_related("question")
    return {
        "sessions": [
            {
                "session": attempt.pk,
                "title": attempt.title,
                "started_at": attempt.started_at.isoformat(),
                "finished_at": isoformat(attempt.finished_at),
                "joined_at_sign_in": attempt.merged_from_id is not None,
            }
            for attempt in attempts.order_by("started_at", "pk")
        ],
        "answers": [
            {
                "session": answer.attempt_id,
                "slot": answer.slot,
                "item": answer.version.question.key,
                "version": answer.version.number,
                "picked": answer.picked.letter if answer.picked else None,
                "correct": answer.correct,
                "first_try": answer.first_try,
                "answered_at": isoformat(answer.answered_at),
                "milliseconds": answer.millis,
            }
            for answer in answers.order_by("attempt__started_at", "attempt_id", "slot")
        ],
        "questions_seen": [
            {
                "item": row.question.key,
                "times_answered": row.times_answered,
                "times_correct": row.times_correct,
                "last_correct": row.last_correct,
                "last_answered_at": row.last_answered_at.isoformat(),
            }
            for row in seen.order_by("question__key")
        ],
        "mock_exams": [
            {
                "session": mock.pk,
                "questions": mock.plan["count"] if mock.plan else None,
                "areas": ", ".join(mock.plan["areas"]) if mock.plan else "",
                "pace": mock.plan["pace"] if mock.plan else None,
                "started_at": mock.started_at.isoformat(),
                "deadline": isoformat(mock.deadline),
                "finished_at": isoformat(mock.finished_at),
                "ending": mock.get_ending_display(),
            }
            for mock in mocks.order_by("started_at", "pk")
        ],
        "mock_slots": [
            {
                "session": slot.attempt_id,
                "slot": slot.slot,
                "item": slot.version.question.key,
                "version": slot.version.number,
                "picked": slot.picked.letter if slot.picked else None,
                "picked_first": slot.first_picked.letter if slot.first_picked else None,
                "changes": slot.changes,
                "struck_out": slot.struck,
                "flagged": slot.flagged,
                "milliseconds": slot.millis,
                "saved_at": isoformat(slot.saved_at),
            }
            for slot in slots.order_by("attempt__started_at", "attempt_id", "slot")
        ],
        "notes": [
            {
                "item": note.question.key,
                "text": note.text,
                "saved_at": note.saved_at.isoformat(),
                "joined_at_sign_in": note.merged_from_id is not None,
            }
            for note in notes.order_by("question__key", "pk")
        ],
        "reports": [
            {
                "session": report.answer.attempt_id,
                "slot": report.answer.slot,
                "reason": report.get_reason_display(),
                "note": report.note,
                "at": report.at.isoformat(),
                "decided_at": isoformat(report.decision.at) if report.decision else None,
                "decision": report.decision.words if report.decision else "",
            }
            for report in reports.select_related("answer", "decision").order_by("at", "pk")
        ],
        "notices": [
            {
                "session": notice.answer.attempt_id,
                "slot": notice.answer.slot,
                "item": notice.decision.version.question.key,
                "decided_at": notice.decision.at.isoformat(),
                "decision": notice.decision.words,
                "scored_anew": notice.is_rescored,
                "seen_at": isoformat(notice.seen_at),
            }
            for notice in heard.order_by("pk")
        ],
    }


def _erase(learner: Learner) -> None:
    """Leave the answers to the statistics, with nobody's name and no time of day.

    Of a mock only its answers stay: an open one goes, and so does how each was sat.
    """
    # A mock that is just being submitted is waited for, so that its answers are met here.
    list(Learner.objects.select_for_update().filter(pk=learner.pk))
    attempts = Attempt.objects.filter(learner=learner)
    attempts.filter(mode=Attempt.Mode.MOCK, finished_at=None).delete()
    MockSlot.objects.filter(attempt__in=attempts).delete()
    ItemNote.objects.filter(learner=learner).delete()
    reports = QuestionReport.objects.filter(answer__attempt__in=attempts)
    reports.update(note="", at=_day("at"))
    Answer.objects.filter(attempt__in=attempts).update(answered_at=_day("answered_at"))
    Notice.objects.filter(learner=learner).delete()
    SeenQuestion.objects.filter(learner=learner).delete()
    attempts.update(
        learner=None,
        merged_from=None,
        started_at=_day("started_at"),
        finished_at=_day("finished_at"),
        counted_at=_day("counted_at"),
        deadline=_day("deadline"),
        start_token=None,
    )


def _day(field: str) -> Trunc:
    # In UTC, the form that both databases store: elsewhere midnight would move the day.
    return Trunc(field, "day", output_field=DateTimeField(), tzinfo=UTC)


LEARNER_DATA = LearnerData(
    name="practice",
    models=(Attempt, Answer, MockSlot, ItemNote, SeenQuestion, QuestionReport, Notice),
    count=_count,
    merge=_merge,
    unmerge=_unmerge,
    export=_export,
    erase=_erase,
    activity=(
        Activity(Attempt, "learner", ("started_at", "finished_at")),
        # The shell of a merged learner stays while what it brought along is fresh.
        Activity(Attempt, "merged_from", ("started_at", "finished_at")),
        Activity(SeenQuestion, "learner", ("last_answered_at",)),
        Activity(Answer, "attempt__learner", ("answered_at",)),
        Activity(MockSlot, "attempt__learner", ("saved_at",)),
        Activity(ItemNote, "learner", ("saved_at",)),
        Activity(QuestionReport, "answer__attempt__learner", ("at",)),
        Activity(Notice, "learner", ("seen_at",)),
    ),
)
