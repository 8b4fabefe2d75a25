"""Rows that are a record stay as they are, and the database keeps the sums of what is paid."""

from django.db import migrations

from luwte.desk.audit.append_only import append_only
from luwte.desk.money.ceilings import sums


class Migration(migrations.Migration):
    dependencies = [("money", "0001_initial"), ("audit", "0002_clearing")]

    operations = [
        append_only("money.Loss", clearable=True),
        append_only("money.Award", once=("final",), changing=("paid",), clearable=True),
        append_only(
            "money.Payout", once=("decided", "decided_by", "result"), changing=("paid",), clearable=True
        ),
        append_only("money.Payment", clearable=True),
        sums(),
    ]
