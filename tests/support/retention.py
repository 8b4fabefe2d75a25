"""A desk whose data grow old, for tests of retention."""

from __future__ import annotations

from datetime import datetime, timedelta

from luwte.base.clock import ManualClock
from luwte.desk.findings.services import register
from luwte.desk.retention import services
from luwte.desk.retention.table import shipped
from luwte.desk.telling import planner, reading
from luwte.desk.telling.channels.port import ChannelPort
from luwte.desk.telling.channels.portal import PortalChannel
from luwte.desk.telling.messages import messages, open_message
from luwte.desk.telling.outbox import Outbox
from luwte.desk.vault import services as vault
from luwte.desk.vault.models import Erasure
from luwte.desk.wishes.rules import Channel
from tests.support.desk import NOON, KeepingChannel, Someone, report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = timedelta(days=366)
LATE = NOON + 11 * YEAR
"""When every term is over that was counted from the tests' day."""


def tell(now: datetime, mail: KeepingChannel | None = None) -> KeepingChannel:
    """Do two rounds of telling at `now`; return the channel that keeps what left."""
    mail = mail or KeepingChannel()
    ways: dict[Channel, ChannelPort] = {Channel.PORTAL: PortalChannel(), Channel.EMAIL: mail}
    for _ in range(2):
        planner.notice(now)
        planner.plan_due(now, ways)
        Outbox(ways, ManualClock(now)).hand_over_all()
    return mail


def found(series: str = "s-1", case: str = "C-1", now: datetime = NOON, entry: str = "a") -> None:
    """Take in a report of three identical files of a series."""
    register(report({series: {entry: (3, 0)}}, case=case), now)


def told(person: Someone, case: str = "C-1", now: datetime = NOON) -> None:
    """Let something be found of somebody in a case, be told, and be read."""
    found(case=case, now=now, entry=f"e{case[-1]}")
    tell(now + HOUR)
    read(person, now + 2 * HOUR)


def read(person: Someone, now: datetime) -> None:
    """Let somebody read all messages."""
    for message in messages(person.subject, now):
        open_message(person.subject, message.id, now)


def erase(person: Someone, now: datetime) -> None:
    """Erase somebody, in every backup too."""
    vault.erase(person.id, now=now)
    Erasure.objects.filter(pk=person.id).update(reached=now)


def clear(now: datetime = LATE) -> int:
    """Delete what is over its term at `now`."""
    return services.apply(shipped(), ManualClock(now), now.date())


def why(person: Someone, now: datetime) -> set[tuple[str, str]]:
    """Return what the rules decide for somebody: outcome and reason."""
    return {(one.outcome.value, one.reason.value) for one in reading.why(person.id, now).reasons}
