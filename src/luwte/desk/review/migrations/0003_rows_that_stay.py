"""Rows that are a record stay as they are: the database itself refuses to change or delete them."""

from django.db import migrations

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("review", "0002_floors_and_names"), ("audit", "0002_clearing")]

    operations = [
        append_only(
            "review.Look", once=("ended", "answer", "undone", "undone_by", "undone_why"), clearable=True
        ),
    ]
