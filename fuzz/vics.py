"""VICS hash sets and cases, strict and with bad rows skipped."""

from __future__ import annotations

from fuzz.lists import read_list
from fuzz.scratch import written
from luwte.exchange.lists import ListOptions


def one(data: bytes) -> None:
    """Read `data` as a list that calls itself JSON."""
    path = written("list.json", data)
    read_list(path, ListOptions())
    read_list(path, ListOptions(skip_bad=True, categories=frozenset({"1", "2"})))
