"""A worklist in the formats that other tools of a lab read; one format a module, each with `write`.

What is written holds paths and stays in the lab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import IO

from luwte.exchange.rows import WorklistRow

__all__ = ["FORMATS", "Writer", "writer"]

FORMATS = {"jsonl": "jsonl", "csv": "csv_rows", "vics": "vics", "case": "case"}

Writer = Callable[[Iterable[WorklistRow], IO[bytes]], int]


def writer(name: str) -> Writer:
    """Return what writes format `name` (jsonl, csv, vics, case) and says how many rows it wrote."""
    found: Writer = import_module(f"luwte.exchange.exporters.{FORMATS[name]}").write
    return found
