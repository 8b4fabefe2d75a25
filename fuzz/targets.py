"""The targets: each a module of this package with `one(data)`, and a folder of examples beside them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

NAMES: Final = ("ewf", "vics", "csv_list", "bundle", "report", "decisions", "receipts", "witness")
CORPUS: Final = Path(__file__).parent / "corpus"

One = Callable[[bytes], None]
"""Reads `data` as its format, whole. Returns when it was read or refused; anything else is a finding."""


def load(name: str) -> One:
    """Return `one` of the target `name`. Imports the reader, so that it can be instrumented before."""
    one: One = import_module(f"fuzz.{name}").one
    return one


def examples(name: str) -> list[Path]:
    """Return the files of the corpus of the target `name`, in the order of their names."""
    return sorted(path for path in (CORPUS / name).iterdir() if path.is_file())
