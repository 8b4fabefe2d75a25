import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("secret", models.CharField(max_length=64)),
                ("scopes", models.CharField(max_length=200)),
                ("certificate", models.CharField(blank=True, max_length=64)),
                ("added", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("event", models.CharField(default=luwte.base.ids.new_id, max_length=32, unique=True)),
                ("kind", models.CharField(max_length=64)),
                ("resource", models.CharField(max_length=200)),
                ("made", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("place", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("failed", models.IntegerField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("address", models.CharField(max_length=500)),
                ("position", models.BigIntegerField(default=0)),
                ("attempts", models.IntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("lease", models.CharField(blank=True, max_length=32)),
                ("lease_until", models.DateTimeField(null=True)),
                ("added", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, max_length=100)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hooks", to="api.client"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("scopes", models.CharField(max_length=200)),
                ("expires", models.DateTimeField(db_index=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to="api.client"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("resource", models.CharField(max_length=200)),
                ("received", models.DateTimeField(db_index=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="api.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("client", "resource"), name="api_delivered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Kept",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.IntegerField(default=0)),
                ("answer", models.JSONField(default=dict)),
                ("location", models.CharField(blank=True, max_length=200)),
                ("lease", models.CharField(max_length=32)),
                ("lease_until", models.DateTimeField()),
                ("made", models.DateTimeField(db_index=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept", to="api.client"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("client", "key"), name="api_key_once")],
            },
        ),
    ]
