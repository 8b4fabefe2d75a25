"""The record: signed each day, verified now and then, seen by a second body; and the clock it goes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.checks import CheckMessage

from luwte.base.clock import SystemClock
from luwte.desk.audit.log import Log
from luwte.desk.audit.verified import last_verified
from luwte.desk.project.checks import Check, finding
from luwte.desk.project.worlds import World

SIGNED = timedelta(days=1)
VERIFIED = timedelta(days=8)
WITNESSED = timedelta(days=8)
SLACK = timedelta(minutes=1)
"""Clocks of several machines differ by so much at most."""


def it_is_signed_each_day() -> Iterator[CheckMessage]:
    """What has no checkpoint could be taken out unseen."""
    now = SystemClock().now()
    for log in logs():
        made = log.checkpoint.objects.order_by("-size").values_list("at", flat=True).first()
        first = log.leaf.objects.order_by("id").values_list("at", flat=True).first()
        if first is None or (made is not None and not _newer(log, made)):
            continue
        if now - (made or first) > SIGNED:
            since = f"the last is of {_day(made)}" if made else "there is none"
            yield finding(
                "record.checkpoint",
                f"The {log.name}'s record grew for more than a day without a checkpoint: {since}.",
                f"Run `luwte audit checkpoint --log {log.name}` each day (deploy/systemd has a timer).",
            )


def it_is_verified() -> Iterator[CheckMessage]:
    """Signing says nothing about what was changed before: only reading all of it does."""
    now = SystemClock().now()
    for log in logs():
        if not log.leaf.objects.exists():
            continue
        if settings.WORLD == World.CASEWORK:  # telling reads it, and notes that in its own home
            continue
        done = last_verified(log)
        if done is None or now - done > VERIFIED:
            since = f"was verified last on {_day(done)}" if done else "was never verified here"
            yield finding(
                "record.verified",
                f"The {log.name}'s record {since}.",
                f"Run `luwte audit verify --log {log.name}` each week.",
            )


def a_second_body_signs_it() -> Iterator[CheckMessage]:
    """Only somebody else's signature shows a history that the house itself rewrote."""
    now = SystemClock().now()
    for log in logs():
        sizes = log.cosignature.objects.values_list("size", flat=True)
        seen = log.checkpoint.objects.filter(size__in=list(sizes)).order_by("-size").first()
        if not log.checkpoint.objects.exists() or (seen is not None and now - seen.at <= WITNESSED):
            continue
        since = f"signed last what stood on {_day(seen.at)}" if seen else "never signed"
        yield finding(
            "record.witness",
            f"A witness {since} of the {log.name}'s record.",
            "Let one sign each week: `luwte audit request`, docs/audit.md.",
        )


def the_clock_is_not_behind() -> Iterator[CheckMessage]:
    """The newest act is in the past; the order of acts is that of their places, whatever the clock says."""
    now = SystemClock().now()
    for log in logs():
        newest = log.leaf.objects.order_by("-at").values_list("at", flat=True).first()
        if newest is not None and newest > now + SLACK:
            yield finding(
                "record.clock",
                f"The clock of this machine ({_minute(now)}) is before the newest act of the {log.name}'s "
                f"record ({_minute(newest)}).",
                "Set the clock right (chrony, NTP) and see docs/runbook.md before anything is told.",
            )


def logs() -> list[Log]:
    """Return the records that the world of this process has."""
    found = []
    if "default" in settings.WORLD.aliases:
        from luwte.desk.audit.desk import DESK

        found.append(DESK)
    if "vault" in settings.WORLD.aliases:
        from luwte.desk.vault.log import VAULT

        found.append(VAULT)
    return found


def _newer(log: Log, made: datetime) -> bool:
    return log.waiting.objects.exists() or log.leaf.objects.filter(at__gt=made).exists()


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "never"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


CHECKS: tuple[Check, ...] = (
    it_is_signed_each_day,
    it_is_verified,
    a_second_body_signs_it,
    the_clock_is_not_behind,
)
