"""The room of the interface for machines: it hears of each report that comes in, whichever way."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Lets machines be told of every new report."""

    name = "luwte.desk.api"

    def ready(self) -> None:
        """Begin to listen to the register."""
        from luwte.desk.api.notices import tell_of_report
        from luwte.desk.findings.signals import registered

        registered.connect(tell_of_report, dispatch_uid="api.notices")
