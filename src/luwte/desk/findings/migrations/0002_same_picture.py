from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def with_same_picture(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Say of each entry of each earlier report that no file was the same picture."""
    report_series = apps.get_model("findings", "ReportSeries")
    for row in report_series.objects.only("entries").order_by("pk").iterator(500):
        row.entries = {entry: [*counts[:2], 0] for entry, counts in row.entries.items()}
        row.save(update_fields=["entries"])


def without_same_picture(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Take back what `with_same_picture` did, and what later reports said of it."""
    report_series = apps.get_model("findings", "ReportSeries")
    for row in report_series.objects.only("entries").order_by("pk").iterator(500):
        row.entries = {entry: counts[:2] for entry, counts in row.entries.items()}
        row.save(update_fields=["entries"])


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="gate",
            name="accepts",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="finding",
            name="same_picture",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="reportseries",
            name="same_picture",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(with_same_picture, without_same_picture),
    ]
