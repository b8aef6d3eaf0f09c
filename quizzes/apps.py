from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from prepsite.accounts import registry
        from quizzes import learner_data, signals  # noqa: F401  (importing connects them)

        registry.register(learner_data.LEARNER_DATA)
