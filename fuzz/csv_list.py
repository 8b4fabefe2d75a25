"""CSV and plain lists, strict and with bad rows skipped."""

from __future__ import annotations

from fuzz.lists import read_list
from fuzz.scratch import written
from luwte.exchange.lists import ListOptions


def one(data: bytes) -> None:
    """Read `data` as a list that calls itself CSV, and as one without such a name."""
    read_list(written("list.csv", data), ListOptions())
    read_list(written("list.txt", data), ListOptions(skip_bad=True, long_kind="pdq"))
