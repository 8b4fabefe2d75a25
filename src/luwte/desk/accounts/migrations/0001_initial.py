from django.db import migrations, models

import luwte.base.ids


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("administrator", models.BooleanField(default=False)),
                ("invitation", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("open_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("act", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=150)),
                ("asked", models.DateTimeField()),
                ("asked_by", models.BigIntegerField()),
                ("approved", models.DateTimeField(null=True)),
                ("approved_by", models.BigIntegerField(null=True)),
            ],
        ),
    ]
