"""Which certification ranks above which, and which specialty is none of its own."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('careers', '0008_wage_notes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalspecialtypay',
            name='is_general',
            field=models.BooleanField(db_default=False, default=False, help_text='No specialty of its own: the estimator ranks every other one above it.', verbose_name='general'),
        ),
        migrations.AddField(
            model_name='specialtypay',
            name='is_general',
            field=models.BooleanField(db_default=False, default=False, help_text='No specialty of its own: the estimator ranks every other one above it.', verbose_name='general'),
        ),
        migrations.CreateModel(
            name='HistoricalCredentialStep',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('slug', models.SlugField(help_text="The row's name in the content files.", max_length=60, verbose_name='key')),
                ('position', models.PositiveIntegerField(default=0, help_text='Rows stand in the order of this number.')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('higher', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='careers.certificationpay')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lower', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='careers.certificationpay')),
            ],
            options={
                'verbose_name': 'historical credential step',
                'verbose_name_plural': 'historical credential steps',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='CredentialStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text="The row's name in the content files.", max_length=60, unique=True, verbose_name='key')),
                ('position', models.PositiveIntegerField(default=0, help_text='Rows stand in the order of this number.')),
                ('higher', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps_down', to='careers.certificationpay')),
                ('lower', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps_up', to='careers.certificationpay')),
            ],
            options={
                'ordering': ['position', 'slug'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('lower', 'higher'), name='careers_credential_step_once', violation_error_message='This step is there already.')],
            },
        ),
    ]
