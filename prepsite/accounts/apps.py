from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "prepsite.accounts"
    verbose_name = "Users and learners"

    def ready(self) -> None:
        from prepsite.accounts import signals  # noqa: F401  (importing connects them)
