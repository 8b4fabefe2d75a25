"""Changes that one person asks for and another approves; what was asked stays as it was asked."""

from django.db import migrations, models

import luwte.base.ids
from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("review", "0005_sampled"), ("audit", "0002_clearing")]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("act", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=32)),
                ("said", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("asked", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=200)),
                ("closed", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=200)),
                ("result", models.CharField(blank=True, max_length=16)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed", None)), fields=("about",), name="proposal_open_once"
                    )
                ],
            },
        ),
        append_only("review.Proposal", once=("closed", "closed_by", "result"), clearable=True),
    ]
