"""The frame of each picture: its size, its scale, texts that fit, and patterns that tell parts apart.

Everything is drawn in the colour of the text around it, so that it also works in print, with the reader's own
colours and on a dark page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from math import ceil, floor, log10

from luwte.base.svg import Drawn, picture, tag, words
from luwte.desk.pages.figures.values import Figure, Named

WIDTH = 360
"""Narrow, so that its texts can still be read on a phone."""
TEXT = 14
SMALL = 12
INK = "currentColor"
_EM = 0.62
"""The width of a letter in ems: more than the mean of the common fonts without serifs."""


def framed(named: Named, parts: Iterable[Drawn], height: int, rows: Iterable[tuple[str, ...]]) -> Figure:
    """Return the picture of `parts` under its title, with its table."""
    svg = picture(named.title, named.says, parts, width=WIDTH, height=height, name=named.name)
    return Figure(named.name, named.title, named.says, svg, named.columns, tuple(rows))


def text_width(text: str, size: float = SMALL) -> float:
    """Return how wide a text becomes, in the units of the picture, rather too much than too little."""
    wide = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
    return wide * size * _EM


def fitted(text: str, room: float, size: float = SMALL) -> str:
    """Return as much of a text as fits into `room`, with an ellipsis where something is left out."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return f"{text}…" if text else ""


def label(text: str, x: float, y: float, *, room: float, anchor: str = "start", size: float = SMALL) -> Drawn:
    """Return a text at `x` that takes no more than `room`, in the colour of what is around."""
    shown = words(fitted(text, room, size))
    return tag("text", shown, x=x, y=y, text_anchor=anchor, font_size=size, fill=INK)


def rule(x1: float, y1: float, x2: float, y2: float, *, dashes: str = "none", width: float = 1.0) -> Drawn:
    """Return a straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=INK, stroke_width=width, stroke_dasharray=dashes)


def top_of(values: Iterable[float]) -> float:
    """Return where the scale of `values` ends: a number with few digits, not below any of them."""
    most = max(*values, 2.0)
    power = 10.0 ** floor(log10(most))
    steps = (2, 4, 6, 8, 10, 20) if power == 1 else (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10, 20)
    return next(power * step for step in steps if power * step >= most)


def every(count: int, room: float, widest: float) -> int:
    """Return of how many labels beside each other one is shown, so that none touches the next."""
    return max(1, ceil(count * (widest + SMALL * _EM) / room))


def patterns(name: str, count: int) -> tuple[list[Drawn], list[str]]:
    """Return definitions, and `count` fills that differ without colour: full, hatched, dotted, empty and so
    on.

    Neighbours always differ.
    """
    kinds = [_hatch(f"{name}-hatch", 45), _dots(f"{name}-dots"), _hatch(f"{name}-back", 135)]
    fills = [INK, f"url(#{name}-hatch)", "none", f"url(#{name}-dots)", f"url(#{name}-back)"]
    return [tag("defs", *kinds)], [fills[one % len(fills)] for one in range(count)]


def _hatch(name: str, turned: int) -> Drawn:
    stroke = tag("line", x1=0, y1=0, x2=0, y2=6, stroke=INK, stroke_width=2.5)
    turn = f"rotate({turned})"
    return tag(
        "pattern", stroke, id=name, width=6, height=6, patternUnits="userSpaceOnUse", patternTransform=turn
    )


def _dots(name: str) -> Drawn:
    dot = tag("circle", cx=3, cy=3, r=1.4, fill=INK)
    return tag("pattern", dot, id=name, width=6, height=6, patternUnits="userSpaceOnUse")
