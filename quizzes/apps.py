from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Question bank and practice"

    def ready(self) -> None:
        from prepsite.accounts import registry
        from prepsite.codes import changes
        from prepsite.content import workqueue
        from prepsite.discovery import listing
        from quizzes import (
            codereviews,
            learner_data,
            publicpages,
            signals,  # noqa: F401  (they connect)
            workqueues,
        )

        registry.register(learner_data.LEARNER_DATA)
        workqueue.register("quizzes", workqueues.queues)
        listing.register("errata", publicpages.public_pages)
        changes.register("quizzes", codereviews.look_through)
