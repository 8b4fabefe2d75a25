"""The table of planted bugs in docs/proof.md; `python -m tests.model.table` measures and writes it anew."""

from __future__ import annotations

from pathlib import Path

from tests.model.mutants import MUTANTS, caught
from tests.model.planting import Mutant

PAGE = Path(__file__).resolve().parents[2] / "docs" / "proof.md"
HEAD = "| invariant | planted bug | caught by |\n| --- | --- | --- |\n"
FEW = 600
WAYS = {"reference": frozenset({"reference"}), "invariants": frozenset({"invariants"})}


def noticed(mutant: Mutant, way: str) -> bool:
    """Return whether the reference alone, or the invariants alone (in fewer histories), notice the bug."""
    return bool(caught(mutant, WAYS[way]) if way == "reference" else caught(mutant, WAYS[way], FEW))


def rows(page: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the rows of the table: the invariant, the planted bug, what catches it."""
    found = []
    for line in page.partition(HEAD)[2].splitlines():
        if not line.startswith("| T"):
            break
        breaks, name, by = (part.strip() for part in line.strip("|").split("|"))
        found.append((breaks, name, tuple(by.split(", "))))
    return found


def main() -> None:
    """Write the table."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, after = page.partition(HEAD)
    kept = after[after.index("\n\n") :] if "\n\n" in after else "\n"
    lines = [
        f"| {one.breaks} | {one.name} | {', '.join(way for way in WAYS if noticed(one, way))} |"
        for one in MUTANTS
    ]
    PAGE.write_text(before + HEAD + "\n".join(lines) + kept, encoding="utf-8")


if __name__ == "__main__":
    main()
