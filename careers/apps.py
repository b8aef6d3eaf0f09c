from django.apps import AppConfig


class CareersConfig(AppConfig):
    name = "careers"
    verbose_name = "Careers: salary and outlook"

    def ready(self) -> None:
        from careers import signals

        signals.connect(self.get_models())
