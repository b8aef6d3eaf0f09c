from django.urls import path

from prepsite.accounts.views import profile

urlpatterns = [
    path("", profile.account, name="account"),
    path("exam-date/", profile.exam_date, name="exam-date"),
]
