import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids


class Migration(migrations.Migration):
    dependencies = [("telling", "0004_remembered")]

    operations = [
        migrations.CreateModel(
            name="FirstContact",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("verdict", models.CharField(max_length=8)),
                ("why", models.CharField(max_length=16)),
                ("until", models.DateField(null=True)),
                ("asked", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=200)),
                ("agreed", models.DateTimeField(null=True)),
                ("agreed_by", models.CharField(blank=True, max_length=200)),
                ("refused", models.BooleanField(default=False)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="first_contacts",
                        to="telling.caretask",
                    ),
                ),
            ],
        ),
    ]
