from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids
from luwte.desk.audit.append_only import append_only

TABLES = ("CaseAgency", "CaseStep", "Dismissal", "VictimStatus")


def _id() -> Any:
    return models.CharField(default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False)


def _case(name: str) -> Any:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to="cases.case")


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_announcement")]

    operations = [
        migrations.CreateModel(
            name="CaseAgency",
            fields=[
                ("id", _id()),
                ("agency", models.CharField(max_length=60)),
                ("reference", models.CharField(blank=True, max_length=100)),
                ("jurisdiction", models.CharField(max_length=8)),
                ("told_by", models.CharField(max_length=64)),
                ("received", models.DateTimeField()),
                ("case", _case("agencies")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "agency", "reference", "jurisdiction"), name="agency_of_case_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=64)),
                ("step", models.CharField(max_length=32)),
                ("occurred", models.DateField()),
                ("known", models.DateField()),
                ("defendant", models.CharField(blank=True, max_length=40)),
                ("hearing", models.CharField(blank=True, max_length=64)),
                ("corrects", models.CharField(blank=True, db_index=True, max_length=32)),
                ("series", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(blank=True, db_index=True, max_length=32)),
                ("said", models.JSONField()),
                ("counts", models.JSONField()),
                ("tells", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
                ("told_by", models.CharField(max_length=64)),
                ("received", models.DateTimeField()),
                ("case", _case("steps")),
            ],
        ),
        migrations.CreateModel(
            name="Dismissal",
            fields=[
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="dismissal",
                        serialize=False,
                        to="cases.casestep",
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("by", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="VictimStatus",
            fields=[
                ("id", _id()),
                ("subject", models.CharField(blank=True, db_index=True, max_length=32)),
                ("series", models.CharField(blank=True, max_length=200)),
                ("status", models.CharField(max_length=16)),
                ("source", models.CharField(max_length=100)),
                ("decided", models.DateField()),
                ("known", models.DateField()),
                ("told_by", models.CharField(max_length=64)),
                ("received", models.DateTimeField()),
                ("case", _case("statuses")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "subject", "series", "status", "source", "decided"),
                        name="status_told_once",
                    )
                ],
            },
        ),
        *(append_only(f"cases.{name}", clearable=True) for name in TABLES),
    ]
