from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "prepsite.accounts"

    def ready(self) -> None:
        from prepsite.accounts import signals  # noqa: F401  (importing connects them)
