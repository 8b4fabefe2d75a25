"""The plots of docs/review-measured.md: minutes by way of reviewing, and what each floor costs and saves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from math import log

from bench.review_runs import Measured
from luwte.desk.review.floors import Floor

WIDTH, LEFT, ROOM, BAR = 760, 280, 380, 22
TALL, EDGE = 420, 70
BLUE, GREY, DARK = "#154273", "#8a8a8a", "#1a1a1a"


def plot(run: Measured) -> str:
    """Return the SVG: a bar and its number for each way of reviewing, and for the shorter budgets."""
    values = {name: one.for_a_thousand for name, one in run.steps.items()}
    values |= {f"Luwte, {minutes} min a day": one.for_a_thousand for minutes, one in run.minutes.items()}
    most, height = max(*values.values(), 1.0), 60 + BAR * len(values)
    title = "Minutes of review for 1,000 confirmed findings"
    parts = _head(title, "; ".join(f"{name}: {value:,.0f}" for name, value in values.items()), height)
    for number, (name, value) in enumerate(values.items()):
        y, wide = 48 + number * BAR, round(ROOM * value / most, 1)
        fill = BLUE if name.startswith("Luwte") else GREY
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end" fill="{DARK}">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{wide}" height="{BAR - 6}" fill="{fill}"/>',
            f'<text x="{LEFT + wide + 6}" y="{y + 13}" fill="{DARK}">{value:,.0f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def floor_name(floor: Floor) -> str:
    """Return a floor as it stands in tables: only, first, more, and the sample."""
    return f"{floor.only} / {floor.first} / {floor.more}, sample {floor.sample}"


def trade_off(run: Measured) -> str:
    """Return the SVG: for each floor the minutes for 1,000 findings, and the findings left unconfirmed."""
    points = {
        floor_name(floor): (one.for_a_thousand, one.below + one.waiting) for floor, one in run.floors.items()
    }
    title = "What a floor saves, and the true findings that it costs"
    told = "; ".join(
        f"{name}: {minutes:,.0f} minutes, {lost} findings" for name, (minutes, lost) in points.items()
    )
    return "\n".join(
        [*_head(title, told, TALL), *_axes(points), *_dots(points, floor_name(run_floor(run))), "</svg>", ""]
    )


def run_floor(run: Measured) -> Floor:
    """Return the floor that holds unless an authority sets another: the first that was measured."""
    return next(iter(run.floors))


def _head(title: str, told: str, height: int) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(told)}.</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="17" font-weight="bold" fill="{DARK}">{escape(title)}</text>',
    ]


_Points = Mapping[str, tuple[float, int]]


def _axes(points: _Points) -> Iterator[str]:
    bottom = TALL - EDGE
    yield f'<path d="M{EDGE} 60V{bottom}H{WIDTH - 20}" fill="none" stroke="{DARK}"/>'
    least, most = _span(points)
    yield (
        f'<text x="{WIDTH - 20}" y="{bottom + 40}" text-anchor="end" fill="{DARK}">'
        f"minutes for 1,000 findings, {least:,.0f} to {most:,.0f}, each step as many times as the last</text>"
    )
    yield (
        f'<text x="20" y="52" fill="{DARK}">true findings that nobody confirmed '
        f"(0 to {_most_lost(points)})</text>"
    )


def _dots(points: _Points, held: str) -> Iterator[str]:
    """The label of a dot stands above the one before it, with a line to its dot."""
    bottom, last = TALL - EDGE, float(TALL)
    least, most = _span(points)
    for name, (minutes, lost) in sorted(points.items(), key=lambda one: (one[1][1], one[1][0])):
        x = EDGE + 10 + (WIDTH - EDGE - 260) * log(max(least, minutes) / least) / log(most / least)
        y = bottom - (bottom - 90) * lost / _most_lost(points)
        last = min(y - 12, last - 15)
        fill = BLUE if name == held else GREY
        yield f'<path d="M{x:.1f} {y:.1f}V{last - 4:.1f}h8" fill="none" stroke="{fill}"/>'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}"/>'
        yield f'<text x="{x + 11:.1f}" y="{last:.1f}" fill="{DARK}">{escape(name)}</text>'


def _span(points: _Points) -> tuple[float, float]:
    minutes = [max(1.0, one) for one, _ in points.values()]
    return min(minutes), max(*minutes, min(minutes) * 2)


def _most_lost(points: _Points) -> int:
    return max(1, *(lost for _, lost in points.values()))
