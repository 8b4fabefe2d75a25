"""What a year came to under a policy, in the figures that policies are compared by."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from luwte.desk.telling.values import Kind
from luwte.desk.wishes.rules import Rhythm, Source
from luwte.planner.ledger import Ledger, Reached
from luwte.planner.world import BEGINS, DAY, World

WEEK = timedelta(weeks=1)
IN_TIME = DAY
"""A claim is written in a day: who hears of the right later than that before the hearing, hears too late."""

CLOCK = timedelta(hours=1)
"""Three months on a clock on the wall last an hour less when it is set forward meanwhile."""

CHOSEN = frozenset({"not_wanted", "only_when_asked"})
"""Why a right lapsed untold because the person did not want to hear of rights without asking."""

_GAPS = {Rhythm.EACH: 7, Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 28, Rhythm.QUARTERLY: 89, Rhythm.YEARLY: 365}


@dataclass(frozen=True, slots=True)
class Figures:
    """The year of one policy.

    `mean`, `p95`, `most`: contacts in one person-week, to the person or to the parent who gets most;
    `p95_top`: the same over the weeks of the tenth of people with most hits. `worst_week`: its first day and
    its contacts. `rights`: that lapsed in the year; `used`: told in time to someone who could act; `left`:
    untold because the person chose so; `missed`: the others, by why. `over`: people who got more than they
    chose, or than one a week.
    """

    contacts: int
    mean: float
    p95: int
    p95_top: int
    most: int
    worst_week: tuple[str, int]
    rights: int
    used: int
    missed: dict[str, int]
    left: int
    withheld: dict[str, int]
    unwanted: int
    unwanted_people: int
    over: int
    lost: int
    lost_addresses: int
    mended: int
    to_lawyers: int
    calls: dict[str, int]


def measure(world: World, ledger: Ledger) -> Figures:
    """Return the figures of `ledger`."""
    lawyers = {f"{one.subject}|{helper.id}" for one in world.people.values() for helper in one.around
               if helper.kind == Kind.LAWYER}  # fmt: skip
    family = [one for one in ledger.contacts if f"{one.subject}|{one.recipient}" not in lawyers]
    weeks = _weeks(family)
    rights = _rights(world, ledger)
    return Figures(
        contacts=len(family),
        mean=round(sum(weeks.values()) / (len(world.people) * world.parameters.weeks), 4),
        p95=_quantile(world, weeks, 1.0),
        p95_top=_quantile(world, weeks, 0.1),
        most=max(weeks.values(), default=0),
        worst_week=_worst(family),
        rights=sum(rights.values()),
        used=rights.pop("used", 0),
        left=rights.pop("left", 0),
        missed=dict(rights.most_common()),
        withheld={str(why): count for why, count in ledger.withheld.most_common()},
        unwanted=sum(one.unwanted and one.arrived for one in family),
        unwanted_people=len({one.subject for one in family if one.unwanted and one.arrived}),
        over=_over(world, family),
        lost=sum(not one.arrived for one in ledger.contacts),
        lost_addresses=len(ledger.lost),
        mended=ledger.mended,
        to_lawyers=len(ledger.contacts) - len(family),
        calls={str(why): count for why, count in ledger.calls.most_common()},
    )


def _week_of(moment: datetime) -> int:
    return (moment - BEGINS) // WEEK


def _weeks(family: list[Reached]) -> Counter[tuple[str, int]]:
    """Contacts of each person in each week, of the recipient who got most."""
    each = Counter((one.subject, _week_of(one.at), one.recipient) for one in family if one.arrived)
    most: Counter[tuple[str, int]] = Counter()
    for (subject, week, _), count in each.items():
        most[subject, week] = max(most[subject, week], count)
    return most


def _quantile(world: World, weeks: Counter[tuple[str, int]], share: float) -> int:
    """The 95th percentile over all weeks of the `share` of people whose material circulates most."""
    top = max(1, round(len(world.people) * share))
    subjects = {one.subject for one in world.people.values() if one.rank <= top}
    counts = sorted(count for (subject, _), count in weeks.items() if subject in subjects)
    size = top * world.parameters.weeks
    place = int(0.95 * size) - (size - len(counts))
    return counts[place] if place >= 0 else 0


def _worst(family: list[Reached]) -> tuple[str, int]:
    counts = Counter(_week_of(one.at) for one in family)
    week, count = max(counts.items(), key=lambda pair: (pair[1], -pair[0]), default=(0, 0))
    return (BEGINS + week * WEEK).date().isoformat(), count


def _rights(world: World, ledger: Ledger) -> Counter[str]:
    """What became of each right of which the hearing lies within the year."""
    told: defaultdict[str, list[datetime]] = defaultdict(list)
    for one in ledger.contacts:
        if one.arrived:
            for name in one.items:
                told[name].append(one.at)
    found: Counter[str] = Counter()
    for item in world.items:
        if item.lapses is None or item.lapses >= world.ends:
            continue
        in_time = any(moment <= item.lapses - IN_TIME for moment in told.get(item.id, ()))
        why = str(ledger.why.get(item.id, "not_confirmed"))
        found["used" if in_time else "left" if why in CHOSEN else why] += 1
    return found


def _over(world: World, family: list[Reached]) -> int:
    """People of whom a recipient got more than one contact in seven days, or more than was chosen."""
    by_recipient: defaultdict[tuple[str, str], list[Reached]] = defaultdict(list)
    for one in family:
        if one.arrived and Source.SAFETY not in one.sources:
            by_recipient[one.subject, one.recipient].append(one)
    return len({subject for (subject, _), found in by_recipient.items() if _too_many(world, subject, found)})


def _too_many(world: World, subject: str, contacts: list[Reached]) -> bool:
    if any(one.unwanted for one in contacts):
        return True
    moments = sorted(one.at for one in contacts if not one.free or len(one.sources) > 1)
    if _within(moments, WEEK, 1):
        return True
    choices = world.people[subject].choices.values()
    gaps = [_GAPS.get(one.rhythm, 365) for one in choices if one.told]
    return bool(gaps) and _within(
        sorted(o.at for o in contacts if not o.free), min(gaps) * DAY - CLOCK, len(gaps)
    )


def _within(moments: list[datetime], span: timedelta, allowed: int) -> bool:
    pairs = zip(moments, moments[allowed:], strict=False)
    return any(later - earlier < span for earlier, later in pairs)
