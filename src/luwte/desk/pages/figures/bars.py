"""Bars beside each other: how many in each week or month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from luwte.base.svg import Drawn, tag
from luwte.desk.pages.figures.frame import (
    INK,
    SMALL,
    WIDTH,
    every,
    framed,
    label,
    patterns,
    rule,
    text_width,
    top_of,
)
from luwte.desk.pages.figures.values import Figure, Named, Point, check_named, check_points

HEIGHT, TOP, FLOOR, LEFT, RIGHT = 200, 22, 168, 52, 352
_GAP = 0.25


def bars(named: Named, points: Sequence[Point], *, gap: float = _GAP) -> Figure:
    """Return a bar for each of `points`, in their order; two columns: what, how many.

    `gap`: the share of a bar's room that stays empty. Raises `FigureRefused`.
    """
    check_named(named, 2)
    check_points(named, points)
    defined, fills = patterns(named.name, 2)
    parts = [*defined, *scale(top_of(one.value for one in points)), *_bars(points, fills[1], gap)]
    return framed(named, parts, HEIGHT, ((one.label, one.text) for one in points))


def scale(top: float) -> Iterator[Drawn]:
    """Give the lines at nothing, at half and at `top`, each with its number."""
    for part in (0.0, 0.5, 1.0):
        y = height_at(part * top, top)
        yield rule(LEFT, y, RIGHT, y, dashes="none" if part == 0 else "1 3")
        yield label(f"{round(part * top, 6):g}", LEFT - 4, y + 4, room=LEFT - 4, anchor="end")


def height_at(value: float, top: float) -> float:
    """Return how high in the picture `value` stands, on a scale that ends at `top`."""
    return FLOOR - (FLOOR - TOP) * value / top


def below(labels: Sequence[str]) -> Iterator[Drawn]:
    """Give the labels below the floor, as many as fit beside each other."""
    room = (RIGHT - LEFT) / len(labels)
    widest = min(max(text_width(one) for one in labels), 3 * room if len(labels) > 3 else room)
    step = every(len(labels), RIGHT - LEFT, widest)
    for place in range(0, len(labels), step):
        x = LEFT + (place + 0.5) * room
        half = min(x, WIDTH - x, step * room / 2)
        yield label(labels[place], x, FLOOR + SMALL + 4, room=2 * half, anchor="middle")


def _bars(points: Sequence[Point], open_fill: str, gap: float) -> Iterator[Drawn]:
    top, room = top_of(one.value for one in points), (RIGHT - LEFT) / len(points)
    for place, one in enumerate(points):
        x, y = LEFT + (place + gap / 2) * room, height_at(one.value, top)
        fill = open_fill if one.vague else INK
        yield tag("rect", x=x, y=y, width=room * (1 - gap), height=FLOOR - y, fill=fill, stroke=INK)
        if text_width(one.text) <= room:
            yield label(one.text, LEFT + (place + 0.5) * room, y - 4, room=room, anchor="middle")
    yield from below([one.label for one in points])
