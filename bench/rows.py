"""One measured row, and how rows are written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from luwte.base.files import write_bytes

COLUMNS = ("id", "work", "peer", "ours", "peer value", "limit", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Row:
    """A target and what was measured; `work` ends with the unit of `ours`, `peer_value` and `limit`."""

    id: str
    work: str
    peer: str
    ours: float
    peer_value: float | None
    limit: float | None
    ratio: float
    target: str
    met: bool


def named(rates: Mapping[str, float]) -> tuple[str, float]:
    """Return the peers as a row names them, the fastest first, and the rate of the fastest."""
    (first, best), *others = sorted(rates.items(), key=lambda pair: -pair[1])
    rest = ", ".join(f"{name} {rate:,.0f}" for name, rate in others)
    return f"{first}; {rest}" if rest else first, best


def write_json(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows to `path` as a JSON list of objects, one a row."""
    write_bytes(path, (json.dumps([asdict(row) for row in rows], indent=1) + "\n").encode())


def read_json(path: Path) -> list[Row]:
    """Return the rows that were written to `path`."""
    return [Row(**row) for row in json.loads(path.read_text())]


def write_page(path: Path, rows: Sequence[Row], conditions: Sequence[str], shortfalls: str) -> None:
    """Write the rows to `path` as a page: one table, what falls short and why, how it was measured."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Luwte, its peers and the physical limits are measured on the same inputs,",
        "in turn, in one run; each value is the median of its repetitions.",
        "",
        *table(rows),
        "",
        "## What falls short",
        "",
        shortfalls,
        "",
        "## Conditions",
        "",
        *(f"- {condition}" for condition in conditions),
        "",
    ]
    write_bytes(path, "\n".join(lines).encode())


def table(rows: Sequence[Row]) -> list[str]:
    """Return the rows as the lines of a Markdown table."""
    return [_line(COLUMNS), _line(["---"] * len(COLUMNS)), *(_line(_cells(row)) for row in rows)]


def _cells(row: Row) -> list[str]:
    return [
        row.id,
        row.work,
        row.peer,
        _number(row.ours),
        _number(row.peer_value),
        _number(row.limit),
        _number(row.ratio),
        row.target,
        "yes" if row.met else "no",
    ]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
