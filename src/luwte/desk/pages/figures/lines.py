"""A line through numbers in order, with the limit that they should stay under."""

from __future__ import annotations

from collections.abc import Sequence

from luwte.base.svg import Drawn, tag
from luwte.desk.pages.figures.bars import HEIGHT, LEFT, RIGHT, below, height_at, scale
from luwte.desk.pages.figures.frame import INK, framed, label, rule, top_of
from luwte.desk.pages.figures.values import Figure, Named, Point, check_named, check_points


def line(named: Named, points: Sequence[Point], limit: Point | None = None) -> Figure:
    """Return a line through `points`, and a dashed one at `limit` with its words; two columns.

    What is above the limit has an open mark, what is not a full one. Raises `FigureRefused`.
    """
    check_named(named, 2)
    check_points(named, [*points, *([limit] if limit else [])])
    top = top_of([*(one.value for one in points), *([limit.value] if limit else [])])
    room = (RIGHT - LEFT) / len(points)
    places = [(LEFT + (at + 0.5) * room, height_at(one.value, top)) for at, one in enumerate(points)]
    track = " ".join(f"{round(x, 1)},{round(y, 1)}" for x, y in places)
    parts = [
        *scale(top),
        tag("polyline", points=track, fill="none", stroke=INK, stroke_width=2),
        *(
            _mark(x, y, limit is not None and one.value > limit.value)
            for (x, y), one in zip(places, points, strict=True)
        ),
        *(_limit(limit, top) if limit else ()),
        *below([one.label for one in points]),
    ]
    rows = [(one.label, one.text) for one in points]
    return framed(named, parts, HEIGHT, [*rows, *([(limit.label, limit.text)] if limit else [])])


def _mark(x: float, y: float, over: bool) -> Drawn:
    if over:
        return tag("circle", cx=x, cy=y, r=3.5, fill="none", stroke=INK, stroke_width=2)
    return tag("circle", cx=x, cy=y, r=3, fill=INK)


def _limit(limit: Point, top: float) -> tuple[Drawn, Drawn, Drawn]:
    """Its words stand above, beside a piece of the same line: on the line the numbers would cross them."""
    y = height_at(limit.value, top)
    said = label(f"{limit.label}: {limit.text}", LEFT + 36, 12, room=RIGHT - LEFT - 36)
    shown = rule(LEFT, 8, LEFT + 30, 8, dashes="7 4", width=2)
    return rule(LEFT, y, RIGHT, y, dashes="7 4", width=2), shown, said
