from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Question bank and practice"

    def ready(self) -> None:
        from prepsite.accounts import registry
        from prepsite.content import workqueue
        from quizzes import learner_data, reports, signals  # noqa: F401  (importing connects them)

        registry.register(learner_data.LEARNER_DATA)
        workqueue.register("reports", reports.work_queues)
