from django.urls import path

from quizzes.views import errata, practice, progress, reports

app_name = "quizzes"

urlpatterns = [
    path("practice/", practice.choose, name="choose"),
    path("practice/new/", practice.new, name="new"),
    path("practice/<int:attempt_id>/", practice.resume, name="resume"),
    path("practice/<int:attempt_id>/<int:number>/", practice.slot, name="slot"),
    path("practice/<int:attempt_id>/<int:number>/report/", reports.report, name="report"),
    path("practice/<int:attempt_id>/summary/", practice.summary, name="summary"),
    path("progress/", progress.progress, name="progress"),
    path("practice/notices/", errata.put_away, name="notices"),
    path("errata/", errata.errata, name="errata"),
    path("errata/<int:page>/", errata.errata, name="errata-page"),
    path("errata/<slug:area>/", errata.errata, name="errata-area"),
    path("errata/<slug:area>/<int:page>/", errata.errata, name="errata-area-page"),
]
