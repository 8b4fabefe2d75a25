"""The reference's ages and consents (T10): it looks at each day on which someone may have been born."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from luwte.desk.telling.values import Born, Ladder, Mandate, Recipient
from luwte.desk.wishes.rules import Wish
from tests.model.world import World


def today(world: World, now: datetime) -> date:
    """Return the day on the calendar of the person."""
    return now.astimezone(world.person.zone).date()


def stage(world: World, now: datetime) -> str:
    """Return "child", "both", "alone" or "adult"; "unknown" when more than one is possible."""
    possible = stages(world.life.born, world.limits.ladder, today(world, now))
    return min(possible) if len(possible) == 1 else "unknown"


@lru_cache(maxsize=20_000)
def stages(born: Born, ladder: Ladder, day: date) -> frozenset[str]:
    """Return each stage that one of the possible days of birth gives."""
    longest_ago = date(day.year - ladder.adult - 2, 1, 1)
    if born.latest is not None and born.latest < longest_ago:
        return frozenset({"adult"})
    found: set[str] = set()
    birth = max(born.earliest or longest_ago, longest_ago)
    while birth <= min(born.latest or day, day):
        found |= _stages_of(birth, ladder, day)
        birth += timedelta(days=1)
    if born.latest is None or born.latest > day:
        found.add("child")
    return frozenset(found)


def _stages_of(birth: date, ladder: Ladder, day: date) -> set[str]:
    found: set[str] = set()
    for reading in ((2, 28), (3, 1)):
        age = _age(birth, day, reading)
        if age >= ladder.adult:
            found.add("adult")
        elif age >= ladder.alone:
            found.add("alone")
        elif age >= ladder.both:
            found.add("both")
        else:
            found.add("child")
    return found


def _age(birth: date, day: date, reading: tuple[int, int]) -> int:
    """Count the birthdays; `reading` is the one of 29 February in a common year."""
    birthday = (birth.month, birth.day)
    if birthday == (2, 29) and not _leap(day.year):
        birthday = reading
    return day.year - birth.year - ((day.month, day.day) < birthday)


def _leap(year: int) -> bool:
    return (date(year, 3, 1) - date(year, 2, 28)).days == 2


def adult_from(born: Born, ladder: Ladder) -> date | None:
    """Return the first day on which someone is certainly an adult, by the later reading."""
    if born.latest is None:
        return None
    year = born.latest.year + ladder.adult
    if (born.latest.month, born.latest.day) == (2, 29) and not _leap(year):
        return date(year, 3, 1)
    return date(year, born.latest.month, born.latest.day)


def holding(world: World, now: datetime) -> list[tuple[Recipient, Mandate]]:
    """Return the representatives whose mandate holds today."""
    day = today(world, now)
    return [
        (one, mandate)
        for one, mandate in world.mandates
        if mandate.begins <= day and (mandate.ends is None or mandate.ends >= day)
    ]


def curators(world: World, now: datetime) -> list[str]:
    """Return the curators who stand for the guardians' side."""
    return [
        one.id
        for one, mandate in holding(world, now)
        if mandate.kind.value == "curator" and one.informed and one.conflict.value == "none"
    ]


def holders(world: World, now: datetime) -> list[Recipient]:
    """Return those with parental authority today."""
    return [one for one, mandate in holding(world, now) if mandate.holder]


def side_can_choose(world: World, now: datetime) -> bool:
    """Return whether there is a guardians' side that can choose at all."""
    if curators(world, now):
        return True
    found = holders(world, now)
    if any(one.conflict.value != "none" or not one.informed for one in found):
        return False
    fewest = {"joint": 2, "shared": 2, "sole": 1, "guardianship": 1}.get(world.life.authority.value)
    return fewest is not None and len(found) >= fewest


def side_has_chosen(world: World, wish: Wish, now: datetime) -> bool:
    """Return whether the guardians' side, which can choose, chose this."""
    if curators(world, now):
        return any(name in wish.by for name in curators(world, now))
    return all(one.id in wish.by for one in holders(world, now))


def consent(world: World, wish: Wish, now: datetime) -> str | None:
    """Return why this wish, which wants to be told, does not count; None when it does."""
    reached = stage(world, now)
    if reached == "unknown":
        return "age_unknown"
    if reached in ("child", "both") and not side_can_choose(world, now):
        return "authority_unclear"
    if reached == "adult":
        first = adult_from(world.life.born, world.limits.ladder)
        if first is None or wish.since.astimezone(world.person.zone).date() < first:
            return "adult_now"
    return None if _all_chose(world, wish, now, reached) else "consent_missing"


def _all_chose(world: World, wish: Wish, now: datetime, reached: str) -> bool:
    himself = "person" in wish.by
    if reached == "child":
        return side_has_chosen(world, wish, now)
    if reached == "both":
        return himself and side_has_chosen(world, wish, now)
    if reached == "alone":
        return himself
    return himself or any(
        one.id in wish.by and mandate.kind.value == "curator" for one, mandate in holding(world, now)
    )
