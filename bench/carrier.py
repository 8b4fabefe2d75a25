"""P5: one whole carrier, from its image to a report, against the field's own parts in a row (field.py)."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import field, images, lists
from bench.processes import Run, run
from bench.rows import Row
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.scan.worklist import read_rows

IDENTICAL, NEAR = 5, 3
"""How many files have their MD5 in the list, and how many pictures a PDQ within `BITS` bits of their own."""
BITS = 10
TARGET = 20
MOST, INDEX, INDEX_AN_ENTRY = 1_500_000_000, 1 << 29, 44
"""Bytes that a scan may hold beside its list and the index of it, and what that index takes (decision 14)."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is scanned: so many `files` made of `pictures`; the peer gets `peer_files` of them."""

    id: str
    name: str
    pictures: Sequence[bytes]
    files: int
    peer_files: int


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of wall time and of processor time."""

    wall: float
    cpu: float


def rows(cases: Sequence[Case], entries: int, folder: Path) -> Iterator[Row]:
    """Return the rows of `cases`, all compared with one list of `entries` entries made in `folder`."""
    home = folder / "home"
    near = [_turned_over(_code(picture)) for case in cases for picture in case.pictures[:NEAR]]
    identical = [_md5(images.numbered(_picture(case, one), one)) for case in cases for one in _identical()]
    bundle = lists.write(lists.columns(entries, identical, near), folder, home)
    for number, case in enumerate(cases):
        yield from _rows(case, bundle, entries, home, folder / str(number))


def _rows(case: Case, bundle: Path, entries: int, home: Path, folder: Path) -> Iterator[Row]:
    image = _image(case, case.files, folder / "whole")
    short = _image(case, case.peer_files, folder / "short")
    carved = _scan(image, bundle, home, folder / "carved")
    plain = _scan(image, bundle, home, folder / "plain", "--no-carve")
    peer = _peer(short, bundle.parent, case)
    _assert_found(case, folder, bundle.parent)
    work = f"{case.files:,} {case.name} on an E01 of ext4, compared with {entries / 1e6:g} M entries"
    yield _row(case.id, f"{work} (s of wall time, 2 cores)", carved.wall, peer.wall, case)
    yield _row(f"{case.id}-cpu", f"{work} (CPU s)", carved.cpu, peer.cpu, case)
    yield _row(f"{case.id}-plain", f"{work}, without carving (s of wall time)", plain.wall, peer.wall, case)
    yield _memory_row(case, f"{work}: most memory at once (MB)", carved, bundle, entries)
    shutil.rmtree(folder)


def _memory_row(case: Case, work: str, took: Run, bundle: Path, entries: int) -> Row:
    most = MOST + bundle.stat().st_size + INDEX + INDEX_AN_ENTRY * entries
    ratio = took.all / most
    name = "<= 1.5 GB, the list and its index"
    return Row(f"{case.id}-memory", work, "none", took.all / 1e6, None, most / 1e6, ratio, name, ratio <= 1)


def _row(identifier: str, work: str, ours: float, peer: float, case: Case) -> Row:
    measured = "" if case.peer_files == case.files else f", {case.peer_files} files of it and scaled"
    return Row(
        identifier,
        work,
        f"tsk_recover, hashlib, threatexchange, FAISS{measured}",
        ours,
        peer,
        None,
        peer / ours,
        f">= {TARGET}x the peer",
        peer >= TARGET * ours,
    )


def _image(case: Case, files: int, folder: Path) -> Path:
    source = folder / "photos"
    source.mkdir(parents=True)
    for number in range(files):
        (source / _name(number)).write_bytes(images.numbered(_picture(case, number), number))
    image = images.acquire(images.ext4_image(source, folder / "carrier.raw"))
    shutil.rmtree(source)
    return image


def _scan(image: Path, bundle: Path, home: Path, out: Path, *asked: str) -> Run:
    command = (
        Path(sys.executable).with_name("luwte"),
        "scan",
        image,
        "--reference",
        bundle,
        "--out",
        out,
        *asked,
    )
    return run(command, {"LUWTE_HOME": str(home)})


def _peer(image: Path, folder: Path, case: Case) -> Took:
    """Return what the peer takes for all files: the index once, and for each file its share of the rest."""
    shutil.rmtree(folder / "recovered", ignore_errors=True)
    took = run((sys.executable, "-m", "bench.field", image, folder), {"PYTHONPATH": str(Path.cwd())})
    index = field.Times(**json.loads((folder / field.TIMES).read_text()))
    scale = case.files / case.peer_files
    return Took(index.wall + scale * (took.wall - index.wall), index.cpu + scale * (took.cpu - index.cpu))


def _assert_found(case: Case, folder: Path, listed: Path) -> None:
    """Both must find what was planted and nothing else, or the times would be worth nothing."""
    identical = {_name(number) for number in _identical()}
    for out in ("carved", "plain"):
        found = list(read_rows(folder / out))
        _assert_same({_last(row.path) for row in found if row.verdict == "identical"}, identical, "luwte")
        _assert_same(
            {_last(row.path) for row in found if row.verdict != "unknown"} - identical,
            _near(case, case.files) - identical,
            "luwte",
        )
    theirs = field.found(listed)
    _assert_same(theirs[0], identical, "the peer")
    _assert_same(theirs[1], _near(case, case.peer_files), "the peer")


def _assert_same(found: set[str], planted: set[str], who: str) -> None:
    if found != planted:
        raise AssertionError(f"{who} found {len(found)} files where {len(planted)} are planted")


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _name(number: int) -> str:
    return f"IMG_{number:05d}.jpg"


def _picture(case: Case, number: int) -> bytes:
    return case.pictures[number % len(case.pictures)]


def _identical() -> range:
    """The numbers of the files whose MD5 is in the list; of none of them the PDQ is."""
    return range(NEAR, NEAR + IDENTICAL)


def _near(case: Case, files: int) -> set[str]:
    """The names of the files whose PDQ is close to one in the list."""
    return {_name(number) for number in range(files) if number % len(case.pictures) < NEAR}


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content).digest()


def _code(picture: bytes) -> bytes:
    code = fingerprint_bytes(picture).pdq
    if code is None:
        raise ValueError("a picture of the bench cannot be decoded")
    return code


def _turned_over(code: bytes) -> bytes:
    """Return the code with `BITS` of its bits turned over."""
    return (int.from_bytes(code, "big") ^ ((1 << BITS) - 1) << 100).to_bytes(32, "big")
