from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "prepsite.codes"
    verbose_name = "Code sets"
