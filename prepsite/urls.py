"""All routes, by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from prepsite import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("about/items/", views.about_items, name="about-items"),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("quizzes.urls")),
    path("careers/", include("careers.urls")),
    # Ours first: it puts a guard before some of allauth's pages.
    path("accounts/", include("prepsite.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("", include("prepsite.discovery.urls")),
    path("favicon.ico", RedirectView.as_view(url=settings.STATIC_URL + "img/mark.svg")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = "prepsite.views.bad_request"
handler403 = "prepsite.views.permission_denied"
handler404 = "prepsite.views.not_found"
handler500 = "prepsite.views.server_error"
