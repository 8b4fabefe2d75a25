"""What a test of the interface for machines does in a process of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

KEY = "8e03978e-40d5-43dd-bc93"


def machine() -> str:
    """Add a client that may do everything and return its id."""
    from luwte.desk.api import clients
    from tests.support.desk import NOON
    from tests.support.interface import ALL

    return clients.add("a machine", ALL, NOON)[0].id


def deliver(client: str, minutes: int, key: str | None = KEY) -> list[Any]:
    """Deliver one report, the same each time, and return what was answered."""
    import tempfile
    from pathlib import Path

    from luwte.desk.api import reports
    from tests.support.interface import report_file

    with tempfile.TemporaryDirectory() as folder:
        names = ["portal", "email", "refused", "nobody"]
        found = {f"s-{name}": {"a": (3, 1)} for name in names}
        content = report_file(Path(folder), found, report_id="12" * 16)
    return _answered(lambda caller, now: reports.deliver(caller, key, [content], now), client, minutes)


def announce(client: str, minutes: int, key: str | None = KEY) -> list[Any]:
    """Deliver one event of a case and return what was answered."""
    from luwte.desk.api import case_events
    from luwte.desk.api.shapes import CaseEvent
    from tests.support.interface import HEARING

    event = CaseEvent.model_validate(HEARING)
    return _answered(
        lambda caller, now: case_events.deliver(caller, key, "ab" * 32, event, now), client, minutes
    )


def delivered() -> dict[str, int]:
    """Return how many rows there are of what a delivery makes."""
    from luwte.desk.api.models import Delivery, Kept, Notice
    from luwte.desk.audit.models import Leaf
    from luwte.desk.cases.models import Announcement, Event
    from luwte.desk.findings.models import Finding, ReportReceipt

    acts = Leaf.objects.filter(act__in=("findings.report-taken-in", "cases.event-announced"))
    return {
        "reports": ReportReceipt.objects.count(),
        "announced": Announcement.objects.count(),
        "findings": Finding.objects.count(),
        "events": Event.objects.count(),
        "notices": Notice.objects.count(),
        "deliveries": Delivery.objects.count(),
        "acts": acts.count(),
        "answered": Kept.objects.exclude(status=0).count(),
        "reserved": Kept.objects.filter(status=0).count(),
    }


def spread() -> int:
    """Find whom announced events are about; return how many events that made."""
    from luwte.desk.telling import announced
    from tests.support.desk import NOON

    return announced.spread(NOON)


def hook(client: str, address: str) -> str:
    """Let a client be told at an address of this machine."""
    from django.conf import settings

    from luwte.desk.api import hooks
    from tests.support.desk import NOON

    settings.API_PRIVATE_HOOKS = True
    return hooks.add(client, address, NOON).id


def send(minutes: int) -> int:
    """Send what waits, so many minutes after noon."""
    from django.conf import settings

    from luwte.base.clock import ManualClock
    from luwte.desk.api.outbox import Sender
    from tests.support.desk import NOON

    settings.API_PRIVATE_HOOKS = True
    return Sender(ManualClock(NOON + timedelta(minutes=minutes))).send_all()


def _answered(act: Any, client: str, minutes: int) -> list[Any]:
    from luwte.desk.api.problems import Refused
    from luwte.desk.api.scopes import Scope
    from luwte.desk.api.tokens import Caller
    from tests.support.desk import NOON

    try:
        done = act(Caller(client, tuple(Scope)), NOON + timedelta(minutes=minutes))
    except Refused as refused:
        return [refused.status, {}]
    return [done.status, done.document]


ACTS = {
    "machine": machine,
    "deliver": deliver,
    "announce": announce,
    "delivered": delivered,
    "spread": spread,
    "hook": hook,
    "send": send,
}
