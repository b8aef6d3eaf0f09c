import django.utils.timezone
from django.db import migrations, models


def copy_rows(apps, schema_editor):
    old = apps.get_model("codes", "FormerHcpcsCode").objects.values()
    new = apps.get_model("codes", "HcpcsCode")
    new.objects.bulk_create([new(source="shipped", **row) for row in old])


def copy_rows_back(apps, schema_editor):
    new = apps.get_model("codes", "HcpcsCode").objects.filter(source="shipped")
    old = apps.get_model("codes", "FormerHcpcsCode")
    names = [field.attname for field in old._meta.concrete_fields]
    old.objects.bulk_create([old(**row) for row in new.values(*names)])


class Migration(migrations.Migration):
    """Codes get a source, and so another primary key: their rows move to a new table."""

    dependencies = [
        ("codes", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="codeset",
            name="notes_year",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Set where the notes are not this year's: carried over from another's.",
                null=True,
                verbose_name="notes of year",
            ),
        ),
        migrations.RenameModel("HcpcsCode", "FormerHcpcsCode"),
        migrations.CreateModel(
            name="HcpcsCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(choices=[("official", "CMS’s quarterly file"), ("shipped", "Shipped table, our wording")], db_default="shipped", max_length=8)),
                ("code", models.CharField(max_length=5)),
                ("is_modifier", models.BooleanField()),
                ("section", models.CharField(max_length=60)),
                ("description", models.TextField()),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(blank=True, help_text="Last valid day; blank while no end is announced.", null=True)),
                ("release", models.DateField(blank=True, help_text="First day of the quarterly release that last held it.", null=True)),
            ],
            options={
                "verbose_name": "HCPCS code",
                "ordering": ["code", "source"],
                "constraints": [models.UniqueConstraint(fields=("code", "source"), name="codes_hcpcs_unique")],
            },
        ),
        migrations.RunPython(copy_rows, copy_rows_back),
        migrations.DeleteModel("FormerHcpcsCode"),
        migrations.CreateModel(
            name="PlaceOfService",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(max_length=300)),
                ("effective_from", models.DateField(blank=True, help_text="First valid day; blank where CMS names none.", null=True)),
            ],
            options={
                "verbose_name": "place of service",
                "verbose_name_plural": "places of service",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="CodeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="As items write it, modifiers with a hyphen.", max_length=9)),
                ("kind", models.CharField(choices=[("gone", "No longer valid"), ("header", "Needs a longer code now"), ("retitled", "Has another title")], max_length=8)),
                ("before", models.TextField(verbose_name="title before")),
                ("after", models.TextField(blank=True, verbose_name="title now")),
                ("release", models.CharField(max_length=100)),
                ("holds_from", models.DateField(help_text="First exam date on which it counts.")),
                ("holds_to", models.DateField(blank=True, help_text="Last exam date; blank where no later release decides.", null=True)),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-holds_from", "code", "kind"],
                "constraints": [models.UniqueConstraint(fields=("code", "kind", "holds_from"), name="codes_change_unique")],
            },
        ),
    ]
