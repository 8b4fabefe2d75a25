"""docs/review-measured.md, its plot and its JSON, and the rows P12-review: every run that they need."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from bench.review_plots import plot, trade_off
from bench.review_runs import OURS, PEER, RIGOROUS, Measured
from bench.review_sections import GOAL, page, shares_of
from bench.review_values import Result
from bench.rows import Row
from luwte.base.files import write_bytes

NAME = "review-measured"


def rows(run: Measured) -> list[Row]:
    """Return the rows P12-review: against one look per match, and against two."""
    ours = run.steps[OURS]
    found = []
    for suffix, name in (("", PEER), ("-rigour", RIGOROUS)):
        peer = run.steps[name]
        ratio = peer.for_a_thousand / ours.for_a_thousand
        work = (
            f"minutes of review for 1,000 confirmed findings, two looks, {run.assumed.cases} drawn carriers;"
            f" {ours.findings:,} findings confirmed (peer {peer.findings:,})"
        )
        row = Row(
            f"P12-review{suffix}",
            work,
            name,
            ours.for_a_thousand,
            peer.for_a_thousand,
            None,
            ratio,
            f">= {GOAL}",
            ratio >= GOAL,
        )
        found.append(row)
    return found


def write(folder: Path, run: Measured, conditions: Iterable[str]) -> None:
    """Write the page, its plot and its JSON into `folder`."""
    write_bytes(folder / f"{NAME}.md", "\n".join(page(run, conditions)).encode())
    write_bytes(folder / f"{NAME}.svg", plot(run).encode())
    write_bytes(folder / f"{NAME}-floors.svg", trade_off(run).encode())
    write_bytes(folder / f"{NAME}.json", (json.dumps(_document(run), indent=1) + "\n").encode())


def _document(run: Measured) -> object:
    return {
        "assumed": asdict(run.assumed),
        "recall": dict(run.found),
        "chance matches an unknown picture": asdict(run.rates),
        "steps": {name: _figures(one) for name, one in run.steps.items()},
        "sets": [{"reasons": sorted(some)} | _figures(one) for some, one in run.sets.items()],
        "shares": shares_of(run),
        "minutes a day": {str(minutes): _figures(one) for minutes, one in run.minutes.items()},
        "near from": [
            {"near": near, "minutes a day": minutes} | _figures(one)
            for (near, minutes), one in run.nears.items()
        ],
        "floors": [{"floor": asdict(floor)} | _figures(one) for floor, one in run.floors.items()],
        "built": {name: _figures(one) for name, one in run.built.items()},
        "without": {name: _figures(one) for name, one in run.without.items()},
        "sweep": [
            {"name": name, "value": value, "peer": _figures(peer), "luwte": _figures(ours)}
            for name, value, peer, ours in run.sweep
        ],
    }


def _figures(one: Result) -> dict[str, object]:
    return asdict(one) | {
        "for_a_thousand": one.for_a_thousand,
        "for_a_thousand_files": one.for_a_thousand_files,
    }
