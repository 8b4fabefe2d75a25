import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids


class Migration(migrations.Migration):
    dependencies = [("vault", "0008_factor")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("wrapped", models.BinaryField()),
                ("version", models.CharField(db_index=True, max_length=16)),
                ("sealed", models.BinaryField()),
                ("owner", models.CharField(db_index=True, max_length=64)),
                ("begun", models.DateTimeField()),
                ("changed", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="vault.person",
                    ),
                ),
            ],
        ),
    ]
