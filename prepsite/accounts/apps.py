from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "prepsite.accounts"
    verbose_name = "Users and learners"

    def ready(self) -> None:
        from prepsite.accounts import (
            merge_data,
            registry,
            signals,  # noqa: F401  (importing connects them)
        )

        registry.register(merge_data.MERGE_DATA)
