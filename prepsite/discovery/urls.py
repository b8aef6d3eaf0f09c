"""Addresses that crawlers ask for."""

from django.urls import path

from prepsite.discovery import views

app_name = "discovery"
urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("cards/<path:name>.png", views.card, name="card"),
]
