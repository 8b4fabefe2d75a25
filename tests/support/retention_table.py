"""The table in docs/retention.md, made from the data: `python -m tests.support.retention_table` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from luwte.desk.retention.rules import Mark, Row, Then
from luwte.desk.retention.table import shipped

DOCS = Path(__file__).resolve().parents[2] / "docs" / "retention.md"
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
MARKS = {
    Mark.READ: "read in a source",
    Mark.MEMORY: "from memory: a jurist must confirm it",
    Mark.CHOICE: "the authority's choice",
}


def line(row: Row) -> str:
    """Return the line of docs/retention.md for a row of the table."""
    if row.after is None:
        where = {Then.CASE: "with its case", Then.PERSON: "with the erased person", Then.KEEP: "stays"}
        return f"| `{row.model}` | {row.what} | {where[row.then]} | {row.why} |"
    bounds = f"least {row.least.text}" if row.least else ""
    bounds += f", most {row.most.text}" if row.most else ""
    done = "; its content is forgotten" if row.then == Then.FORGET else ""
    return (
        f"| `{row.model}` | {row.what} | {row.after.text} ({bounds}), from {row.counted}{done} "
        f"| {row.why} | {row.source} ({MARKS[row.mark]}) |"
    )


def lines() -> Iterator[str]:
    """Yield both tables: what has a term, and what goes with something else or stays."""
    yield from ("### With a term of its own", "")
    yield from ("| rows | what | kept for | why | source |", "|---|---|---|---|---|")
    yield from (line(row) for row in shipped().values() if row.after is not None)
    yield from ("", "### Without one", "", "| rows | what | goes | why |", "|---|---|---|---|")
    yield from (line(row) for row in shipped().values() if row.after is None)


def written(text: str) -> str:
    """Return `text` with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + "\n".join(lines()) + "\n\n" + END + after


if __name__ == "__main__":
    DOCS.write_text(written(DOCS.read_text()))
