"""What a picture of numbers is made of, and what it refuses. No framework, no clock, no database."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from luwte.base.errors import BadInput
from luwte.base.svg import Drawn

MOST_POINTS = 60
MOST_ROWS = 20
"""Rows of a timeline, and parts of a whole."""
LONGEST_LABEL = 80
LONGEST_TEXT = 600
LARGEST = 1e12
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class FigureRefused(BadInput):
    """These numbers or words make no picture."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a picture is called and says.

    `name`: begins its ids, small letters, digits and dashes. `title`: above it. `says`: its sentence, for who
    does not see it. `columns`: the heads of its table, as many as its kind has.
    """

    name: str
    title: str
    says: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A number and what it is of; `shown`: how it is written, "" for as it is.

    `vague`: the number stands for any below it, as where small counts are not shown; it is drawn open.
    """

    label: str
    value: float
    shown: str = ""
    vague: bool = False

    @property
    def text(self) -> str:
        """How the number is written."""
        whole = isinstance(self.value, int) or self.value.is_integer()
        return self.shown or (f"{self.value:.0f}" if whole else f"{self.value:g}")


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due on a day; `shown`: how that day is written."""

    label: str
    day: date
    shown: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and its table: `rows` under `columns`, a cell for each."""

    name: str
    title: str
    says: str
    svg: Drawn
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def check_named(named: Named, columns: int) -> None:
    """Raise `FigureRefused` for words that cannot stand in a picture with `columns` columns."""
    if not _NAME.fullmatch(named.name):
        raise FigureRefused(f"The name {named.name!r} of a picture is not 1 to 40 of a-z, 0-9 and -.")
    for text in (named.title, named.says):
        check_text(named, text, LONGEST_TEXT)
    for text in named.columns:
        check_text(named, text, LONGEST_LABEL)
    if len(named.columns) != columns:
        raise FigureRefused(f"The picture {named.name} has {columns} columns. Give a head for each.")


def check_points(named: Named, points: Sequence[Point], most: int = MOST_POINTS) -> None:
    """Raise `FigureRefused` for points that make no picture: none, too many, no number, negative."""
    check_count(named, len(points), most)
    for one in points:
        check_number(named, one.value)
        check_text(named, one.label, LONGEST_LABEL)
        check_text(named, one.text, LONGEST_LABEL)


def check_count(named: Named, count: int, most: int) -> None:
    """Raise `FigureRefused` for none, or more than `most`."""
    if not 1 <= count <= most:
        raise FigureRefused(f"The picture {named.name} has {count} numbers. Give 1 to {most}.")


def check_number(named: Named, value: float) -> None:
    """Raise `FigureRefused` for what is no number from 0 to `LARGEST`."""
    if not math.isfinite(value) or not 0 <= value <= LARGEST:
        raise FigureRefused(
            f"{value!r} cannot be drawn in {named.name}. Give a number from 0 to {LARGEST:g}."
        )


def check_text(named: Named, text: str, longest: int) -> None:
    """Raise `FigureRefused` for a text that is empty, too long, or has characters that nobody can read."""
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise FigureRefused(
            f"A text in the picture {named.name} is empty, longer than {longest} characters, or has some "
            "that cannot be printed. Give another one."
        )
