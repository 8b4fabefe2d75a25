"""Parts of a whole: how much of it was done, searched or reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luwte.base.svg import Drawn, tag
from luwte.desk.pages.figures.frame import INK, TEXT, WIDTH, framed, label, patterns
from luwte.desk.pages.figures.values import (
    MOST_ROWS,
    Figure,
    FigureRefused,
    Named,
    Point,
    check_named,
    check_points,
)

_LEFT, _TOP, _BAR, _ROW = 4, 6, 34, 24


def shares(named: Named, parts: Sequence[Point]) -> Figure:
    """Return one bar that is divided as `parts` are, and what each is; three columns: what, how many,
    percent.

    Raises `FigureRefused`, also when there is nothing to divide.
    """
    check_named(named, 3)
    check_points(named, parts, MOST_ROWS)
    whole = sum(one.value for one in parts)
    if whole == 0:
        raise FigureRefused(f"The parts in the picture {named.name} are nothing together. Leave it out.")
    defined, fills = patterns(named.name, len(parts))
    height = _TOP + _BAR + 12 + _ROW * len(parts)
    rows = [(one.label, one.text, percent(one.value / whole)) for one in parts]
    return framed(named, [*defined, *_bar(parts, whole, fills), *_key(rows, fills)], height, rows)


def percent(share: float) -> str:
    """Return a share (0 to 1) in percent, without the sign; only nothing reads 0, only the whole 100."""
    whole = round(share * 100)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return str(whole)


def _bar(parts: Sequence[Point], whole: float, fills: Sequence[str]) -> Iterator[Drawn]:
    x, room = float(_LEFT), WIDTH - 2 * _LEFT
    for one, fill in zip(parts, fills, strict=True):
        wide = room * one.value / whole
        yield tag("rect", x=x, y=_TOP, width=wide, height=_BAR, fill=fill, stroke=INK)
        x += wide


def _key(rows: Sequence[tuple[str, ...]], fills: Sequence[str]) -> Iterator[Drawn]:
    for place, ((what, count, _share), fill) in enumerate(zip(rows, fills, strict=True)):
        y = _TOP + _BAR + 12 + place * _ROW
        yield tag("rect", x=_LEFT, y=y, width=16, height=16, fill=fill, stroke=INK)
        yield label(f"{what}: {count}", _LEFT + 24, y + 13, room=WIDTH - 2 * _LEFT - 24, size=TEXT)
