"""Between a form and a choice, both ways: what a page sends becomes a `Choice`, and a `Choice` fills it in.

What a form does not send stays as it stands. No framework, no clock, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from luwte.base.errors import BadInput
from luwte.desk.wishes.checks import INWARD, UNTIMED, hours_of
from luwte.desk.wishes.rules import Channel, Choice, Detail, Register, Rhythm, Source

LONGEST = 64
"""Characters of one value."""
MOST = 50
"""Values of one field."""
Given = Mapping[str, Sequence[str]]
"""What a form sends: the values of each field."""

_LEVELS = list(Detail)
_SAID = {"yes": True, "no": False}


class ChoiceUnreadable(BadInput):
    """A form sends what is no answer to one of its questions; `field` is that question."""

    def __init__(self, field: str) -> None:
        super().__init__(f"This is no answer to {field!r}. Choose one of the answers that are there.")
        self.field = field


def fields(choice: Choice) -> dict[str, list[str]]:
    """Return what a form that shows `choice` sends back."""
    first, last = choice.hours
    return {
        "told": [_said(choice.told)],
        "rhythm": [choice.rhythm.value],
        "channel": [choice.channel.value],
        "detail": [choice.detail.value],
        "until": [choice.until.isoformat() if choice.until else ""],
        "weekday": ["" if choice.weekday is None else str(choice.weekday)],
        "hours": [f"{first}-{last}"],
        "forward": [_said(choice.forward)],
        "cover": [_said(choice.cover)],
        "others": ["", *sorted(choice.others)],
        "words": [choice.words.value],
    }


def choice(given: Given, standing: Choice) -> Choice:
    """Return `standing` with what is `given` in its place. Raises `ChoiceUnreadable`.

    An empty value is no last day, no weekday, nobody else. Whether the choice can be kept is another
    question: see `luwte.desk.wishes.checks`.
    """
    return replace(standing, **{field: _value(field, given[field]) for field in READERS if field in given})


def fitting(choice: Choice) -> Choice:
    """Return `choice` without what its rhythm and its way leave no room for: a weekday, the fixed message."""
    timed = choice.rhythm not in UNTIMED
    cover = choice.cover and timed and choice.channel not in INWARD
    return replace(choice, weekday=choice.weekday if timed else None, cover=cover)


def exposes(before: Choice, after: Choice) -> bool:
    """Return whether `after` tells more than `before`, or by another way: somebody else could want that."""
    more = _LEVELS.index(after.detail) > _LEVELS.index(before.detail)
    return after.told and (more or after.channel != before.channel)


def only_less(before: Choice, after: Choice) -> bool:
    """Return whether `after` tells less than `before`, or nothing, and changes nothing else."""
    if not after.told:
        return replace(after, told=before.told) == before
    same = replace(after, detail=before.detail) == before
    return same and _LEVELS.index(after.detail) <= _LEVELS.index(before.detail)


def parts(source: Source, choice: Choice) -> tuple[str, ...]:
    """Return the fields that a choice for `source` leaves something to decide about, in the order to ask."""
    if not choice.told:
        return ()
    safety, asked = source == Source.SAFETY, choice.rhythm == Rhythm.ON_REQUEST
    timed = choice.rhythm not in UNTIMED
    there = {
        "rhythm": not safety,
        "channel": not asked,
        "weekday": timed,
        "hours": not safety and not asked,
        "detail": not safety,
        "cover": timed and choice.channel not in INWARD,
        "words": True,
    }
    return tuple(part for part, shown in there.items() if shown)


def _said(value: bool) -> str:
    return "yes" if value else "no"


def _value(field: str, values: Sequence[str]) -> Any:
    if len(values) > MOST or any(len(one) > LONGEST for one in values):
        raise ChoiceUnreadable(field)
    if field == "others":
        return frozenset(one for one in values if one)
    if len(values) != 1:
        raise ChoiceUnreadable(field)
    try:
        return READERS[field](values[0])
    except (KeyError, ValueError, BadInput):
        raise ChoiceUnreadable(field) from None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _weekday(text: str) -> int | None:
    return _WEEKDAYS[text]


def _answer(text: str) -> bool:
    return _SAID[text]


_WEEKDAYS: Mapping[str, int | None] = {"": None, **{str(day): day for day in range(7)}}
READERS: Mapping[str, Callable[[str], Any]] = {
    "told": _answer,
    "rhythm": Rhythm,
    "channel": Channel,
    "detail": Detail,
    "until": _day,
    "weekday": _weekday,
    "hours": hours_of,
    "forward": _answer,
    "cover": _answer,
    "others": str,
    "words": Register,
}
"""Each field of a form, and how one value of it is read."""
