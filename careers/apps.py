from django.apps import AppConfig


class CareersConfig(AppConfig):
    name = "careers"
    verbose_name = "Careers: salary and outlook"

    def ready(self) -> None:
        from careers import publicpages, signals, workqueue
        from prepsite.content import workqueue as registry
        from prepsite.discovery import listing

        signals.connect(self.get_models())
        listing.register("careers", publicpages.public_pages)
        registry.register("careers", workqueue.queues)
