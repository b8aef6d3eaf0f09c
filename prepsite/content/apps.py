from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "prepsite.content"
    verbose_name = "Publication"
