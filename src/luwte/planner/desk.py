"""What a simulated desk knows of one person, in the values that the rules of telling read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from luwte.desk.telling.rules import plan
from luwte.desk.telling.values import (
    Born,
    Decision,
    Event,
    Finding,
    Kind,
    Life,
    Limits,
    Mandate,
    Recipient,
    Told,
)
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Hold, HoldKind, Source, Wish
from luwte.planner.people import PAUSE, Helper, Someone
from luwte.planner.world import ZONE, Item

LIMITS = Limits()
LONG_AGO = date(2000, 1, 1)


class File:
    """One person at the desk: wishes, register, history, recipients; what happens changes it."""

    def __init__(self, person: Someone) -> None:
        self.person = person
        self.informed = person.informed
        self.seen: datetime | None = None
        self.wishes: list[Wish] = []
        self.items: dict[str, Item] = {}
        self.findings: dict[str, Finding] = {}
        self.events: list[Event] = []
        self.history: dict[str, Told] = {}
        self.holds: list[Hold] = []
        self.stopped: dict[str, set[Channel]] = {}
        self.fails = dict(person.fails)
        self.reasons: dict[str, str] = {}
        self.look: datetime | None = None
        self.asked: dict[str, datetime] = {}

    def decide(self, now: datetime) -> list[Decision]:
        """Return what the rules decide now, for the person and everyone around."""
        return plan(
            self.wishes,
            self.findings.values(),
            self.events,
            self.history.values(),
            self.holds,
            self._recipients(),
            LIMITS,
            now,
        )

    def choose(self, now: datetime) -> None:
        """Record what this person chooses, with who must decide along by age (T10); a new version each."""
        by = self.person.deciders(now.astimezone(ZONE).date())
        for source, choice in self.person.choices.items():
            self.set(source, choice, now, by)

    def withdraw(self, now: datetime) -> None:
        """Record that the person wants to hear of nothing any more."""
        for source, choice in self.person.choices.items():
            self.set(source, replace(choice, told=False, forward=False), now, frozenset({PERSON}))

    def set(self, source: Source, choice: Choice, now: datetime, by: frozenset[str]) -> None:
        """Add a version of a wish."""
        version = 1 + sum(wish.source == source for wish in self.wishes)
        self.wishes.append(Wish(self.person.subject, source, version, now, choice, by))

    def pause(self, now: datetime) -> None:
        """Set a pause by the person."""
        self.holds.append(Hold(self.person.subject, now, now + PAUSE, HoldKind.PERSON))

    def register(self, item: Item, now: datetime) -> None:
        """Add an item. A near match is one finding that nobody confirmed yet (T12)."""
        self.items[item.id] = item
        if item.source == Source.CASE:
            sure = item.sure is not None and item.sure <= now
            self.findings[item.id] = Finding(
                item.id, item.subject, item.source, int(sure), int(not sure), 0, item.at
            )
        else:
            self.events.append(Event(item.id, item.subject, item.source, item.at, item.lapses))

    def _recipients(self) -> list[Recipient]:
        person = self.person
        life = Life(Born(person.born, person.born), person.authority, seen=self.seen)
        stopped = {one: frozenset(channels) for one, channels in self.stopped.items()}
        none: frozenset[Channel] = frozenset()
        own = Recipient(
            person.subject, ZONE, stopped=stopped.get(PERSON, none), life=life, informed=self.informed
        )
        return [
            own,
            *(
                Recipient(
                    person.subject,
                    ZONE,
                    one.id,
                    stopped.get(one.id, none),
                    mandate=_mandate(person, one),
                    conflict=one.conflict,
                )
                for one in person.around
            ),
        ]


def _mandate(person: Someone, one: Helper) -> Mandate:
    """A parent's mandate ends on the day before the 18th birthday; a lawyer's stands."""
    parent = one.kind == Kind.PARENT
    adult = date(person.born.year + 18, person.born.month, min(person.born.day, 28))
    ends = adult - timedelta(days=1) if parent else None
    return Mandate(one.kind, LONG_AGO, ends, one.channel, holder=parent, standing=not parent)
