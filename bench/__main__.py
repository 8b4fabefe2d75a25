"""Measure Luwte beside its peers and limits, P1 to P14; write docs/benchmarks.* and docs/decoder.*."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from bench import machine, shortfalls
from bench.conditions import METHOD
from bench.edits import EDITS
from bench.extent import FULL, QUICK
from bench.parts import BY_NAME_ALONE, PARTS
from bench.rows import Row, read_json, table, write_json, write_page

TOOLS = {
    "mke2fs": "e2fsprogs",
    "mkntfs": "ntfs-3g",
    "ntfscp": "ntfs-3g",
    "ewfacquire": "ewf-tools",
    "tsk_recover": "sleuthkit",
}


def main() -> None:
    """Run the bench as the command line says."""
    choices = _arguments()
    _require_tools()
    extent = QUICK if choices.quick else FULL
    parts = [choices.part] if choices.part else [part for part in PARTS if part not in BY_NAME_ALONE]
    earlier = [] if choices.quick else _earlier(choices.out)
    rows = [row for row in earlier if _part_of(row) not in parts]
    for row in itertools.chain.from_iterable(PARTS[part].measure(extent, choices) for part in parts):
        print(
            f"{row.id:15} {row.ours:9.4g} {row.ratio:9.3g}x  {row.target}: {'met' if row.met else 'missed'}"
        )
        rows.append(row)
    _write(choices.out, sorted(rows, key=_number), quick=choices.quick)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small inputs, few repetitions: a check, no figure"
    )
    parser.add_argument(
        "--entries", type=int, action="append", default=[], help="also search a list of this many"
    )
    parser.add_argument("--photos", type=Path, help="also measure on the JPEG files of this folder")
    parser.add_argument("--sources", type=_positive, help="edit this many pictures (P12)")
    parser.add_argument(
        "--each", type=_positive, default=len(EDITS), help="edit each in so many ways, by lot (P12; all)"
    )
    parser.add_argument("--gallery", type=_positive, help="look them up among this many (P12)")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "luwte-bench",
        help="where to keep what was asked, so that a run goes on where it was stopped (P12; %(default)s)",
    )
    parser.add_argument(
        "--part",
        choices=PARTS,
        help="measure one part alone, keep the other rows; largest (100 M entries, 14 GiB) only runs by name",
    )
    parser.add_argument("--out", type=Path, default=Path("docs"), help="the folder to write into (docs)")
    return parser.parse_args()


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _require_tools() -> None:
    missing = sorted({package for tool, package in TOOLS.items() if not _found(tool)})
    if missing:
        raise SystemExit(
            f"The bench needs programs that are not here. Install them: apt-get install {' '.join(missing)}"
        )


def _found(tool: str) -> bool:
    return shutil.which(tool) is not None or shutil.which(tool, path="/usr/sbin:/sbin") is not None


def _earlier(folder: Path) -> list[Row]:
    written = folder / "benchmarks.json"
    return read_json(written) if written.exists() else []


def _part_of(row: Row) -> str | None:
    """Return the part that measures `row`: the one with the longest beginning of its id."""
    owners = {start: name for name, part in PARTS.items() for start in part.rows if row.id.startswith(start)}
    return owners[max(owners, key=len)] if owners else None


def _number(row: Row) -> int:
    return int(row.id.partition("-")[0].removeprefix("P"))


def _write(folder: Path, rows: Sequence[Row], *, quick: bool) -> None:
    print("\n".join(["", *table(rows)]))
    if quick:
        print("\nA quick run is a check of the bench itself; nothing is written.")
        return
    write_json(folder / "benchmarks.json", rows)
    write_page(folder / "benchmarks.md", rows, [*machine.conditions(), *METHOD], shortfalls.paragraph(rows))


if __name__ == "__main__":
    main()
