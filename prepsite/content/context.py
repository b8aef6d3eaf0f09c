"""What every template may name."""

from django.conf import settings
from django.http import HttpRequest

from prepsite.content import display
from prepsite.content.pagecache import is_personal


def site(request: HttpRequest) -> dict[str, str]:
    """Return the site's name, its address without a trailing slash, and the theme.

    The theme is named only in pages that nobody else can get from a cache; elsewhere
    static/js/theme.js reads the same cookie.
    """
    theme = display.chosen(request).theme if is_personal(request) else "auto"
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "THEME": "" if theme == "auto" else theme,
    }
