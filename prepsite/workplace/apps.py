from django.contrib.admin.apps import AdminConfig


class WorkplaceConfig(AdminConfig):
    """Django's admin with our own site in its place."""

    default_site = "prepsite.workplace.site.StaffSite"
