"""Taking reports: learners say what is wrong with a question that they answered."""

from datetime import datetime, timedelta

from quizzes.models import QuestionReport

PER_DAY = 20
NOTE_LENGTH = 1000


class TooManyReports(Exception):
    """A learner has sent as many reports in a day as anyone reads."""


def take(answer_id: int, reason: str, note: str, now: datetime) -> QuestionReport:
    """Save what a learner says about a question they answered; again, it changes nothing.

    Raises TooManyReports after 20 reports of the learner within 24 hours.
    """
    same = {"answer_id": answer_id, "reason": reason}
    if known := QuestionReport.objects.filter(**same).first():
        return known
    recent = QuestionReport.objects.filter(
        at__gt=now - timedelta(days=1), answer__attempt__learner__attempt__answers=answer_id
    )
    if recent.count() >= PER_DAY:
        raise TooManyReports
    return QuestionReport.objects.get_or_create(**same, defaults={"note": note, "at": now})[0]


def reports_on(answer_id: int) -> list[QuestionReport]:
    """Return what was reported about a slot, with what was decided, the oldest first."""
    return list(QuestionReport.objects.filter(answer=answer_id).select_related("decision"))
