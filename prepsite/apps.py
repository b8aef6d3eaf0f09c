from django.apps import AppConfig


class PrepsiteConfig(AppConfig):
    name = "prepsite"

    def ready(self) -> None:
        from prepsite import checks  # noqa: F401  (importing registers them)
