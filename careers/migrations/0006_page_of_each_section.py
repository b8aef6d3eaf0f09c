"""Each section stands on a page."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("careers", "0005_first_page")]

    operations = [
        migrations.AlterField(
            model_name="section",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sections",
                to="careers.page",
            ),
        ),
    ]
