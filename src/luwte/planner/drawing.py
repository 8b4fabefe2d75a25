"""A plot of the comparison: SVG that a screen reader can read; no script, no meaning in colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from luwte.base.svg import Drawn, picture, tag, words
from luwte.planner.measures import Figures

WIDTH, BAR, LEFT, ROOM = 760, 24, 230, 430
INK = "#1a1a1a"


def plot(figures: Mapping[str, Figures], people: int, weeks: int) -> str:
    """Return the SVG: a panel for each of four figures, a bar and its number for each policy."""
    panels = _panels(figures)
    height = 60 + sum(50 + BAR * len(figures) for _ in panels)
    told = " ".join(
        f"{title}: " + ", ".join(f"{name} {value}" for name, value in values.items()) + "."
        for title, values in panels.items()
    )
    head = words(f"{weeks} weeks, {people} people, four policies")
    parts = [
        tag("rect", width=WIDTH, height=height, fill="#ffffff"),
        tag("text", head, x=20, y=32, font_size=18, font_weight="bold", fill=INK),
    ]
    top = 60
    for title, values in panels.items():
        parts += _panel(title, values, top)
        top += 50 + BAR * len(values)
    whole = f"{weeks} weeks for {people} people under four policies of telling"
    return str(picture(whole, told, parts, width=WIDTH, height=height))


def _panels(figures: Mapping[str, Figures]) -> dict[str, dict[str, int]]:
    return {
        "Most contacts of one person in one week": {name: one.most for name, one in figures.items()},
        "Contacts that the person did not want": {name: one.unwanted for name, one in figures.items()},
        "Rights that lapsed untold, not by choice": {
            name: sum(one.missed.values()) for name, one in figures.items()
        },
        "Contacts lost at an address that failed": {name: one.lost for name, one in figures.items()},
    }


def _panel(title: str, values: Mapping[str, int], top: int) -> list[Drawn]:
    most = max(*values.values(), 1)
    parts = [tag("text", words(title), x=20, y=top + 18, font_weight="bold", fill=INK)]
    for number, (name, value) in enumerate(values.items()):
        y, wide = top + 28 + number * BAR, round(ROOM * value / most, 1)
        fill = "#154273" if name == "Luwte" else "#8a8a8a"
        parts += [
            tag("text", words(name), x=LEFT - 10, y=y + 15, text_anchor="end", fill=INK),
            tag("rect", x=LEFT, y=y + 2, width=wide, height=BAR - 8, fill=fill),
            tag("text", words(str(value)), x=LEFT + wide + 6, y=y + 15, fill=INK),
        ]
    return parts
