"""What is about to end, and what ended with nobody having used it: who could act, and who knew. Pure.

T3, T8: nothing lapses in silence. A right that lapsed has a record here with whoever could have acted, under
which mandate, and who was told of it and when; an empty `told` says plainly that nobody was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from luwte.desk.rights.changes import changed
from luwte.desk.rights.law import DUTY
from luwte.desk.rights.values import Key, Reason, Right, State

_LIVE = (State.OPEN, State.MANDATED)


@dataclass(frozen=True, slots=True)
class Telling:
    """That somebody was told of a right on a day: the victim, or the id of a representative."""

    to: str
    day: date


@dataclass(frozen=True, slots=True)
class Lapse:
    """A right that ended unused: its last day and why, who could act until then, the mandate, and who knew.

    `owed`: it was a duty to the victim, which somebody else did not fulfil.
    """

    key: Key
    last: date | None
    reason: Reason
    could_act: tuple[str, ...]
    mandate: str
    told: tuple[Telling, ...]
    owed: bool
    version: str

    @property
    def silent(self) -> bool:
        """Return whether nobody who could act was told of it before it ended."""
        return not any(self.last is None or one.day <= self.last for one in self.told)


def ends_soon(rights: Iterable[Right], day: date, within: int) -> tuple[Right, ...]:
    """Return the rights that can be exercised and end within so many days, the first to end first."""
    last = day + timedelta(days=within)
    found = [one for one in rights if one.state in _LIVE and one.until is not None and one.until <= last]
    return tuple(sorted(found, key=lambda one: (one.until or last, one.key)))


def lapses(
    before: Iterable[Right], after: Iterable[Right], told: Mapping[Key, Iterable[Telling]]
) -> tuple[Lapse, ...]:
    """Return a record of each right that lapsed between two computations, by key.

    One that was not there before, or opened and ended in between, is among them, and one that had been used
    when what was told of its use was taken back.
    """
    return tuple(
        _lapse(change.before, change.after, tuple(told.get(change.key, ())))
        for change in changed(before, after)
        if change.after and change.after.state == State.LAPSED
        if change.before is None or change.before.state != State.LAPSED
    )


def _lapse(before: Right | None, after: Right, told: tuple[Telling, ...]) -> Lapse:
    """Who could act is who could before: an age that ended it took them away."""
    acting = before or after
    could = tuple(dict.fromkeys((*acting.whose, *after.whose)))
    heard = tuple(sorted((one for one in told if one.to in could), key=lambda one: (one.day, one.to)))
    owed = acting.holder in DUTY
    return Lapse(after.key, after.until, after.reason, could, acting.mandate, heard, owed, after.version)
