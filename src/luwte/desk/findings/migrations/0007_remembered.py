"""Reports say what they count only by what was confirmed before, and that stays as it was said."""

import django.db.models.deletion
from django.db import migrations, models

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("findings", "0006_rows_that_stay")]

    operations = [
        migrations.AddField(
            model_name="entrysighting",
            name="stands",
            field=models.BooleanField(default=True),
        ),
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("part", models.PositiveIntegerField()),
                ("cluster", models.CharField(db_index=True, max_length=32)),
                ("series", models.CharField(max_length=200)),
                ("entry", models.CharField(max_length=32)),
                ("files", models.PositiveIntegerField()),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remembered",
                        to="findings.reportreceipt",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("receipt", "part", "cluster"), name="remembered_once_in_report"
                    )
                ],
            },
        ),
        append_only("findings.Remembered", clearable=True),
    ]
