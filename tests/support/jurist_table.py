"""The list in docs/jurisdictions.md, made from the data: `python -m tests.support.jurist_table` writes it."""

from __future__ import annotations

from pathlib import Path

from luwte.desk.rights.jurist import lines

DOCS = Path(__file__).resolve().parents[2] / "docs" / "jurisdictions.md"
BEGIN, END = "<!-- to confirm -->\n", "<!-- end of what is to confirm -->\n"


def written(text: str) -> str:
    """Return `text` with the list as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + "\n".join(lines()) + "\n" + END + after


if __name__ == "__main__":
    DOCS.write_text(written(DOCS.read_text()))
