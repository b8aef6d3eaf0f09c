from django.urls import path

from quizzes.views import practice, progress, reports

app_name = "quizzes"

urlpatterns = [
    path("practice/", practice.choose, name="choose"),
    path("practice/new/", practice.new, name="new"),
    path("practice/<int:attempt_id>/", practice.resume, name="resume"),
    path("practice/<int:attempt_id>/<int:number>/", practice.slot, name="slot"),
    path("practice/<int:attempt_id>/<int:number>/report/", reports.report, name="report"),
    path("practice/<int:attempt_id>/summary/", practice.summary, name="summary"),
    path("progress/", progress.progress, name="progress"),
]
