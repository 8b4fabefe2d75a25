import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids


class Migration(migrations.Migration):
    dependencies = [("vault", "0007_visits")]

    operations = [
        migrations.CreateModel(
            name="Factor",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("digest", models.CharField(max_length=32, null=True, unique=True)),
                ("sealed", models.BinaryField()),
                ("failed", models.PositiveIntegerField(default=0)),
                ("tried", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factors",
                        to="vault.person",
                    ),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="vault.representative"
                    ),
                ),
            ],
        ),
    ]
