"""P6: what a scan costs as its files grow in number, and its clusters, and a search as the list grows."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench import images, lists, searching
from bench.processes import Run, run
from bench.rows import Row
from bench.turns import medians
from luwte.lab.recognition.clusters import AT_ONCE, BLOCK, Member, clusters
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.reference.hamming import HASH_BYTES, radius_search

STEPS = (1, 2, 4)
LIST = 1_000
LINEAR = 1.2
FLAT = 1.1
OVERHEAD = 2.0
MOST = 1.5e9
"""Bytes that a scan may hold at once, beside the index of its list."""


def file_rows(pictures: Sequence[bytes], files: int, folder: Path) -> Iterator[Row]:
    """Return how time and memory of a scan grow from `files` files to twice and four times as many."""
    home = folder / "home"
    bundle = lists.write(lists.columns(LIST, [], []), folder, home)
    once, twice, fourfold = (_scanned(pictures, step * files, bundle, home, folder) for step in STEPS)
    work = f"scan of {STEPS[-1] * files:,} pictures of 0.15 MP"
    later, earlier = (fourfold.cpu - twice.cpu) / 2, twice.cpu - once.cpu
    yield _row(
        "P6-files",
        f"{work}: CPU s for {files:,} more",
        f"the same from {files:,} to {2 * files:,}",
        (later, earlier),
        (f"<= {LINEAR}x", LINEAR),
    )
    for identifier, name, before, after in (
        ("P6-memory", "all processes", once.all, fourfold.all),
        ("P6-leading", "the leading process", once.leading, fourfold.leading),
    ):
        target = f"<= {FLAT}x, and <= {MOST / 1e9} GB"
        row = (f"{work}: most memory of {name} (MB)", "a quarter of the files", (after / 1e6, before / 1e6))
        yield _row(identifier, *row, (target, FLAT), within=after <= MOST)


def list_rows(sizes: Sequence[int], repetitions: int) -> Iterator[Row]:
    """Return how the time of one query grows from each list to the next one in `sizes`."""
    times = [1e6 / searching.own_rate(size, repetitions) for size in sizes]
    for before, after, shorter, longer in zip(sizes, sizes[1:], times, times[1:], strict=False):
        growth = after / before
        yield _row(
            f"P6-list-{_amount(after)}",
            f"search of one PDQ in {_amount(after)} entries (CPU microseconds)",
            f"in {_amount(before)} entries",
            (longer, shorter),
            (f"< {growth:g}x, as the list grew", growth),
        )


def cluster_row(files: int, repetitions: int) -> Row:
    """Return what putting `files` of one entry into clusters costs, where no two are near each other."""
    hashes = np.random.default_rng(5).integers(0, 256, (files, HASH_BYTES), dtype=np.uint8)
    members = [Member(row.tobytes(), row.tobytes()) for row in hashes]

    def pairs() -> None:
        for start in range(0, files, AT_ONCE):
            for block in range(start, files, BLOCK):
                radius_search(hashes[start : start + AT_ONCE], hashes[block : block + BLOCK], PDQ_RADIUS)

    if len(clusters(members)) != files:
        raise SystemExit("Files that are far from one another came into one cluster. Mend that first.")
    times = medians({"ours": lambda: clusters(members), "pairs": pairs}, repetitions)
    return _row(
        "P6-clusters",
        f"put {files:,} files of one entry, none near another, into clusters (CPU s)",
        "comparing all pairs once",
        (times["ours"], times["pairs"]),
        (f"<= {OVERHEAD}x", OVERHEAD),
    )


def _scanned(pictures: Sequence[bytes], files: int, bundle: Path, home: Path, folder: Path) -> Run:
    source, out = folder / "photos", folder / "out"
    source.mkdir()
    for number in range(files):
        content = images.numbered(pictures[number % len(pictures)], number)
        (source / f"IMG_{number:05d}.jpg").write_bytes(content)
    luwte = Path(sys.executable).with_name("luwte")
    took = run((luwte, "scan", source, "--reference", bundle, "--out", out), {"LUWTE_HOME": str(home)})
    shutil.rmtree(source)
    shutil.rmtree(out)
    return took


def _row(
    identifier: str,
    work: str,
    peer: str,
    values: tuple[float, float],
    target: tuple[str, float],
    *,
    within: bool = True,
) -> Row:
    ours, before = values
    ratio = ours / before
    return Row(identifier, work, peer, ours, before, None, ratio, target[0], ratio <= target[1] and within)


def _amount(entries: int) -> str:
    return f"{entries / 1e6:g}M"
