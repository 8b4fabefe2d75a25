"""Rows that are a record stay as they are: the database itself refuses to change or delete them."""

from django.db import migrations

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("wishes", "0001_initial"), ("audit", "0002_clearing")]

    operations = [
        append_only("wishes.Wish", clearable=True),
        append_only("wishes.Hold", once=("lifted",), changing=("ends",), clearable=True),
        append_only("wishes.Quiet", once=("lifted",), clearable=True),
    ]
