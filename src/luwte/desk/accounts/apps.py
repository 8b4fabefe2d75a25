"""The room of accounts, which records what the signals of Django, allauth and axes say of them."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects the record when the desk starts."""

    name = "luwte.desk.accounts"
    label = "staff"
    """The tables of accounts were made under this name."""

    def ready(self) -> None:
        """Let every act on an account be recorded."""
        from luwte.desk.accounts import recording  # noqa: F401
