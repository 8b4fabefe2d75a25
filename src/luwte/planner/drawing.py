"""A plot of the comparison: SVG that a screen reader can read; no script, no meaning in colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from luwte.planner.measures import Figures

WIDTH, BAR, LEFT, ROOM = 760, 24, 230, 430


def plot(figures: Mapping[str, Figures], people: int, weeks: int) -> str:
    """Return the SVG: a panel for each of four figures, a bar and its number for each policy."""
    panels = _panels(figures)
    height = 60 + sum(50 + BAR * len(figures) for _ in panels)
    told = " ".join(
        f"{title}: " + ", ".join(f"{name} {value}" for name, value in values.items()) + "."
        for title, values in panels.items()
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="sans-serif" font-size="14">',
        f'<title id="title">{weeks} weeks for {people} people under four policies of telling</title>',
        f'<desc id="desc">{escape(told)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="32" font-size="18" font-weight="bold" fill="#1a1a1a">{weeks} weeks, '
        f"{people} people, four policies</text>",
    ]
    top = 60
    for title, values in panels.items():
        parts += _panel(title, values, top)
        top += 50 + BAR * len(values)
    return "\n".join([*parts, "</svg>", ""])


def _panels(figures: Mapping[str, Figures]) -> dict[str, dict[str, int]]:
    return {
        "Most contacts of one person in one week": {name: one.most for name, one in figures.items()},
        "Contacts that the person did not want": {name: one.unwanted for name, one in figures.items()},
        "Rights that lapsed untold, not by choice": {
            name: sum(one.missed.values()) for name, one in figures.items()
        },
        "Contacts lost at an address that failed": {name: one.lost for name, one in figures.items()},
    }


def _panel(title: str, values: Mapping[str, int], top: int) -> list[str]:
    most = max(*values.values(), 1)
    parts = [f'<text x="20" y="{top + 18}" font-weight="bold" fill="#1a1a1a">{escape(title)}</text>']
    for number, (name, value) in enumerate(values.items()):
        y, wide = top + 28 + number * BAR, round(ROOM * value / most, 1)
        fill = "#154273" if name == "Luwte" else "#8a8a8a"
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 15}" text-anchor="end" fill="#1a1a1a">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y + 2}" width="{wide}" height="{BAR - 8}" fill="{fill}"/>',
            f'<text x="{LEFT + wide + 6}" y="{y + 15}" fill="#1a1a1a">{value}</text>',
        ]
    return parts
