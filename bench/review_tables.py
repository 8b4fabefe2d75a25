"""How results of review are written in tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bench.review_values import Result

HEAD = (
    "way",
    "min / 1,000 findings",
    "min / 1,000 files",
    "looks",
    "findings",
    "only by review",
    "files",
    "days, median / p95",
    "unheard",
    "waiting",
    "unfound",
    "refused",
    "told wrongly",
)


def results(named: Mapping[str, Result]) -> Iterator[str]:
    """Give a table of results by name."""
    yield from table(HEAD, [[name, *_cells(one)] for name, one in named.items()])


def _cells(one: Result) -> list[str]:
    median, late = one.days
    return [
        whole(one.for_a_thousand),
        whole(one.for_a_thousand_files),
        whole(one.looks),
        whole(one.findings),
        whole(one.by_review),
        whole(one.files),
        f"{median:.1f} / {late:.1f}",
        *map(whole, (one.unheard, one.waiting, one.unfound, one.refused, one.wrongly)),
    ]


def whole(value: float) -> str:
    """Return a number without decimals."""
    return f"{value:,.0f}"


def times(before: Result, after: Result) -> str:
    """Return how many times fewer minutes `after` takes."""
    return f"{before.for_a_thousand / max(after.for_a_thousand, 1e-9):.1f}"


def factor(before: Result, after: Result) -> str:
    """Return how many times as many minutes `after` takes."""
    return f"{after.for_a_thousand / max(before.for_a_thousand, 1e-9):.1f}"


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give the lines of a Markdown table."""
    for cells in (head, ["---"] * len(head), *body):
        yield "| " + " | ".join(cells) + " |"
    yield ""
