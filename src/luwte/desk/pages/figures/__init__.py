"""Pictures of numbers for the pages: SVG that a screen reader can read, each with its table."""

from __future__ import annotations

from luwte.desk.pages.figures.bars import bars
from luwte.desk.pages.figures.distribution import distribution
from luwte.desk.pages.figures.lines import line
from luwte.desk.pages.figures.shares import shares
from luwte.desk.pages.figures.timeline import timeline
from luwte.desk.pages.figures.values import Due, Figure, FigureRefused, Named, Point

__all__ = [
    "Due",
    "Figure",
    "FigureRefused",
    "Named",
    "Point",
    "bars",
    "distribution",
    "line",
    "shares",
    "timeline",
]
