"""What becomes of sessions and answers when learners merge, export or leave."""

from datetime import UTC
from typing import Any

from django.db.models import DateTimeField
from django.db.models.functions import Trunc

from prepsite.accounts.models import Learner
from prepsite.accounts.registry import Activity, LearnerData
from quizzes import stats
from quizzes.models import Answer, Attempt, SeenQuestion


def _merge(source: Learner, target: Learner) -> dict[str, int]:
    """Move the sessions and recount what the target has seen by now."""
    questions = list(
        SeenQuestion.objects.filter(learner=source).values_list("question_id", flat=True)
    )
    answers = Answer.objects.filter(attempt__learner=source, answered_at__isnull=False).count()
    sessions = Attempt.objects.filter(learner=source).update(learner=target, merged_from=source)
    SeenQuestion.objects.filter(learner=source).delete()
    stats.recount_seen(target.pk, questions)
    return {"answers": answers, "sessions": sessions}


def _export(learner: Learner) -> dict[str, Any]:
    sessions = Attempt.objects.filter(learner=learner).order_by("started_at", "pk")
    answers: dict[int, list[dict[str, Any]]] = {}
    for answer in Answer.objects.filter(attempt__in=sessions).select_related(
        "version__question", "picked"
    ):
        answers.setdefault(answer.attempt_id, []).append(
            {
                "slot": answer.slot,
                "item": answer.version.question.key,
                "version": answer.version.number,
                "picked": answer.picked.letter if answer.picked else None,
                "correct": answer.correct,
                "answered_at": answer.answered_at.isoformat() if answer.answered_at else None,
            }
        )
    return {
        "sessions": [
            {
                "title": attempt.title,
                "started_at": attempt.started_at.isoformat(),
                "finished_at": attempt.finished_at.isoformat() if attempt.finished_at else None,
                "answers": answers.get(attempt.pk, []),
            }
            for attempt in sessions
        ]
    }


def _erase(learner: Learner) -> None:
    """Leave the answers to the statistics, with nobody's name and no time of day."""
    attempts = Attempt.objects.filter(learner=learner)
    Answer.objects.filter(attempt__in=attempts).update(answered_at=_day("answered_at"))
    SeenQuestion.objects.filter(learner=learner).delete()
    attempts.update(
        learner=None,
        merged_from=None,
        started_at=_day("started_at"),
        finished_at=_day("finished_at"),
        start_token=None,
    )


def _day(field: str) -> Trunc:
    # In UTC, the form that both databases store: elsewhere midnight would move the day.
    return Trunc(field, "day", output_field=DateTimeField(), tzinfo=UTC)


LEARNER_DATA = LearnerData(
    name="practice",
    models=(Attempt, Answer, SeenQuestion),
    merge=_merge,
    export=_export,
    erase=_erase,
    activity=(
        Activity(Attempt, "learner", ("started_at", "finished_at")),
        # The shell of a merged learner stays while what it brought along is fresh.
        Activity(Attempt, "merged_from", ("started_at", "finished_at")),
        Activity(SeenQuestion, "learner", ("last_answered_at",)),
        Activity(Answer, "attempt__learner", ("answered_at",)),
    ),
)
