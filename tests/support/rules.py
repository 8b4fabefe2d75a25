"""A small world for examples of the rules of telling: one subject, plain values, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from luwte.desk.telling.rules import next_look, plan
from luwte.desk.telling.values import (
    Authority,
    Born,
    Decision,
    Event,
    Finding,
    Kind,
    Life,
    Limits,
    Mandate,
    Recipient,
    State,
    Told,
)
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Hold, Quiet, Source, Wish

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADULT, CHILD = date(1990, 1, 1), date(2018, 1, 1)
MONTHLY = Choice(True, channel=Channel.EMAIL)


def person(day: date = ADULT, **changes: Any) -> Recipient:
    """Return the person, born on `day`; `changes` are of the recipient or of the life."""
    lives = {name: changes.pop(name) for name in ("authority", "deceased", "seen") if name in changes}
    return Recipient("s", AMSTERDAM, life=Life(Born(day, day), **lives), **changes)


def representative(name: str, kind: Kind = Kind.PARENT, **changes: Any) -> Recipient:
    """Return a representative; `changes` are of the recipient or of the mandate."""
    mandate = Mandate(kind, date(2020, 1, 1), None, Channel.PORTAL)
    for key in ("ends", "channel", "holder", "standing"):
        if key in changes:
            mandate = replace(mandate, **{key: changes.pop(key)})
    return Recipient("s", AMSTERDAM, name, mandate=mandate, **changes)


def wish(choice: Choice = MONTHLY, source: Source = Source.CASE, *by: str, since: datetime = NOON) -> Wish:
    """Return a wish that the person chose, or `by`."""
    return Wish("s", source, 1, since, choice, frozenset(by or {PERSON}))


def finding(name: str = "f", source: Source = Source.CASE, **changes: Any) -> Finding:
    """Return a finding of one file."""
    return replace(Finding(name, "s", source, 1, 0, 0, NOON - DAY), **changes)


def right(lapses: datetime, name: str = "r") -> Event:
    """Return a right that ends at `lapses`."""
    return Event(name, "s", Source.RIGHTS, NOON - DAY, lapses)


def told(at: datetime, *items: str, **changes: Any) -> Told:
    """Return a contact to the person about a case that was done."""
    base = Told("c", "s", PERSON, at, State.DONE, frozenset(items), frozenset({Source.CASE}))
    return replace(base, **{"channel": Channel.EMAIL, **changes})


@dataclass
class World:
    """All that is given to the rules."""

    wishes: Iterable[Wish] = field(default_factory=lambda: [wish()])
    findings: Iterable[Finding] = field(default_factory=lambda: [finding()])
    events: Iterable[Event] = ()
    history: Iterable[Told] = ()
    holds: Iterable[Hold | Quiet] = ()
    recipients: tuple[Recipient, ...] = field(default_factory=lambda: (person(),))
    now: datetime = NOON
    limits: Limits = field(default_factory=Limits)

    def decide(self) -> list[Decision]:
        """Return what the rules decide."""
        return plan(
            self.wishes,
            self.findings,
            self.events,
            self.history,
            self.holds,
            self.recipients,
            self.limits,
            self.now,
        )

    def reasons(self, recipient: str = PERSON) -> list[str]:
        """Return "outcome reason" of each decision for `recipient`."""
        found = [one for one in self.decide() if one.recipient == recipient]
        return [f"{one.outcome} {one.reason}" for one in found]

    def look(self) -> datetime | None:
        """Return when to look again."""
        return next_look(
            self.decide(),
            self.recipients,
            self.wishes,
            self.limits,
            self.now,
            events=self.events,
            history=self.history,
            holds=self.holds,
        )


def family(*changes: Recipient, day: date = CHILD) -> tuple[Recipient, ...]:
    """Return someone with two parents in joint authority; `changes` take a parent's place, or come along."""
    parents = {name: representative(name, holder=True) for name in ("mum", "dad")}
    parents |= {one.id: one for one in changes}
    return person(day, authority=Authority.JOINT), *parents.values()
