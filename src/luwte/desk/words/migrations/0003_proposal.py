from django.db import migrations, models

import luwte.base.ids
from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    """New versions of texts that somebody proposes: a row changes once, when another one takes its place."""

    dependencies = [("words", "0002_rows_that_stay")]

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
                ("template", models.CharField(max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("texts", models.JSONField()),
                ("by", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended", None)),
                        fields=("template",),
                        name="text_proposed_once_at_a_time",
                    )
                ],
            },
        ),
        append_only("words.Proposal", once=("ended",)),
    ]
