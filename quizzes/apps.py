from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Question bank and practice"

    def ready(self) -> None:
        from prepsite.accounts import registry
        from quizzes import learner_data, signals  # noqa: F401  (importing connects them)

        registry.register(learner_data.LEARNER_DATA)
