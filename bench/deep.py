"""P12: what the deep pass takes of the processor for each unknown picture, against the fast one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from statistics import median

import numpy as np

from bench import images
from bench.processes import run
from bench.rows import Row
from luwte.base.clock import SystemClock
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import seal_bundle
from luwte.exchange.entries import Entry
from luwte.exchange.home import Home
from luwte.exchange.report import read_report

MOST = 0.8
_TIMES = 3
_PART = 4  # the smaller carrier has so many times fewer files: what every scan takes falls out


@dataclass(frozen=True, slots=True)
class Case:
    """What is scanned: `files` files made of `pictures`, with a list of `references` coded entries."""

    id: str
    name: str
    pictures: Sequence[bytes]
    files: int
    references: int


def rows(cases: Sequence[Case], folder: Path) -> Iterator[Row]:
    """Return the rows of `cases`; nothing on their carriers is in the list: all is looked at twice."""
    for case in cases:
        home = folder / case.id / "home"
        bundle = _list(case.references, folder / case.id, home)
        sizes = case.files // _PART, case.files
        few, many = (_taken(case, files, bundle, home, folder / case.id) for files in sizes)
        fast, deep = (1000 * (many[part] - few[part]) / (sizes[1] - sizes[0]) for part in range(2))
        unknown = f"{case.files:,} unknown {case.name} on an E01, {case.references:,} references with codes"
        work, ratio = f"{unknown}: CPU ms a picture for the deep pass", deep / fast
        yield Row(case.id, work, "the fast pass", deep, fast, None, ratio, f"<= {MOST} of it", ratio <= MOST)


def _taken(case: Case, files: int, bundle: Path, home: Path, folder: Path) -> tuple[float, float]:
    """Return the CPU seconds of the fast pass, and what the deep pass adds: medians of scans in turn."""
    source = folder / "photos"
    source.mkdir(parents=True)
    for number in range(files):
        (source / f"{number:06}.jpg").write_bytes(
            images.numbered(case.pictures[number % len(case.pictures)], number)
        )
    image = images.acquire(images.ext4_image(source, folder / "carrier.raw"))
    taken = [_in_turn(image, bundle, home, folder) for _ in range(_TIMES)]
    report = read_report(folder / "deep" / "report.lwreport", Home.open(home).trusted())
    if report.coverage.closely != files:
        raise AssertionError(
            f"{report.coverage.closely} pictures were looked at closely where {files} are unknown"
        )
    for name in ("photos", "fast", "deep"):
        shutil.rmtree(folder / name)
    for segment in folder.glob("carrier.E*"):
        segment.unlink()
    fast, deep = (median(part) for part in zip(*taken, strict=True))
    return fast, deep


def _in_turn(image: Path, bundle: Path, home: Path, folder: Path) -> tuple[float, float]:
    for name in ("fast", "deep"):
        shutil.rmtree(folder / name, ignore_errors=True)
    fast = _scan(image, bundle, home, folder / "fast", "--fast-only")
    return fast, _scan(image, bundle, home, folder / "deep") - fast


def _scan(image: Path, bundle: Path, home: Path, out: Path, *asked: str) -> float:
    """Scan `image` as its users do, with what is `asked`, and return the CPU seconds of all its processes."""
    luwte = Path(sys.executable).with_name("luwte")
    command = (luwte, "scan", image, "--reference", bundle, "--out", out, *asked)
    return run(command, {"LUWTE_HOME": str(home)}).cpu


def _list(references: int, folder: Path, home: Path) -> Path:
    """Write a list of `references` entries with codes of random bits and random places; return the bundle."""
    dice = np.random.default_rng(12)
    builder = ColumnBuilder()
    keeper = Home.open(home)
    for number in range(references):
        codes = dice.integers(0, 128, (64, 20), np.uint8)
        codes[:, :16] = dice.integers(0, 256, (64, 16), np.uint8)
        entry = Entry(f"{number:032x}", "bench", sha256=sha256(number.to_bytes(8)).digest())
        builder.add(replace(entry, codes=bytes((128, 96)) + codes.tobytes()), keeper.rotation_seed)
    bundle = folder / "list.lwref"
    seal_bundle(bundle, builder.finish(), keeper, SystemClock())
    return bundle
