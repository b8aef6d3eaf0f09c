from django.apps import AppConfig


class CareersConfig(AppConfig):
    name = "careers"
    verbose_name = "Careers: salary and outlook"

    def ready(self) -> None:
        from careers import signals, workqueue
        from prepsite.content import workqueue as registry

        signals.connect(self.get_models())
        registry.register("careers", workqueue.queues)
