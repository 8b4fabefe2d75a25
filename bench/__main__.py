"""Measure Luwte beside its peers and limits, P1 to P13; write docs/benchmarks.* and docs/decoder.*."""

from __future__ import annotations

import argparse
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import (
    carrier,
    cluster,
    codes,
    decoder,
    deep,
    exact,
    fingerprinting,
    growth,
    handing,
    images,
    keys,
    machine,
    pictures,
    reading,
    recognition,
    recognition_page,
    review_page,
    review_runs,
    searching,
    shortfalls,
    telling,
)
from bench.review_assumed import Assumed
from bench.rows import Row, read_json, table, write_json, write_page
from tests.support.nodes import NoCluster

MEGABYTE = 1_000_000
TOOLS = {
    "mke2fs": "e2fsprogs",
    "mkntfs": "ntfs-3g",
    "ntfscp": "ntfs-3g",
    "ewfacquire": "ewf-tools",
    "tsk_recover": "sleuthkit",
}


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: repetitions, 12-megapixel pictures in P1 and in its fidelity, bytes an image,
    entries of a list and of the largest one, digests of a list and how many are looked up, files of a carrier
    of large and of small pictures with those that the peer gets, files before they grow fourfold, bytes
    of a carrier for two machines, people to decide for, contacts to hand over, pictures that are edited in
    every way and those of the list that they are looked up in, pictures to rebuild, unknown pictures, large
    and small, with the references with codes that they are compared with, references with local codes,
    pictures whose edited copies are reviewed, the year of carriers that they are in, and people whose keys
    are wrapped anew."""

    repetitions: int
    peer_repetitions: int
    timed: int
    compared: int
    image_size: int
    entries: int
    largest: int
    digests: int
    looked_up: int
    large_files: tuple[int, int]
    small_files: tuple[int, int]
    growing_files: int
    shared_size: int
    people: int
    handed: int
    attacked: int
    sources: int
    gallery: int
    deep: tuple[int, int]
    deep_small: tuple[int, int]
    coded: int
    copied: int
    reviewed: Assumed
    rotated: int


DISTINCT_LARGE, DISTINCT, MOST_PHOTOS = 8, 40, 1_000
CODED_PICTURES = 40
SMALL = "pictures of 0.15 MP"
BY_NAME_ALONE = frozenset({"largest"})
"""Parts that only run when they are named: they need a machine with much memory to themselves."""

METHOD = (
    "P1 and P2 are CPU seconds of one thread in one process; P4 is wall time with two cores free.",
    "P1 pictures are drawn from seeds, enlarged to 4032 x 3024, given sensor noise, saved as JPEG 85 4:2:0."
    " The peer decodes them whole and makes one PDQ; ours makes eight and also tells kind and size.",
    "P2: half of the queries are unrelated, half entries with 0 to 31 bits turned over. Ours answers 2,000"
    " at once, the peers 200. Answers are first compared with FAISS's brute force, pair by pair."
    " Ours is asked as often before as makes an index worth while; making it is not in the figure.",
    "P2-largest needs a machine with 14 GiB free and runs only when it is named (`--part largest`); its row"
    " is that of the last such run.",
    "P3: half of what is asked is in the list. DuckDB has one thread, digests as two numbers, and the better"
    " of the two ways to join; SQLite has a shorter list. P3-scan goes the way of a scan, with Python's"
    " objects for each file.",
    "P4: the page cache is warm. Rates count the bytes of the files; each file's SHA-256 is compared with"
    " its source first. The limit unpacks the same medium in order, half in each process, and drops it.",
    "P5: `luwte scan` as a process, with its start, opening its list and all it writes; the peer is a plain"
    " script, one file after another, with reading its list and making its index. Both must find what was"
    " planted, ours in 8 variants. The peer gets fewer files; what it takes beside its index is scaled."
    " CPU time is compared too: what a peer that kept both cores busy would come to.",
    "P6: memory is what all processes hold at once, pages in common counted once, 20 times a second.",
    "P7: `luwte scan --ray` as a process, with its start; each node is a network namespace with one core, the"
    " leading machine another without. The better of the repetitions counts, in turn.",
    "P8: CPU time of the rules alone, in batches of the planner; P8-desk and P9: wall time through Django and"
    " SQLite with every commit on disk; the e-mails go nowhere, so what is timed is the record of them. These"
    " rows can be measured apart (`python -m bench --part telling`).",
    "P12-deep: `luwte scan` as a process, whole and with --fast-only, of so many pictures and of a quarter of"
    " them: what every scan takes falls out. All are unknown; the codes of the list are random bits.",
    "P8: ten findings a person, wishes of every rhythm, quiet periods, earlier contacts, drawn from a seed."
    " CPU seconds of one process for the rules alone: no database is read or written.",
    "P12-review: a drawn year of carriers through the project's own clusters, rejected pairs and queue; what"
    " is measured and what is assumed in it stands in docs/review-measured.md.",
    "P12: shares of edited copies that are found; by group of edits, with false pairs and look-alikes, in"
    " docs/recognition-measured.md. `python -m bench --part recognition --sources N --gallery N` measures"
    " it apart, --photos FOLDER also on photos.",
    "P13: CPU time through Django and SQLite with every step of 500 people on disk. The limit is what"
    " opening and wrapping their keys alone takes, in one process. Most of the rest is digests and the rows"
    " themselves. Memory is the process's peak.",
    "P12-index: forty pictures of the list are real; the codes of the others are drawn from values of real"
    " ones with noise of their covariance. What is asked is 128 codes upright and 128 mirrored. The peer"
    " compares sixteen codes and is scaled.",
)

FULL = Extent(
    7,
    3,
    timed=8,
    compared=50,
    image_size=150 * MEGABYTE,
    entries=10_000_000,
    largest=100_000_000,
    digests=50_000_000,
    looked_up=5_000_000,
    large_files=(1_200, 60),
    small_files=(4_000, 400),
    growing_files=2_000,
    shared_size=2_700 * MEGABYTE,
    people=100_000,
    handed=400,
    attacked=1_200,
    sources=200,
    gallery=1_200,
    deep=(200, 1_000),
    deep_small=(2_000, 1_000),
    coded=1_000_000,
    copied=12,
    reviewed=Assumed(),
    rotated=1_000_000,
)
QUICK = Extent(
    3,
    1,
    timed=3,
    compared=6,
    image_size=30 * MEGABYTE,
    entries=200_000,
    largest=1_000_000,
    digests=1_000_000,
    looked_up=100_000,
    large_files=(16, 8),
    small_files=(100, 50),
    growing_files=100,
    shared_size=30 * MEGABYTE,
    people=10_000,
    handed=100,
    attacked=60,
    sources=4,
    gallery=20,
    deep=(16, 100),
    deep_small=(100, 100),
    coded=20_000,
    copied=1,
    reviewed=Assumed(people=50, cases=40, references=5_000, unknown=500),
    rotated=5_000,
)


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
    parser.add_argument("--sources", type=int, help="edit this many pictures in every way (P12)")
    parser.add_argument("--gallery", type=int, help="look them up among this many (P12)")
    parser.add_argument(
        "--part",
        choices=PARTS,
        help="measure one part alone, keep the other rows; largest (100 M entries, 14 GiB) only runs by name",
    )
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


def _earlier(folder: Path) -> list[Row]:
    written = folder / "benchmarks.json"
    return read_json(written) if written.exists() else []


def _part_of(row: Row) -> str | None:
    """Return the part that measures `row`: the one with the longest beginning of its id."""
    owners = {start: name for name, part in PARTS.items() for start in part.rows if row.id.startswith(start)}
    return owners[max(owners, key=len)] if owners else None


def _number(row: Row) -> int:
    return int(row.id.partition("-")[0].removeprefix("P"))


def _fingerprinting(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    drawn = list(pictures.twelve_megapixels(extent.timed))
    yield from fingerprinting.rows(drawn, extent.repetitions)
    yield fingerprinting.fidelity_row(pictures.twelve_megapixels(extent.compared), "drawn, 12 MP", "P1-bits")
    if choices.photos is not None:
        given = pictures.of_folder(choices.photos, MOST_PHOTOS)
        yield fingerprinting.fidelity_row(given, "given photos", "P1-bits-photos")


def _searching(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    yield searching.row("P2", extent.entries, extent.peer_repetitions, wrapper=False)
    yield from searching.skewed_rows(extent.entries, extent.peer_repetitions)
    yield searching.row("P2-short", extent.entries // 10, extent.repetitions, wrapper=True)
    for entries in choices.entries:
        yield searching.row(f"P2-{entries // 1_000_000}M", entries, extent.peer_repetitions, wrapper=False)


def _largest(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    yield searching.largest_row("P2-largest", extent.largest)


def _exact(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    yield from exact.rows(extent.digests, extent.looked_up, extent.peer_repetitions)


def _reading(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    drawn = list(pictures.twelve_megapixels(extent.timed))
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        yield from reading.rows(
            list(_images(Path(folder), drawn, extent.image_size)), extent.repetitions, extent.peer_repetitions
        )


def _carrier(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    large = list(pictures.twelve_megapixels(DISTINCT_LARGE))
    cases = [
        carrier.Case("P5", "photos of 12 MP", large, *extent.large_files),
        carrier.Case("P5-small", SMALL, list(pictures.small(DISTINCT)), *extent.small_files),
    ]
    if choices.photos is not None:
        given = list(pictures.of_folder(choices.photos, MOST_PHOTOS))
        cases.append(carrier.Case("P5-photos", "given photos", given, len(given), len(given)))
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        yield from carrier.rows(cases, extent.entries, Path(folder))


def _deep(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    large = list(pictures.twelve_megapixels(DISTINCT_LARGE))
    cases = [
        deep.Case("P12-deep", "photos of 12 MP", large, *extent.deep),
        deep.Case("P12-deep-small", SMALL, list(pictures.small(DISTINCT)), *extent.deep_small),
    ]
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        yield from deep.rows(cases, Path(folder))


def _growth(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        yield from growth.file_rows(list(pictures.small(DISTINCT)), extent.growing_files, Path(folder))
    yield from growth.list_rows([extent.entries // part for part in (100, 10, 1)], extent.peer_repetitions)


def _cluster(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    drawn = list(pictures.twelve_megapixels(extent.timed))
    try:
        yield cluster.row(drawn, extent.shared_size, extent.peer_repetitions)
    except NoCluster as why:
        print(f"P7 is not measured: {why}")


def _telling(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    yield from telling.rows(extent.people)
    yield from handing.rows(extent.handed)


def _decoder(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    """Write a page of its own, docs/decoder.md: these figures have no peer and no limit, and so no row."""
    measured = {"drawn pictures": decoder.figures(list(decoder.drawn(extent.attacked)))}
    if choices.photos is not None:
        given = decoder.given(pictures.of_folder(choices.photos, extent.attacked))
        measured["given photos"] = decoder.figures(list(given))
    if not choices.quick:
        decoder.write(choices.out, measured)
    yield from ()


def _recognition(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    size = choices.sources or extent.sources, choices.gallery or extent.gallery
    runs = [recognition.measure(*size)]
    if choices.photos is not None:
        runs.append(recognition.measure(*size, choices.photos))
    if not choices.quick:
        recognition_page.write(choices.out, runs, machine.conditions())
    for run, suffix in zip(runs, ("", "-photos"), strict=False):
        yield from recognition_page.rows(run, suffix)


def _codes(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    kind = "drawn pictures" if choices.photos is None else "given photos"
    chosen = codes.photos(choices.photos, CODED_PICTURES)
    yield codes.row("P12-index", kind, chosen, extent.coded, extent.peer_repetitions)


def _review(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    run = review_runs.measure(choices.sources or extent.copied, extent.reviewed, sweeps=not choices.quick)
    if not choices.quick:
        review_page.write(choices.out, run, machine.conditions())
    yield from review_page.rows(run)


def _keys(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    yield from keys.rows(extent.rotated)


def _images(folder: Path, drawn: Sequence[bytes], size: int) -> Iterator[reading.Image]:
    source = images.photo_folder(drawn, size, folder / "photos")
    for name, make in (("ext4", images.ext4_image), ("NTFS", images.ntfs_image)):
        yield reading.Image(name, images.acquire(make(source, folder / f"{name}.raw")), source)


@dataclass(frozen=True, slots=True)
class Part:
    """What can be measured apart: how the ids of its `rows` begin, and what measures them."""

    rows: tuple[str, ...]
    measure: Callable[[Extent, argparse.Namespace], Iterator[Row]]


PARTS = {
    "fingerprinting": Part(("P1",), _fingerprinting),
    "searching": Part(("P2",), _searching),
    "largest": Part(("P2-largest",), _largest),
    "exact": Part(("P3",), _exact),
    "reading": Part(("P4",), _reading),
    "carrier": Part(("P5",), _carrier),
    "growth": Part(("P6",), _growth),
    "cluster": Part(("P7",), _cluster),
    "telling": Part(("P8", "P9"), _telling),
    "decoder": Part((), _decoder),
    "recognition": Part(("P12",), _recognition),
    "deep": Part(("P12-deep",), _deep),
    "codes": Part(("P12-index",), _codes),
    "review": Part(("P12-review",), _review),
    "keys": Part(("P13",), _keys),
}
"""The parts of the bench, in the order in which they run."""


def _write(folder: Path, rows: Sequence[Row], *, quick: bool) -> None:
    print("\n".join(["", *table(rows)]))
    if quick:
        print("\nA quick run is a check of the bench itself; nothing is written.")
        return
    write_json(folder / "benchmarks.json", rows)
    write_page(folder / "benchmarks.md", rows, [*machine.conditions(), *METHOD], shortfalls.paragraph(rows))


if __name__ == "__main__":
    main()
