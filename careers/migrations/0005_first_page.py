"""Sections written before there were pages stand on the overview until the next load."""

from django.db import migrations

OVERVIEW = "overview"


def make_overview(apps, schema_editor):
    """Give each section a page; the loader moves those of the files to their own."""
    section = apps.get_model("careers", "Section")
    if not section.objects.exists():
        return
    page = apps.get_model("careers", "Page").objects.create(
        slug=OVERVIEW,
        title="Medical coding salary and outlook",
        nav_title="Overview",
        description="What medical coders earn, and where the work is going.",
        updated_on="2026-11-24",
    )
    section.objects.update(page=page)
    # Remembered without values, it is nobody's edit: the next load takes what the files say.
    apps.get_model("careers", "LoadedRow").objects.create(kind="pages", slug=OVERVIEW, values={})


class Migration(migrations.Migration):
    dependencies = [("careers", "0004_topics")]

    operations = [migrations.RunPython(make_overview, migrations.RunPython.noop)]
