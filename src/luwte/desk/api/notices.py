"""What other machines are told: that something came in, and where to ask about it; nothing else.

CloudEvents 1.0 in the profile of NLGov ("informatiearm notificeren"). A notice is kept in the transaction of
what it tells of, under a lock that lets one come after the other: who asks for what came after one of them
misses none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from luwte.desk.api.models import Notice
from luwte.desk.audit.alone import Lock, alone
from luwte.exchange.documents import moment_text

MEDIA_TYPE = "application/cloudevents+json"
PAGE = 100
REPORTS = "/api/v1/reports"
REPORT_REGISTERED = "nl.luwte.report-registered.v1"


def add(kind: str, resource: str, now: datetime) -> None:
    """Keep that something of a `kind` came in, to be asked for at `resource`. Last in its transaction."""
    alone("default", Lock.NOTICES)
    Notice.objects.create(kind=kind, resource=resource, made=now)


def tell_of_report(*, report: str, now: datetime, **_: Any) -> None:
    """Keep that the report with this id is new in the register."""
    add(REPORT_REGISTERED, f"{REPORTS}/{report}", now)


def after(position: int, limit: int = PAGE) -> list[Notice]:
    """Return at most `limit` notices after `position`, in the order in which they came."""
    return list(Notice.objects.filter(pk__gt=position).order_by("pk")[:limit])


def document(notice: Notice) -> dict[str, object]:
    """Return a notice as a CloudEvent. Its `time` is when the desk kept it."""
    return {
        "specversion": "1.0",
        "id": notice.event,
        "source": settings.API_SOURCE,
        "type": notice.kind,
        "subject": notice.resource,
        "time": moment_text(notice.made),
        "sequence": f"{notice.pk:020d}",
    }
