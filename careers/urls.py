"""Addresses under /careers/."""

from django.urls import path

from careers import views
from careers.feeds import changes_feed

app_name = "careers"
urlpatterns = [
    path("", views.index, name="index"),
    path("changes/feed/", changes_feed, name="changes-feed"),
    path("<slug:slug>/", views.topic, name="topic"),
]
