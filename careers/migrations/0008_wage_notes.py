"""A wage can carry a note: a top-coded one is no number."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('careers', '0007_state_pay_area'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalwage',
            name='notes',
            field=models.CharField(blank=True, help_text='What is to be kept in mind of these numbers.', max_length=400),
        ),
        migrations.AddField(
            model_name='wage',
            name='notes',
            field=models.CharField(blank=True, help_text='What is to be kept in mind of these numbers.', max_length=400),
        ),
    ]
