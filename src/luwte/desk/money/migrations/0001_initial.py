import django.db.models.deletion
from django.db import migrations, models

import luwte.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(db_index=True, max_length=32)),
                ("case", models.CharField(blank=True, max_length=32)),
                ("scheme", models.CharField(max_length=16)),
                ("defendant", models.CharField(max_length=64)),
                ("court", models.CharField(max_length=200)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("found", models.BigIntegerField(null=True)),
                ("ordered", models.DateField()),
                ("final", models.DateField(null=True)),
                ("bears", models.DateField(null=True)),
                ("regime", models.CharField(blank=True, max_length=16)),
                ("paid", models.BigIntegerField(default=0)),
                ("recorded", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "case", "scheme", "defendant", "ordered"), name="award_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0), ("paid__gte", 0), ("paid__lte", models.F("amount"))
                        ),
                        name="never_more_than_awarded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ceiling",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(max_length=32)),
                ("scheme", models.CharField(max_length=16)),
                ("currency", models.CharField(max_length=3)),
                ("most", models.BigIntegerField()),
                ("taken", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "scheme", "currency"), name="ceiling_once"),
                    models.CheckConstraint(
                        condition=models.Q(("taken__gte", 0), ("taken__lte", models.F("most"))),
                        name="never_above_the_ceiling",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Loss",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(db_index=True, max_length=32)),
                ("head", models.CharField(max_length=16)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("projected", models.BooleanField()),
                ("proof", models.CharField(max_length=200)),
                ("replaces", models.CharField(blank=True, max_length=32)),
                ("recorded", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="loss_is_an_amount"),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", ""), _negated=True),
                        fields=("replaces",),
                        name="loss_replaced_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(db_index=True, max_length=32)),
                ("scheme", models.CharField(max_length=16)),
                ("once", models.CharField(max_length=32)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("asked", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=200)),
                ("decided", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                ("result", models.CharField(blank=True, max_length=16)),
                ("paid", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("result", "declined"), _negated=True),
                        fields=("subject", "scheme", "once"),
                        name="paid_out_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0), ("paid__gte", 0), ("paid__lte", models.F("amount"))
                        ),
                        name="never_more_than_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", models.F("decided_by")), _negated=True),
                        name="payout_takes_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=luwte.base.ids.new_id, max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(db_index=True, max_length=32)),
                ("scheme", models.CharField(max_length=16)),
                ("currency", models.CharField(max_length=3)),
                ("principal", models.BigIntegerField()),
                ("interest", models.BigIntegerField(default=0)),
                ("surplus", models.BigIntegerField(default=0)),
                ("day", models.DateField()),
                ("reference", models.CharField(max_length=200)),
                ("takes_back", models.CharField(blank=True, max_length=32)),
                ("recorded", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=200)),
                (
                    "award",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="money.award",
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="money.payout",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "reference"), name="payment_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("takes_back", ""), _negated=True),
                        fields=("takes_back",),
                        name="payment_taken_back_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("award", None), ("payout__isnull", False)),
                            models.Q(("award__isnull", False), ("payout", None)),
                            _connector="OR",
                        ),
                        name="payment_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("interest__gte", 0),
                                ("principal__gte", 0),
                                ("surplus__gte", 0),
                                ("takes_back", ""),
                            ),
                            models.Q(
                                models.Q(("takes_back", ""), _negated=True),
                                ("interest__lte", 0),
                                ("principal__lte", 0),
                                ("surplus__lte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="payment_takes_nothing_unless_back",
                    ),
                ],
            },
        ),
    ]
