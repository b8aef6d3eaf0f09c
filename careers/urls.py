"""Addresses under /careers/."""

from django.urls import path

from careers import views

app_name = "careers"
urlpatterns = [
    path("", views.index, name="index"),
    path("estimate/", views.estimate, name="estimate"),
    path("<slug:slug>/", views.topic, name="topic"),
]
