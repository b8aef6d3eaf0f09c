"""A state's figure of the guide names the area whose page shows it too."""

import django.db.models.deletion
from django.db import migrations, models

HELP = "The area whose page shows it beside the official figures."


class Migration(migrations.Migration):
    dependencies = [("careers", "0006_page_of_each_section")]

    operations = [
        migrations.AddField(
            model_name="historicalstatepay",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text=HELP,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="careers.area",
            ),
        ),
        migrations.AddField(
            model_name="statepay",
            name="area",
            field=models.ForeignKey(
                blank=True,
                help_text=HELP,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="guide_figures",
                to="careers.area",
            ),
        ),
    ]
