"""Rows that are a record stay as they are: the database itself refuses to change or delete them."""

from django.db import migrations

from luwte.desk.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("words", "0001_initial")]

    operations = [
        append_only("words.SignOff"),
    ]
