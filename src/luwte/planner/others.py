"""Three other policies, small and pure: each says when an item is told, or why it never is.

They know no wishes: the person, or a parent of a child, is told by the address that is known. An address that
fails is nobody's task; what was sent to it is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from luwte.desk.telling.values import Kind
from luwte.desk.wishes.rules import PERSON
from luwte.planner.ledger import Ledger, Reached
from luwte.planner.people import Someone
from luwte.planner.world import Item, World, chance

TRADED = 5
"""Material "seen in five or more cases" counted as actively traded (OIG 2021)."""

Moments = Iterable[tuple[datetime | None, Item]]
Policy = Callable[[Someone, list[Item]], Moments]


def american_default(_person: Someone, items: list[Item]) -> Moments:
    """Everyone is told of everything, each event on its own, without a choice before."""
    return [(item.sure, item) for item in items]


def american_threshold(person: Someone, items: list[Item]) -> Moments:
    """Told at the first identification, then only when the material was seen in five cases or more."""
    known = person.seen_before
    told: set[int] = set()
    for item in items:
        if item.lapses is None and item.id.startswith("finding"):
            known += item.sure is not None
            if known == 1 or known >= TRADED:
                told.add(item.case)
        yield (item.sure if item.case in told else None), item


def plain_digest(_person: Someone, items: list[Item]) -> Moments:
    """Everyone is told of everything on the first of the next month, in one message."""
    return [(item.sure and _first_of_next_month(item.sure), item) for item in items]


OTHERS: dict[str, Policy] = {
    "American default": american_default,
    "American threshold of five": american_threshold,
    "plain digest": plain_digest,
}


def run(policy: Policy, world: World) -> Ledger:
    """Return what happens in `world` under `policy`."""
    ledger = Ledger()
    for subject, items in world.of_each().items():
        _one(policy, world, world.people[subject], items, ledger)
    return ledger


def _one(policy: Policy, world: World, person: Someone, items: list[Item], ledger: Ledger) -> None:
    together: defaultdict[tuple[datetime, str], list[Item]] = defaultdict(list)
    for moment, item in policy(person, items):
        if moment is None:
            why = "not_confirmed" if item.sure is None else "below_threshold"
            ledger.withheld[why] += 1
            ledger.why[item.id] = why
        elif moment >= world.ends:
            ledger.withheld["next_digest"] += 1
            ledger.why[item.id] = "next_digest"
        else:
            alone = "" if policy is plain_digest else item.id
            together[moment, alone].append(item)
    for (moment, _), told in together.items():
        _tell(world, person, moment, told, ledger)


def _tell(world: World, person: Someone, moment: datetime, told: list[Item], ledger: Ledger) -> None:
    parents = [one.id for one in person.around if one.kind == Kind.PARENT]
    child = person.age(moment.date()) < 18 and parents
    recipient = chance(world.parameters, "parent", person.subject).choice(parents) if child else PERSON
    arrived = moment < person.fails[recipient]
    if not arrived:
        ledger.lost.add((person.subject, recipient, person.fails[recipient]))
    unwanted = not any(person.wants(item.source, moment, recipient) for item in told)
    items = tuple(item.id for item in told)
    sources = frozenset(item.source for item in told)
    ledger.contacts.append(
        Reached(moment, person.subject, recipient, items, sources, arrived, unwanted=unwanted)
    )
    for item in told:
        ledger.why[item.id] = "told_too_late" if arrived else "address_lost"


def _first_of_next_month(moment: datetime) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return moment.replace(year=year, month=month + 1, day=1, hour=9, minute=0, second=0, microsecond=0)
