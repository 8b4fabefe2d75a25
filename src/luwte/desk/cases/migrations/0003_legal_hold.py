import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids
from luwte.desk.audit.append_only import append_only

ENDS = ("ended", "ended_by", "ended_why")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_rows_that_stay")]

    operations = [
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("since", models.DateTimeField()),
                ("set_by", models.CharField(max_length=200)),
                ("ended", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=200)),
                ("ended_why", models.CharField(blank=True, max_length=500)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_holds",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended", None)), fields=("case",), name="case_held_once_at_a_time"
                    )
                ],
            },
        ),
        append_only("cases.LegalHold", once=ENDS, clearable=True),
    ]
