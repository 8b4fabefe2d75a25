"""Pictures of numbers: whatever the numbers, each is well-formed, says itself, and stays inside its frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.pages.figures import (
    Due,
    Figure,
    FigureRefused,
    Named,
    Point,
    bars,
    distribution,
    line,
    shares,
    timeline,
)
from luwte.desk.pages.figures.distribution import counted
from luwte.desk.pages.figures.frame import fitted, text_width, top_of
from luwte.desk.pages.figures.shares import percent
from luwte.desk.pages.figures.values import LARGEST, LONGEST_LABEL, MOST_POINTS, MOST_ROWS

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 3, 2)
LABELS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=LONGEST_LABEL)
POINTS = st.builds(Point, LABELS, st.integers(0, 10**12) | st.floats(0, LARGEST), vague=st.booleans())
SERIES = st.lists(POINTS, min_size=1, max_size=MOST_POINTS)
DUES = st.lists(
    st.builds(Due, LABELS, st.dates(TODAY - timedelta(days=900), TODAY + timedelta(days=9000)), LABELS),
    min_size=1,
    max_size=MOST_ROWS,
)


def named(columns: int = 2, name: str = "figure") -> Named:
    return Named(name, "Contacts a week", "How many left.", ("What", "How many", "Share")[:columns])


def drawn(figure: Figure) -> Element:
    return ElementTree.fromstring(figure.svg)


def marks(root: Element) -> Iterator[Element]:
    for one in root:
        if one.tag not in (f"{SVG}title", f"{SVG}desc", f"{SVG}defs"):
            yield one


def box(one: Element) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a mark."""
    kind, at = one.tag.removeprefix(SVG), dict(one.attrib)
    number = {
        name: float(value) for name, value in at.items() if value.replace(".", "").replace("-", "").isdigit()
    }
    if kind == "rect":
        x, y = number["x"], number["y"]
        assert number["width"] >= 0
        assert number["height"] >= 0
        return x, y, x + number["width"], y + number["height"]
    if kind == "circle":
        x, y, r = number["cx"], number["cy"], number["r"]
        return x - r, y - r, x + r, y + r
    if kind == "line":
        return number["x1"], number["y1"], number["x2"], number["y2"]
    if kind == "polyline":
        pairs = [tuple(map(float, pair.split(","))) for pair in at["points"].split()]
        xs, ys = zip(*pairs, strict=True)
        return min(xs), min(ys), max(xs), max(ys)
    assert kind == "text", kind
    wide = text_width(one.text or "", number["font-size"])
    left = number["x"] - {"start": 0.0, "middle": 0.5, "end": 1.0}[at["text-anchor"]] * wide
    return left, number["y"] - number["font-size"], left + wide, number["y"]


def stays_inside(figure: Figure) -> None:
    root = drawn(figure)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for one in marks(root):
        left, top, right, bottom = box(one)
        assert -0.2 <= left <= right <= width + 0.2, (one.tag, one.attrib, one.text)
        assert -0.2 <= top <= bottom <= height + 0.2, (one.tag, one.attrib, one.text)


def says_itself(figure: Figure, columns: int) -> None:
    root = drawn(figure)
    assert root.get("role") == "img"
    ids = (root.get("aria-labelledby") or "").split()
    assert [root[0].get("id"), root[1].get("id")] == ids
    assert (root[0].text, root[1].text) == (figure.title, figure.says)
    assert "style" not in {name for one in root.iter() for name in one.attrib}
    assert not {one.tag for one in root.iter()} & {f"{SVG}script", f"{SVG}style", f"{SVG}a", f"{SVG}image"}
    assert len(figure.columns) == columns
    assert all(len(row) == columns for row in figure.rows)
    inks = {one.get(name) for one in root.iter() for name in ("fill", "stroke")} - {None}
    assert {ink for ink in inks if not str(ink).startswith("url(#figure-")} <= {"currentColor", "none"}


@given(SERIES)
def test_bars_stay_inside_say_themselves_and_a_greater_number_is_higher(points: list[Point]) -> None:
    for figure in (bars(named(), points), distribution(named(), points)):
        stays_inside(figure)
        says_itself(figure, 2)
        assert figure.rows == tuple((one.label, one.text) for one in points)
        rects = [one for one in marks(drawn(figure)) if one.tag == f"{SVG}rect"]
        heights = [float(one.get("height", "")) for one in rects]
        assert len(heights) == len(points)
        for one, high in zip(points, heights, strict=True):
            for other, higher in zip(points, heights, strict=True):
                if one.value < other.value:
                    assert high <= higher


@given(SERIES, st.none() | POINTS)
def test_a_line_stays_inside_and_shows_what_is_above_its_limit(
    points: list[Point], limit: Point | None
) -> None:
    figure = line(named(), points, limit)
    stays_inside(figure)
    says_itself(figure, 2)
    circles = [one for one in marks(drawn(figure)) if one.tag == f"{SVG}circle"]
    over = [limit is not None and one.value > limit.value for one in points]
    assert [one.get("fill") == "none" for one in circles] == over
    assert len(figure.rows) == len(points) + (limit is not None)


@given(
    st.lists(POINTS, min_size=1, max_size=MOST_ROWS).filter(lambda found: sum(one.value for one in found) > 0)
)
def test_shares_fill_the_bar_and_no_more(parts: list[Point]) -> None:
    figure = shares(named(3), parts)
    stays_inside(figure)
    says_itself(figure, 3)
    rects = [one for one in marks(drawn(figure)) if one.tag == f"{SVG}rect"][: len(parts)]
    assert sum(float(one.get("width", "")) for one in rects) == pytest.approx(352, abs=0.06 * len(parts))
    fills = [one.get("fill") for one in rects]
    assert all(one != other for one, other in pairwise(fills)), "neighbours must differ"


@given(DUES)
def test_a_timeline_is_in_order_and_what_is_over_is_open(dues: list[Due]) -> None:
    figure = timeline(named(), TODAY, dues)
    stays_inside(figure)
    says_itself(figure, 2)
    ordered = sorted(dues, key=lambda one: one.day)
    assert figure.rows == tuple((one.label, one.shown) for one in ordered)
    circles = [one for one in marks(drawn(figure)) if one.tag == f"{SVG}circle"]
    assert [one.get("fill") == "none" for one in circles] == [one.day < TODAY for one in ordered]
    places = [float(one.get("cx", "")) for one in circles]
    assert places == sorted(places)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -1, -0.001, 2e12])
@pytest.mark.parametrize("draw", [bars, distribution, line])
def test_what_is_no_number_is_refused(draw: Callable[..., Figure], value: float) -> None:
    with pytest.raises(FigureRefused, match=r"cannot be drawn in figure\. Give a number"):
        draw(named(), [Point("a", value)])
    with pytest.raises(FigureRefused, match="cannot be drawn"):
        shares(named(3), [Point("a", value)])


@pytest.mark.parametrize("label", ["", "  ", "x" * (LONGEST_LABEL + 1), "a\0b", "a\nb", "\ud800", "a\u202eb"])
def test_a_label_that_nobody_can_read_is_refused(label: str) -> None:
    with pytest.raises(FigureRefused, match="A text in the picture figure"):
        bars(named(), [Point(label, 1)])
    with pytest.raises(FigureRefused, match="A text in the picture figure"):
        timeline(named(), TODAY, [Due(label, TODAY, "x")])


def test_too_many_none_and_wrong_names_are_refused() -> None:
    for points in ([], [Point("a", 1)] * (MOST_POINTS + 1)):
        with pytest.raises(FigureRefused, match="Give 1 to 60"):
            bars(named(), points)
    with pytest.raises(FigureRefused, match="Give 1 to 20"):
        timeline(named(), TODAY, [])
    with pytest.raises(FigureRefused, match="nothing together"):
        shares(named(3), [Point("a", 0)])
    for name in ("", "A", "a b", 'a"', "1a", "x" * 41):
        with pytest.raises(FigureRefused, match="of a picture"):
            bars(named(name=name), [Point("a", 1)])
    with pytest.raises(FigureRefused, match="3 columns"):
        shares(named(2), [Point("a", 1)])


@given(st.floats(0, LARGEST))
def test_the_scale_holds_every_number_and_is_no_more_than_twice_as_high(most: float) -> None:
    top = top_of([most])
    assert most <= top <= max(2.0, 2 * most)


@given(LABELS, st.floats(0, 400))
def test_a_label_takes_no_more_than_its_room(text: str, room: float) -> None:
    shown = fitted(text, room)
    assert text_width(shown) <= room or not shown
    assert shown == text or shown == "" or shown.endswith("…")


@given(st.lists(st.floats(-10, 100), max_size=50))
def test_a_distribution_counts_each_value_once_where_it_belongs(values: list[float]) -> None:
    edges = (0.0, 1.0, 4.0, 8.0)
    found = counted(values, edges)
    assert sum(found) == len(values)
    assert found[1] == sum(1 <= one < 4 for one in values)
    assert found[3] == sum(one >= 8 for one in values)
    for wrong in ((), (1.0, 1.0), (2.0, 1.0)):
        with pytest.raises(FigureRefused, match="do not rise"):
            counted(values, wrong)


def test_a_share_that_is_not_nothing_and_not_the_whole_never_reads_so() -> None:
    assert [percent(one) for one in (0, 0.0001, 0.5, 0.9999, 1)] == ["0", "1", "50", "99", "100"]


def test_a_number_that_stands_for_any_below_it_is_drawn_open() -> None:
    figure = bars(named(), [Point("a", 10, "fewer than 10", vague=True), Point("b", 10)])
    fills = [one.get("fill") for one in marks(drawn(figure)) if one.tag == f"{SVG}rect"]
    assert fills == ["url(#figure-hatch)", "currentColor"]
    assert figure.rows[0] == ("a", "fewer than 10")


def test_texts_are_escaped() -> None:
    told = Named("figure", 'a < b & "c"', "</desc><script>", ("<td>", "'"))
    root = drawn(bars(told, [Point("<b>", 1)]))
    assert (root[0].text, root[1].text) == ('a < b & "c"', "</desc><script>")
