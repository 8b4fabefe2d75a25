"""The interface for machines: its notices say whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage

from luwte.desk.project.checks import Check, finding
from luwte.desk.project.worlds import World

NOBODY = "0" * 20
"""The number (OIN) of no organisation, in the source of a trial."""


def machines_know_who_speaks() -> Iterator[CheckMessage]:
    """Only where a machine may come: it tells desks apart by this name alone (CloudEvents, `source`)."""
    if World.CASEWORK != settings.WORLD or NOBODY not in settings.API_SOURCE:
        return
    from luwte.desk.api.models import Client

    if Client.objects.filter(ended=None).exists():
        yield finding(
            "interface.source",
            "LUWTE_API_SOURCE is still that of a trial, so machines cannot tell whose notices they get.",
            "Write urn:nld:oin:NUMBER:systeem:NAME with the number of your organisation.",
        )


CHECKS: tuple[Check, ...] = (machines_know_who_speaks,)
