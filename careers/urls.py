"""Addresses under /careers/."""

from django.urls import path

from careers import views
from careers.feeds import changes_feed

app_name = "careers"
urlpatterns = [
    path("", views.index, name="index"),
    path("states/", views.states, name="states"),
    path("states/compare/", views.compare, name="compare"),
    path("states/<slug:slug>/", views.state, name="state"),
    path("estimate/", views.estimate, name="estimate"),
    path("changes/feed/", changes_feed, name="changes-feed"),
    path("<slug:slug>/", views.topic, name="topic"),
]
