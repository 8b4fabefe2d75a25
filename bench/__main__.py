"""Measure P1, P2, P4, P8 beside their peers and limits; write docs/benchmarks.md and docs/benchmarks.json."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import fingerprinting, handing, images, machine, pictures, reading, searching, shortfalls, telling
from bench.rows import Row, read_json, table, write_json, write_page

MEGABYTE = 1_000_000
TOOLS = {"mke2fs": "e2fsprogs", "mkntfs": "ntfs-3g", "ntfscp": "ntfs-3g", "ewfacquire": "ewf-tools"}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: repetitions, 12-megapixel pictures in P1 and in its fidelity, bytes an image,
    entries of a list, people to decide for, contacts to hand over."""

    repetitions: int
    peer_repetitions: int
    timed: int
    compared: int
    image_size: int
    entries: int
    people: int
    handed: int


METHOD = (
    "P1 and P2 are CPU seconds of one thread in one process; P4 is wall time with two cores free.",
    "P1 pictures are drawn from seeds, enlarged to 4032 x 3024, given sensor noise, saved as JPEG 85 4:2:0."
    " The peer decodes them whole and makes one PDQ; ours makes eight and also tells kind and size.",
    "P2: half of the queries are unrelated, half entries with 0 to 31 bits turned over. Ours answers 2,000"
    " at once, the peers 200. Answers are first compared with FAISS's brute force, pair by pair."
    " Ours is asked as often before as makes an index worth while; making it is not in the figure.",
    "P4: the page cache is warm. Rates count the bytes of the files; each file's SHA-256 is compared with"
    " its source first. The limit unpacks the same medium in order, half in each process, and drops it.",
    "P8: CPU time of the rules alone, in batches of the planner; P8-desk and P9: wall time through Django and"
    " SQLite with every commit on disk; the e-mails go nowhere, so what is timed is the record of them. These"
    " rows can be measured apart (`python -m bench --part telling`).",
    "P8: ten findings a person, wishes of every rhythm, quiet periods, earlier contacts, drawn from a seed."
    " CPU seconds of one process for the rules alone: no database is read or written.",
)

PARTS = {
    "fingerprinting": ("P1",),
    "searching": ("P2",),
    "reading": ("P4",),
    "telling": ("P8", "P9"),
}
"""The parts that can be measured apart, and the rows of each."""

FULL = Extent(
    7, 3, timed=8, compared=50, image_size=150 * MEGABYTE, entries=10_000_000, people=100_000, handed=400
)
QUICK = Extent(
    3, 1, timed=3, compared=6, image_size=30 * MEGABYTE, entries=200_000, people=10_000, handed=100
)


def main() -> None:
    """Run the bench as the command line says."""
    choices = _arguments()
    _require_tools()
    rows: list[Row] = []
    extent = QUICK if choices.quick else FULL
    if choices.part:
        rows = [
            row for row in read_json(choices.out / "benchmarks.json") if row.id[:2] not in PARTS[choices.part]
        ]
    for row in _measured(extent, choices):
        print(
            f"{row.id:15} {row.ours:9.4g} {row.ratio:9.3g}x  {row.target}: {'met' if row.met else 'missed'}"
        )
        rows.append(row)
    _write(choices.out, sorted(rows, key=lambda row: row.id[:2]), quick=choices.quick)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small inputs, few repetitions: a check, no figure"
    )
    parser.add_argument(
        "--entries", type=int, action="append", default=[], help="also search a list of this many"
    )
    parser.add_argument("--photos", type=Path, help="also compare PDQ on the JPEG files of this folder")
    parser.add_argument("--part", choices=PARTS, help="measure one part alone, keep the other rows")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="the folder to write into (docs)")
    return parser.parse_args()


def _require_tools() -> None:
    missing = sorted({package for tool, package in TOOLS.items() if not _found(tool)})
    if missing:
        raise SystemExit(
            f"The bench needs programs that are not here. Install them: apt-get install {' '.join(missing)}"
        )


def _found(tool: str) -> bool:
    return shutil.which(tool) is not None or shutil.which(tool, path="/usr/sbin:/sbin") is not None


def _measured(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    parts = [choices.part] if choices.part else list(PARTS)
    if "fingerprinting" in parts:
        yield from _fingerprinting(extent, choices.photos)
    if "searching" in parts:
        yield from _searching(extent, choices.entries)
    if "reading" in parts:
        yield from _reading(extent)
    if "telling" in parts:
        yield from _telling(extent)


def _fingerprinting(extent: Extent, photos: Path | None) -> Iterator[Row]:
    drawn = list(pictures.twelve_megapixels(extent.timed))
    yield from fingerprinting.rows(drawn, extent.repetitions)
    yield fingerprinting.fidelity_row(pictures.twelve_megapixels(extent.compared), "drawn, 12 MP", "P1-bits")
    if photos is not None:
        yield fingerprinting.fidelity_row(pictures.of_folder(photos, 1_000), "given photos", "P1-bits-photos")


def _searching(extent: Extent, more_entries: Sequence[int]) -> Iterator[Row]:
    yield searching.row("P2", extent.entries, extent.peer_repetitions, wrapper=False)
    yield searching.skewed_row(extent.entries, extent.peer_repetitions)
    yield searching.row("P2-short", extent.entries // 10, extent.repetitions, wrapper=True)
    for entries in more_entries:
        yield searching.row(f"P2-{entries // 1_000_000}M", entries, extent.peer_repetitions, wrapper=False)


def _reading(extent: Extent) -> Iterator[Row]:
    drawn = list(pictures.twelve_megapixels(extent.timed))
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        yield from reading.rows(
            list(_images(Path(folder), drawn, extent.image_size)), extent.repetitions, extent.peer_repetitions
        )


def _telling(extent: Extent) -> Iterator[Row]:
    yield from telling.rows(extent.people)
    yield from handing.rows(extent.handed)


def _images(folder: Path, drawn: Sequence[bytes], size: int) -> Iterator[reading.Image]:
    source = images.photo_folder(drawn, size, folder / "photos")
    for name, make in (("ext4", images.ext4_image), ("NTFS", images.ntfs_image)):
        yield reading.Image(name, images.acquire(make(source, folder / f"{name}.raw")), source)


def _write(folder: Path, rows: Sequence[Row], *, quick: bool) -> None:
    print("\n".join(["", *table(rows)]))
    if quick:
        print("\nA quick run is a check of the bench itself; nothing is written.")
        return
    write_json(folder / "benchmarks.json", rows)
    write_page(folder / "benchmarks.md", rows, [*machine.conditions(), *METHOD], shortfalls.paragraph(rows))


if __name__ == "__main__":
    main()
