"""Addresses under /careers/."""

from django.urls import path

from careers import views

app_name = "careers"
urlpatterns = [
    path("", views.index, name="index"),
    path("states/", views.states, name="states"),
    path("states/compare/", views.compare, name="compare"),
    path("states/<slug:slug>/", views.state, name="state"),
    path("estimate/", views.estimate, name="estimate"),
    path("changes/", views.changes, name="changes"),
    path("changes/<page_number:number>/", views.changes, name="changes_page"),
    path("changes/feed/", views.feed, name="feed"),
    path("<slug:slug>/", views.topic, name="topic"),
]
