from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Question bank and practice"

    def ready(self) -> None:
        from prepsite.accounts import registry
        from prepsite.content import workqueue
        from quizzes import learner_data, signals, workqueues  # noqa: F401  (signals connect)

        registry.register(learner_data.LEARNER_DATA)
        workqueue.register("quizzes", workqueues.queues)
