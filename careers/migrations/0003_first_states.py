"""What rows say today becomes the first state of their history."""

from django.db import migrations
from django.utils import timezone

MODELS = (
    "Source",
    "Section",
    "Resource",
    "SalaryFigure",
    "SourceComparison",
    "CertificationPay",
    "CertificationPremium",
    "StatePay",
    "SpecialtyPay",
    "NicheFact",
    "WorkModel",
    "RemoteAdvantage",
    "LadderLevel",
    "AlternativePath",
    "OutlookFigure",
    "OutlookDriver",
    "AiPoint",
    "AdviceStage",
    "AdviceStep",
)


def write_first_states(apps, schema_editor):
    """Without them the first edit would have nothing to be compared with or returned to."""
    now = timezone.now()
    for name in MODELS:
        model = apps.get_model("careers", name)
        history = apps.get_model("careers", f"Historical{name}")
        history.objects.bulk_create(
            history(
                history_type="+",
                history_date=now,
                history_change_reason="When history began",
                **values,
            )
            for values in model.objects.values()
        )


class Migration(migrations.Migration):
    dependencies = [("careers", "0002_history")]

    operations = [migrations.RunPython(write_first_states, migrations.RunPython.noop)]
