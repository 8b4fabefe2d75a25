"""Rows that are a record stay as they are: the database itself refuses to change or delete them."""

from django.db import migrations

from luwte.desk.audit.append_only import append_only

# Until its end is known, and after that by whoever finds out more or opens the message.
CONTACT = (
    "detail", "state", "asked", "not_before", "attempts", "lease", "lease_until",
    "handed", "closed", "opened", "receipt",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("telling", "0001_initial"), ("audit", "0002_clearing")]

    operations = [
        append_only("telling.Decision", once=("replaced",), clearable=True),
        append_only("telling.Contact", changing=CONTACT, clearable=True),
        append_only("telling.ContactItem", changing=("live",), clearable=True),
    ]
