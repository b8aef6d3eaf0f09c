from django.apps import AppConfig
from django.urls import register_converter


class ContentConfig(AppConfig):
    name = "prepsite.content"
    verbose_name = "Publication"

    def ready(self) -> None:
        from prepsite.content.converters import PageNumber

        register_converter(PageNumber, "page_number")
