"""What is due when: a row for each, on one scale of days that begins today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from luwte.base.svg import Drawn, tag
from luwte.desk.pages.figures.frame import INK, TEXT, framed, label, patterns, rule
from luwte.desk.pages.figures.values import (
    LONGEST_LABEL,
    MOST_ROWS,
    Due,
    Figure,
    Named,
    check_count,
    check_named,
    check_text,
)

_LEFT, _RIGHT, _TOP, _ROW = 6, 354, 6, 44


def timeline(named: Named, today: date, dues: Sequence[Due]) -> Figure:
    """Return a row for each of `dues`, in order of its day; two columns: what, when.

    What is over has an open mark at the beginning. Raises `FigureRefused`.
    """
    check_named(named, 2)
    check_count(named, len(dues), MOST_ROWS)
    for one in dues:
        check_text(named, one.label, LONGEST_LABEL)
        check_text(named, one.shown, LONGEST_LABEL)
    ordered = sorted(dues, key=lambda one: one.day)
    last = max(1, *((one.day - today).days for one in ordered))
    height = _TOP + _ROW * len(ordered) + 6
    defined, fills = patterns(named.name, 2)
    rows = (
        part
        for at, one in enumerate(ordered)
        for part in _row(one, at, (one.day - today).days, last, fills[1])
    )
    return framed(named, [*defined, *rows], height, [(one.label, one.shown) for one in ordered])


def _row(one: Due, place: int, days: int, last: int, fill: str) -> Iterator[Drawn]:
    y, room = _TOP + place * _ROW, _RIGHT - _LEFT
    x = _LEFT + 5 + (room - 10) * max(days, 0) / last
    yield label(f"{one.shown}: {one.label}", _LEFT, y + 14, room=room, size=TEXT)
    yield rule(_LEFT, y + 28, _RIGHT, y + 28, dashes="1 3")
    yield tag("rect", x=_LEFT, y=y + 25, width=x - _LEFT, height=6, fill=fill, stroke=INK)
    yield tag("circle", cx=x, cy=y + 28, r=5, fill="none" if days < 0 else INK, stroke=INK, stroke_width=1)
