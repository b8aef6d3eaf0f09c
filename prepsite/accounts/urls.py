from django.urls import path

from prepsite.accounts.views import data, joined, profile

urlpatterns = [
    path("", profile.account, name="account"),
    path("exam-date/", profile.exam_date, name="exam-date"),
    path("undo/", joined.undo, name="account-undo"),
    path("export/", data.export, name="account-export"),
    path("export/<slug:file_format>/", data.download, name="account-download"),
    path("forget/", data.forget, name="account-forget"),
    path("delete/", data.delete, name="account-delete"),
    path("deleted/", data.deleted, name="account-deleted"),
]
