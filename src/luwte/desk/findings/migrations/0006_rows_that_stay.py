"""Rows that are a record stay as they are: the database itself refuses to change or delete them."""

from django.db import migrations

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("findings", "0005_list_receipts"), ("audit", "0002_clearing")]

    operations = [
        append_only("findings.ReportReceipt", clearable=True),
        append_only("findings.ReportSeries", clearable=True),
        append_only("findings.ClusterFiles", clearable=True),
        append_only("findings.Objection", once=("closed", "closed_by", "result"), clearable=True),
    ]
