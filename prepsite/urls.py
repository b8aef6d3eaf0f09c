"""All routes, by room."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from prepsite import views
from prepsite.accounts import views as accounts

# One way in, with one rate limit, for learners and staff alike.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Staff workplace"
admin.site.site_title = "Staff"
admin.site.index_title = "Content and learners"

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("about/items/", views.about_items, name="about-items"),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("quizzes.urls")),
    path("careers/", include("careers.urls")),
    path("accounts/", accounts.account, name="account"),
    path("accounts/exam-date/", accounts.exam_date, name="exam-date"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("favicon.ico", RedirectView.as_view(url=settings.STATIC_URL + "img/mark.svg")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = "prepsite.views.bad_request"
handler403 = "prepsite.views.permission_denied"
handler404 = "prepsite.views.not_found"
handler500 = "prepsite.views.server_error"
