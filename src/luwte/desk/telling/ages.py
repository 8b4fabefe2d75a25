"""T10: the ladder of ages, who must have chosen a wish, and who speaks for a child. Pure.

Ages under Dutch law: 12 and 18 in criminal procedure (art. 51e Sv), 16 for one's own data (art. 8 GDPR,
art. 5 UAVG); majority at 18 (art. 1:233 BW); the special curator goes before parents (art. 1:250 BW).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from luwte.desk.telling.values import (
    Authority,
    Born,
    Conflict,
    Kind,
    Ladder,
    Life,
    Reason,
    Recipient,
)
from luwte.desk.wishes.rules import PERSON, Channel, Wish

_TOGETHER = frozenset({Authority.JOINT, Authority.SHARED})
_NOBODY = frozenset({Authority.NONE_NOW, Authority.UNCLEAR})


class Stage(IntEnum):
    """Who decides: the guardians' side, both, the young person alone, the adult."""

    CHILD = 0
    BOTH = 1
    ALONE = 2
    ADULT = 3


def age(born: date, day: date, *, early: bool) -> int:
    """Return the age in years on `day`, negative before birth.

    29 February in a common year is read as the 28th when `early`, else as 1 March.
    """
    return day.year - born.year - ((day.month, day.day) < birthday(born, day.year, early=early))


def birthday(born: date, year: int, *, early: bool) -> tuple[int, int]:
    """Return the month and day on which someone's age goes up in `year`."""
    if (born.month, born.day) == (2, 29) and not _leap(year):
        return (2, 28) if early else (3, 1)
    return born.month, born.day


def stage_on(born: Born, ladder: Ladder, day: date) -> Stage | None:
    """Return the one possible stage on `day`, or None when more than one is."""
    oldest = Stage.ADULT if born.earliest is None else _stage(age(born.earliest, day, early=True), ladder)
    youngest = Stage.CHILD if born.latest is None else _stage(age(born.latest, day, early=False), ladder)
    return oldest if oldest == youngest else None


@dataclass(frozen=True, slots=True)
class Side:
    """The guardians' side: the `parties` of whom everyone must have chosen, or, with a curator, any one."""

    parties: frozenset[str]
    everyone: bool

    def chose(self, by: frozenset[str]) -> bool:
        """Return whether `by` is enough for this side."""
        return self.parties <= by if self.everyone else not self.parties.isdisjoint(by)


def guardians(authority: Authority, around: Sequence[Recipient], day: date) -> Side | None:
    """Return who speaks for a child on `day`, or None when that is unclear (then a human decides)."""
    acting = [one for one in around if one.mandate and one.mandate.holds(day)]
    curators = [one for one in acting if _is_curator(one) and _can_speak(one)]
    if curators:
        return Side(frozenset(one.id for one in curators), everyone=False)
    holders = [one for one in acting if one.mandate and one.mandate.holder]
    enough = len(holders) >= (2 if authority in _TOGETHER else 1)
    if authority in _NOBODY or not enough or not all(_can_speak(one) for one in holders):
        return None
    return Side(frozenset(one.id for one in holders), everyone=True)


class Circle:
    """A person and those around them on one day: their stage, and who speaks for them when a child."""

    def __init__(self, person: Recipient, around: Sequence[Recipient], ladder: Ladder, now: datetime) -> None:
        self.person, self.around, self.ladder = person, around, ladder
        self.life = person.life or Life(Born())
        self.day = now.astimezone(person.zone).date()
        self.stage = stage_on(self.life.born, ladder, self.day)
        young = self.stage in (Stage.CHILD, Stage.BOTH)
        self.side = guardians(self.life.authority, around, self.day) if young else None

    def obstacle(self, wish: Wish) -> Reason | None:
        """Return why `wish`, which wants to be told, does not count, or None when it does."""
        if self.stage is None:
            return Reason.AGE_UNKNOWN
        if self.stage <= Stage.BOTH and self.side is None:
            return Reason.AUTHORITY_UNCLEAR
        if self.stage == Stage.ADULT and not self._set_as_adult(wish):
            return Reason.ADULT_NOW
        return None if self._chosen(wish.by) else Reason.CONSENT_MISSING

    def entitled(self, recipient: Recipient, wish: Wish) -> bool:
        """Return whether this representative may be told what `wish` covers (consent aside)."""
        if recipient.id in wish.choice.others or self._speaks(recipient):
            return True
        kind = recipient.mandate.kind if recipient.mandate else None
        if kind == Kind.LAWYER:
            return wish.choice.channel == Channel.LAWYER
        return kind == Kind.CURATOR and self.stage == Stage.ADULT and recipient.id in wish.by

    def has_lawyer(self) -> bool:
        """Return whether a lawyer acts today who may hear of it and stands in no conflict."""
        return any(
            one.mandate.kind == Kind.LAWYER and one.mandate.holds(self.day) and _can_speak(one)
            for one in self.around
            if one.mandate
        )

    def _speaks(self, recipient: Recipient) -> bool:
        return self.stage == Stage.CHILD and self.side is not None and recipient.id in self.side.parties

    def _set_as_adult(self, wish: Wish) -> bool:
        born, since = self.life.born.latest, wish.since.astimezone(self.person.zone).date()
        return born is not None and age(born, since, early=False) >= self.ladder.adult

    def _chosen(self, by: frozenset[str]) -> bool:
        if self.stage == Stage.ADULT and PERSON not in by:
            return any(
                one.id in by and _is_curator(one) and one.mandate is not None and one.mandate.holds(self.day)
                for one in self.around
            )
        own = self.stage == Stage.CHILD or PERSON in by
        return own and (self.side is None or self.side.chose(by))


def _stage(years: int, ladder: Ladder) -> Stage:
    if years >= ladder.adult:
        return Stage.ADULT
    if years >= ladder.alone:
        return Stage.ALONE
    return Stage.BOTH if years >= ladder.both else Stage.CHILD


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _is_curator(recipient: Recipient) -> bool:
    return recipient.mandate is not None and recipient.mandate.kind == Kind.CURATOR


def _can_speak(recipient: Recipient) -> bool:
    return recipient.informed and recipient.conflict == Conflict.NONE
