"""The room of the care workers' pages; it has no table."""

from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Named apart from the room of accounts, whose tables are called `staff`."""

    name = "luwte.desk.staff"
    label = "staff_pages"
