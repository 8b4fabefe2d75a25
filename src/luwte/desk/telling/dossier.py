"""All that is given about one subject, put in order once for all recipients. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from luwte.desk.telling.values import Event, Finding, Outcome, Reason, Recipient, Told
from luwte.desk.wishes.rules import PERSON, Hold, Quiet, Source, Wish, latest


class Obstacle(NamedTuple):
    """What stands in the way of telling, and until when if time alone takes it away."""

    outcome: Outcome
    reason: Reason
    next_at: datetime | None = None


RIGHT_LAPSED = Obstacle(Outcome.WITHHOLD, Reason.RIGHT_LAPSED)
QUARANTINED = Obstacle(Outcome.WITHHOLD, Reason.QUARANTINED)
NOT_CONFIRMED = Obstacle(Outcome.WITHHOLD, Reason.NOT_CONFIRMED)


class Item(NamedTuple):
    """A finding or an event; `barred`: why it may be told to nobody (steps 1 and 2)."""

    since: datetime
    id: str
    source: Source
    barred: Obstacle | None = None
    lapses: datetime | None = None


@dataclass(slots=True)
class Dossier:
    """What is known of one subject. `given`: every version of a wish; `wishes`: those that stand (T1)."""

    given: list[Wish] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    history: defaultdict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    holds: list[Hold] = field(default_factory=list)
    quiets: list[Quiet] = field(default_factory=list)
    recipients: list[Recipient] = field(default_factory=list)
    wishes: dict[Source, Wish] = field(default_factory=dict)

    @property
    def person(self) -> Recipient:
        """The person. Raises `ValueError` unless exactly one with a `life` was given."""
        found = [one for one in self.recipients if one.id == PERSON and one.life]
        if len(found) != 1:
            raise ValueError("Give exactly one recipient with a life for each subject: the person.")
        return found[0]

    @property
    def around(self) -> list[Recipient]:
        """The representatives."""
        return [one for one in self.recipients if one.mandate]

    def close(self, now: datetime) -> None:
        """Put the items in the order in which they came, and find the wish that stands for each source."""
        self.items.sort()
        for source in Source if self.given else ():
            wish = latest(self.given, source, now)
            if wish is not None:
                self.wishes[source] = wish


def file(
    wishes: Iterable[Wish],
    findings: Iterable[Finding],
    events: Iterable[Event],
    history: Iterable[Told],
    holds: Iterable[Hold | Quiet],
    recipients: Iterable[Recipient],
    now: datetime,
) -> dict[str, Dossier]:
    """Return a dossier for each subject that has a recipient."""
    dossiers: defaultdict[str, Dossier] = defaultdict(Dossier)
    for recipient in recipients:
        dossiers[recipient.subject].recipients.append(recipient)
    for wish in wishes:
        dossiers[wish.subject].given.append(wish)
    for finding in findings:
        item = Item(finding.registered, finding.id, finding.source, _not_tellable(finding))
        dossiers[finding.subject].items.append(item)
    for event in events:
        if event.source != Source.SAFETY:
            dossiers[event.subject].items.append(_event(event, now))
    for told in history:
        dossiers[told.subject].history[told.recipient].append(told)
    for hold in holds:
        dossier = dossiers[hold.subject]
        if isinstance(hold, Quiet):
            dossier.quiets.append(hold)
        else:
            dossier.holds.append(hold)
    for dossier in dossiers.values():
        dossier.close(now)
    return dossiers


def _not_tellable(finding: Finding) -> Obstacle | None:
    """T12."""
    if finding.tellable:
        return None
    return QUARANTINED if finding.quarantined else NOT_CONFIRMED


def _event(event: Event, now: datetime) -> Item:
    over = event.lapses is not None and event.lapses <= now
    return Item(event.at, event.id, event.source, RIGHT_LAPSED if over else None, event.lapses)
