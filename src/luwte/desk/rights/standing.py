"""Where a right stands on a day, before anybody did anything with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from luwte.desk.rights.holders import Window
from luwte.desk.rights.moments import End
from luwte.desk.rights.told import Found
from luwte.desk.rights.values import Reason, State


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a right with its reason, its first and last day, and the steps it was computed from."""

    state: State
    reason: Reason
    opens: date | None = None
    until: date | None = None
    foreseen: bool = False
    endless: bool = False
    waiting: bool = False
    facts: tuple[str, ...] = ()


def stand(opened: Found, end: End, age: Window, today: date) -> Standing:
    """Return where a right stands that `opened` and has this `end`, within what age allows."""
    facts = tuple(dict.fromkeys((*opened.facts, *end.facts)))
    if age.begins is None:
        return Standing(State.NOT_YET, Reason.TOO_YOUNG, facts=facts)
    if age.stops is not None and age.stops <= opened.day:
        return Standing(State.NOT_APPLICABLE, Reason.AGE, facts=facts)
    begins = max(opened.day, age.begins)
    if end.day is not None and end.day < begins:
        if end.day < opened.day:
            return Standing(State.LAPSED, Reason.NEVER_OPEN, until=end.day, facts=facts)
        return Standing(State.NOT_APPLICABLE, Reason.AGE, facts=facts)
    cut = age.last is not None and (end.day is None or age.last < end.day)
    last = age.last if cut else end.day
    state, reason = _state(begins, last, cut, end, today)
    if state == State.NOT_YET and age.begins > opened.day:
        reason = Reason.TOO_YOUNG
    return Standing(
        state,
        reason,
        begins,
        last,
        foreseen=end.foreseen and not cut,
        endless=end.endless and not cut,
        waiting=end.waiting,
        facts=facts,
    )


def _state(begins: date, last: date | None, cut: bool, end: End, today: date) -> tuple[State, Reason]:
    if today < begins:
        return State.NOT_YET, Reason.TO_COME
    if last is None:
        return State.OPEN, Reason.OPENED
    if cut:
        return (State.LAPSED, Reason.AGE) if today > last else (State.OPEN, Reason.OPENED)
    if end.closed:
        return (State.LAPSED, Reason.STEP) if today >= last else (State.OPEN, Reason.OPENED)
    if today > last and not end.foreseen:
        return State.LAPSED, Reason.DEADLINE
    return State.OPEN, Reason.OPENED
