"""After a restore nobody is told anything until a human looked at the time that was lost.

What left since the backup is not known here any more. So when telling goes on, every contact that stood
ready, or that the rules would have let go in that time, counts as one whose outcome is unknown: it is never
sent blindly, and a care worker finds out. In the portal the record is the hand-over, so there nothing can
come twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.audit import restored
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.restored import Gap
from luwte.desk.telling import planner, values
from luwte.desk.telling.errors import NothingHeld, TellingHeld
from luwte.desk.telling.facts import Facts, Known
from luwte.desk.telling.models import Agenda, Contact
from luwte.desk.telling.outbox import IN_HOUSE, leave_to_human
from luwte.desk.telling.recording import plan_contacts, sources_of
from luwte.desk.telling.values import OPEN, Outcome
from luwte.desk.wishes.rules import Channel

MAY_HAVE_LEFT = "it may have left before the desk was restored"
RESUME_POINTS = ("resume.unsure", "resume.resumed")
_STEPS = 1_000
"""Moments of the lost time at which one person is looked at, at most."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """How many `backups` were waited for, and how many contacts were left to humans as `unsure`."""

    backups: int
    unsure: int


def check_free() -> None:
    """Return when telling is free. Raises `TellingHeld`."""
    gap = restored.held()
    if gap is not None:
        raise TellingHeld(gap.made, gap.restored)


def resume(
    by: str, now: datetime, ways: Collection[Channel] | None = None, *, none_left: bool = False
) -> Resumed:
    """Let telling go on, because `by` (`staff:7`) looked at the lost time; return what was left to humans.

    `none_left`: whoever looked is sure that nothing left in that time, so that what is due goes out. Cut off,
    it is done again and nothing is asked twice. Raises `NothingHeld`.
    """
    gap = restored.held()
    if gap is None:
        raise NothingHeld
    unsure = 0 if none_left else _standing(now) + _due(gap, now, ways)
    with transaction.atomic():
        backups = restored.resume(by, now)
        for backup in backups:
            DESK.record(Act.TELLING_RESUMED, now, by=by, about=backup, none_left=none_left, unsure=unsure)
        fault_point("resume.resumed")
    return Resumed(len(backups), unsure)


def _standing(now: datetime) -> int:
    """Leave to humans what stood ready, or was on its way, when the backup was made."""
    rows = Contact.objects.filter(state__in=OPEN).exclude(channel=IN_HOUSE.value)
    found = list(rows.order_by("subject", "number").values_list("id", flat=True))
    return sum(
        _leave(found[start : start + planner.BATCH], now) for start in range(0, len(found), planner.BATCH)
    )


@transaction.atomic
def _leave(contact_ids: list[str], now: datetime) -> int:
    rows = Contact.objects.filter(id__in=contact_ids)
    planner.lock_all(rows.values_list("subject", flat=True))
    contacts = list(rows.filter(state__in=OPEN).select_for_update().order_by("subject", "number"))
    for contact in contacts:
        leave_to_human(contact, MAY_HAVE_LEFT, now)
    fault_point("resume.unsure")
    return len(contacts)


def _due(gap: Gap, now: datetime, ways: Collection[Channel] | None) -> int:
    """Leave to humans what could have been decided and have left in the lost time."""
    planner.notice(now)
    due = Agenda.objects.filter(look_at__lte=now).order_by("subject")
    subjects = list(due.values_list("subject", flat=True))
    return sum(
        _would_have_left(subjects[start : start + planner.BATCH], gap, now, ways)
        for start in range(0, len(subjects), planner.BATCH)
    )


@transaction.atomic
def _would_have_left(subjects: list[str], gap: Gap, now: datetime, ways: Collection[Channel] | None) -> int:
    planner.lock_all(subjects)
    known = Known.of(subjects, ways)
    facts = Facts.about(known, known.found).apart()
    told = [one for subject in sorted(facts) for one in _told(facts[subject], gap, now)]
    for contact in plan_contacts(told, now):
        leave_to_human(contact, MAY_HAVE_LEFT, now)
    fault_point("resume.unsure")
    return len(told)


def _told(facts: Facts, gap: Gap, now: datetime) -> Iterator[values.Decision]:
    """Yield what the rules would have told one person outside the portal, each item to each party once."""
    seen: set[tuple[str, str]] = set()
    for moment in _moments(facts, gap.made, now):
        for decision in facts.decide(moment):
            if decision.outcome != Outcome.TELL or decision.channel in (None, IN_HOUSE):
                continue
            # A cover contact carries nothing; one of them is enough to keep the next away.
            wanted = {(decision.recipient, item) for item in decision.items or ("",)} - seen
            items = tuple(item for item in decision.items if (decision.recipient, item) in wanted)
            seen |= wanted
            if wanted:
                yield replace(decision, items=items, sources=sources_of(items) or decision.sources)


def _moments(facts: Facts, since: datetime, now: datetime) -> Iterator[datetime]:
    """Yield every moment up to `now` at which time alone may have changed what is decided."""
    moment: datetime | None = since
    for _ in range(_STEPS):
        if moment is None or moment >= now:
            break
        yield moment
        moment = facts.next_look(facts.decide(moment), moment)
    yield now
