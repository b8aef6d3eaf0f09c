"""System checks: what is wrong with the configuration, and how to mend it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def check_secret(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if len(settings.SECRET_KEY) >= 32:
        return []
    return [
        Error(
            "SECRET_KEY is shorter than 32 characters.",
            hint='Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="prepsite.E001",
        )
    ]


@register(Tags.urls)
def check_site_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.path:
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL!r}, which is not a web address.",
            hint="Write it with its scheme and without a path, such as https://example.org.",
            id="prepsite.E002",
        )
    ]


@register(Tags.security, deploy=True)
def check_https(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        checks.Warning(
            "The site is served over plain http, so cookies travel unprotected.",
            hint="Set SITE_URL to the https address; it switches Secure cookies on.",
            id="prepsite.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_proxy(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        checks.Warning(
            "SITE_URL is https but TRUST_PROXY is off: behind a proxy that ends TLS, every"
            " page redirects to itself.",
            hint="Set TRUST_PROXY=yes, and let the proxy set X-Forwarded-Proto itself.",
            id="prepsite.W004",
        )
    ]


@register(Tags.caches, deploy=True)
def check_cache(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    backend = settings.CACHES["default"]["BACKEND"]
    if "locmem" not in backend and "dummy" not in backend:
        return []
    return [
        checks.Warning(
            "The default cache is not shared by all processes: rate limits count too little.",
            hint="Leave CACHE_URL unset on one machine, or name a Redis.",
            id="prepsite.W002",
        )
    ]


@register(Tags.security, deploy=True)
def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if "filebased" not in settings.MAILERS["default"]["BACKEND"]:
        return []
    return [
        checks.Warning(
            "Mail is written to files: nobody receives a password reset.",
            hint="Set EMAIL_HOST, EMAIL_PORT, EMAIL_USER and EMAIL_PASSWORD.",
            id="prepsite.W003",
        )
    ]


@register(Tags.security)
def check_preload(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS or not settings.SECURE_HSTS_PRELOAD:
        return []
    return [
        Error(
            "HSTS_PRELOAD is on and HSTS_SUBDOMAINS is off: browsers' lists refuse that.",
            hint="Set HSTS_SUBDOMAINS=yes if every host below this one has https, else"
            " HSTS_PRELOAD=no.",
            id="prepsite.E003",
        )
    ]


@register(Tags.security, deploy=True)
def check_hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        checks.Warning(
            "ALLOWED_HOSTS takes any name: a stranger can have the site mail out links to"
            " another one.",
            hint="List the names that the site really has, or leave ALLOWED_HOSTS unset.",
            id="prepsite.W005",
        )
    ]
