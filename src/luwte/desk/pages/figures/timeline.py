"""What is due when: a row for each, on one scale of days that begins today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap

from luwte.base.svg import Drawn, tag
from luwte.desk.pages.figures.frame import INK, TEXT, framed, label, patterns, rule, text_width
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

_LEFT, _RIGHT, _TOP, _LINE, _BAR = 6, 354, 6, 18, 30
_LETTERS = int((_RIGHT - _LEFT) / text_width("n", TEXT))
"""So many fit on a line."""


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
    defined, fills = patterns(named.name, 2)
    y, rows = _TOP, list[Drawn]()
    for one in ordered:
        lines = [one.shown, *wrap(one.label, _LETTERS)]
        rows += _row(lines, y, (one.day - today).days / last, fills[1])
        y += _LINE * len(lines) + _BAR
    return framed(named, [*defined, *rows], y, [(one.label, one.shown) for one in ordered])


def _row(lines: Sequence[str], top: int, part: float, fill: str) -> Iterator[Drawn]:
    """Its words, and below them a bar for `part` of the scale; less than nothing is over."""
    room = _RIGHT - _LEFT
    for at, line in enumerate(lines, 1):
        yield label(line, _LEFT, top + at * _LINE - 4, room=room, size=TEXT)
    x, y = _LEFT + 5 + (room - 10) * max(part, 0), top + len(lines) * _LINE + 10
    yield rule(_LEFT, y, _RIGHT, y, dashes="1 3")
    yield tag("rect", x=_LEFT, y=y - 3, width=x - _LEFT, height=6, fill=fill, stroke=INK)
    yield tag("circle", cx=x, cy=y, r=5, fill="none" if part < 0 else INK, stroke=INK, stroke_width=1)
