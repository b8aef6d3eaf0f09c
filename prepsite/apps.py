from django.apps import AppConfig


class PrepsiteConfig(AppConfig):
    name = "prepsite"

    def ready(self) -> None:
        from prepsite import checks, publicpages  # noqa: F401  (importing registers checks)
        from prepsite.discovery import listing

        listing.register("site", publicpages.public_pages)
