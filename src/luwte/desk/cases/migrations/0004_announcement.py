import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids
from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_legal_hold")]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("series", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(max_length=16)),
                ("kind", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("lapses", models.DateTimeField(null=True)),
                ("received", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcements",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "series", "kind", "at"), name="announced_once")
                ],
            },
        ),
        append_only("cases.Announcement", clearable=True),
    ]
