"""The room of the staff, which records what the signals of Django, allauth and axes say of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Connects the record when the desk starts."""

    name = "luwte.desk.staff"

    def ready(self) -> None:
        """Let every act on an account be recorded."""
        from luwte.desk.staff import recording  # noqa: F401
