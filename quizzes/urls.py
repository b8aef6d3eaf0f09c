from django.urls import path

from quizzes.models import Attempt
from quizzes.views import errata, practice, progress, reports
from quizzes.views.mock import reporting, sitting, starting

app_name = "quizzes"

urlpatterns = [
    path("practice/", practice.choose, name="choose"),
    path("practice/new/", practice.new, name="new"),
    path("practice/<int:attempt_id>/", practice.resume, name="resume"),
    path("practice/<int:attempt_id>/<int:number>/", practice.slot, name="slot"),
    path("practice/<int:attempt_id>/<int:number>/report/", reports.report, name="report"),
    path("practice/<int:attempt_id>/summary/", practice.summary, name="summary"),
    path("exam/", starting.overview, name="exam"),
    path("exam/start/", starting.start, name="exam-start"),
    path("exam/<int:attempt_id>/", sitting.resume, name="exam-resume"),
    path("exam/<int:attempt_id>/<int:number>/", sitting.question, name="exam-question"),
    path("exam/<int:attempt_id>/review/", sitting.review, name="exam-review"),
    path("exam/<int:attempt_id>/submit/", sitting.submit, name="exam-submit"),
    path("exam/<int:attempt_id>/discard/", sitting.discard, name="exam-discard"),
    path("exam/<int:attempt_id>/report/", reporting.report, name="exam-report"),
    path(
        "exam/<int:attempt_id>/<int:number>/report/",
        reports.report,
        {"mode": Attempt.Mode.MOCK},
        name="exam-item-report",
    ),
    path("progress/", progress.progress, name="progress"),
    path("practice/notices/", errata.put_away, name="notices"),
    path("errata/", errata.errata, name="errata"),
    path("errata/<page_number:page>/", errata.errata, name="errata-page"),
    path("errata/<slug:area>/", errata.errata, name="errata-area"),
    path("errata/<slug:area>/<page_number:page>/", errata.errata, name="errata-area-page"),
]
