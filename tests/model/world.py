"""All that is known of one person: what the rules and the reference are both asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from luwte.desk.telling.values import Event, Finding, Life, Limits, Mandate, Recipient, Told
from luwte.desk.wishes.rules import Hold, Quiet, Wish

SUBJECT = "ab" * 16


@dataclass
class World:
    """The person comes first among the `recipients`; the lists may grow while time goes on."""

    recipients: list[Recipient]
    wishes: list[Wish] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    history: list[Told] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    quiets: list[Quiet] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    @property
    def person(self) -> Recipient:
        """Return the one whom it is all about."""
        return next(one for one in self.recipients if one.life is not None)

    @property
    def life(self) -> Life:
        """Return what is known of the person."""
        life = self.person.life
        assert life is not None
        return life

    @property
    def mandates(self) -> list[tuple[Recipient, Mandate]]:
        """Return the representatives, each with its mandate."""
        return [(one, one.mandate) for one in self.recipients if one.mandate is not None]

    def copy(self) -> World:
        """Return a world that may be changed without changing this one."""
        return World(
            list(self.recipients),
            list(self.wishes),
            list(self.findings),
            list(self.events),
            list(self.history),
            list(self.holds),
            list(self.quiets),
            self.limits,
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A finding or an event, as the rules of telling look at it."""

    id: str
    source: str
    since: datetime
    lapses: datetime | None = None
    tellable: bool = True
    quarantined: bool = False


def items_of(world: World) -> list[Item]:
    """Return what may be told one day, in the order in which it became known."""
    items = [
        Item(
            one.id,
            one.source.value,
            one.registered,
            None,
            one.identical > 0 or one.confirmed > 0,
            one.quarantined > 0,
        )
        for one in world.findings
    ]
    for event in world.events:
        if event.source.value != "safety":
            items.append(Item(event.id, event.source.value, event.at, event.lapses))
    return sorted(items, key=lambda item: (item.since, item.id))
