from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "prepsite.discovery"
    verbose_name = "What search engines and shared links see"
