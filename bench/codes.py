"""P12-index: local codes of a long list that a picture is looked up in, upright and mirrored."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.rows import Row
from bench.turns import medians
from luwte.demo.pictures import draw
from luwte.lab.fingerprints.keypoints import Keypoints, best, find_keypoints
from luwte.lab.fingerprints.local_codes import CODE_BYTES, MOST_CODES, LocalCodes, Rotation
from luwte.lab.reference import codes_numpy
from luwte.lab.reference.codes import ASKED, CODE_RADIUS, CodeList

SEED = bytes(range(32))
MOST_MILLISECONDS = 50
"""For a picture in a million references; in a longer list as much for each million."""
MILLION = 1_000_000
BYTES_A_CODE = 40
"""What codes and index may take of each: 2.6 GB for a million references of 64."""
BYTES_BESIDE = 1_500_000_000
"""What the bench itself takes at most, with the peer."""
PEERS_MOST = 16_000_000
"""Codes that the peer compares with; what it takes grows with their number."""
LEAST_FOUND = 0.95
OWN = 0.7
"""The share of a synthetic code that is a real one; the rest is noise of the same covariance. With it as many
codes lie within 14 bits of a real code as in a list of photos, or more."""
AT_ONCE = 1 << 12
NOISES = 100_000
PEERS_AT_ONCE = 16
Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Listed:
    """Columns as a bundle holds them."""

    codes: NDArray[np.uint8]
    coded_entry: NDArray[np.uint32]
    coded_count: NDArray[np.uint8]
    coded_frame: NDArray[np.uint8]
    rotation: NDArray[np.uint8]


def photos(folder: Path | None, count: int) -> list[Grey]:
    """Return `count` grey pictures, drawn or of `folder`: the photos that descriptors.py leaves."""
    if folder is None:
        return [np.asarray(draw(seed).convert("L")) for seed in range(1_000, 1_000 + count)]
    paths = sorted(folder.glob("*.jpg"))[1::2][:count]
    return [np.asarray(Image.open(path).convert("L")) for path in paths]


def parts(references: int) -> int:
    """Return in how many parts a list of so many is measured here without swapping; 0: not in two either."""
    facts = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
    free = 1024 * int(facts["MemAvailable"].split()[0]) - BYTES_BESIDE
    needed = references * MOST_CODES * BYTES_A_CODE
    return next((count for count in (1, 2) if needed <= count * free), 0)


def row(
    identifier: str, label: str, pictures: Sequence[Grey], references: int, repetitions: int, within: int = 1
) -> Row:
    """Return the row of a list of `references`, of which the first are `pictures` and the others synthetic.

    The pictures are cut to 70 % of their area and saved as JPEG 40 before they are looked up. A list `within`
    two parts is made and asked part by part, as two nodes would; what both take is added up.
    """
    found = [find_keypoints(grey) for grey in pictures]
    edited = [find_keypoints(_edited(grey, number)) for number, grey in enumerate(pictures)]
    measured = [_part(found, edited, references // within, repetitions, part) for part in range(within)]
    right = np.mean(measured[0].right)
    build, held = sum(one.build for one in measured), sum(one.held for one in measured)
    taken: NDArray[np.float64] = np.sum([one.taken for one in measured], axis=0)
    ours = float(np.median(taken.mean(axis=1)))
    middle, slow = np.percentile(taken, (50, 95))
    peer = sum(one.peer for one in measured)
    most = MOST_MILLISECONDS * max(1, references // MILLION)
    halves = "" if within == 1 else f" in {within} parts, one after the other"
    return Row(
        identifier,
        f"look a picture up in {references:,} references of {MOST_CODES} local codes{halves}, as it is and"
        f" mirrored; {label} cut to 70 % and saved as JPEG 40 found: {right:.1%}; index made in"
        f" {build:.1f} CPU s, {held / 1e9:.2f} GB with the codes; median {middle:.1f} ms, p95 {slow:.1f} ms"
        " (CPU ms a picture, mean)",
        "FAISS IndexBinaryFlat",
        ours,
        peer,
        None,
        peer / ours,
        f"<= {most} ms, <= {BYTES_A_CODE} B a code, >= {LEAST_FOUND:.0%} found",
        ours <= most
        and held <= BYTES_A_CODE * sum(one.codes for one in measured)
        and bool(right >= LEAST_FOUND),
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """One part: which pictures were found, CPU seconds to make it, bytes, number of codes, CPU ms of each
    picture (repetitions, pictures), and the peer's ms."""

    right: list[bool]
    build: float
    held: int
    codes: int
    taken: NDArray[np.float64]
    peer: float


def _part(
    found: Sequence[Keypoints], edited: Sequence[Keypoints], references: int, repetitions: int, part: int
) -> _Measured:
    rotation = Rotation(SEED)
    real = [rotation.encode(one) for one in found] if part == 0 else []
    listed = _listed(real, found, rotation, references, part)
    before = _resident()
    searched = CodeList(listed)
    start = time.process_time()
    searched.find(edited[0])
    build = time.process_time() - start
    held = listed.codes.nbytes + _resident() - before
    right = [any(one.entry == entry for one in searched.find(asked)) for entry, asked in enumerate(edited)]
    if part == 0:
        _assert_same(searched, listed, rotation, edited[0])
    taken = _milliseconds(searched, edited, repetitions)
    return _Measured(right, build, held, len(listed.codes), taken, _peer(listed, rotation, edited[0]))


def _milliseconds(searched: CodeList, asked: Sequence[Keypoints], repetitions: int) -> NDArray[np.float64]:
    """Return the CPU time of each picture (repetitions, pictures)."""
    taken = np.zeros((repetitions, len(asked)))
    for place in np.ndindex(taken.shape):
        start = time.process_time()
        searched.find(asked[place[1]])
        taken[place] = 1000 * (time.process_time() - start)
    return taken


def _listed(
    real: Sequence[LocalCodes], found: Sequence[Keypoints], rotation: Rotation, references: int, part: int
) -> Listed:
    counts = np.full(references, MOST_CODES, np.uint8)
    frames = np.full((references, 2), (128, 96), np.uint8)
    for entry, one in enumerate(real):
        counts[entry], frames[entry] = len(one), (one.width, one.height)
    codes = np.zeros((int(counts.sum(dtype=np.int64)), CODE_BYTES), np.uint8)
    first = sum(len(one) for one in real)
    if real:
        codes[:first] = np.concatenate([one.codes for one in real])
    descriptors = np.concatenate([best(one, MOST_CODES).descriptors for one in found])
    for start, bits in zip(
        range(first, len(codes), AT_ONCE), _synthetic(rotation.values(descriptors), part), strict=False
    ):
        codes[start : start + AT_ONCE, :16] = bits[: len(codes) - start]
    entries = np.arange(references, dtype=np.uint32)
    return Listed(codes, entries, counts, frames, np.frombuffer(SEED, np.uint8))


def _synthetic(values: NDArray[np.float64], part: int) -> Iterator[NDArray[np.uint8]]:
    """Give bits without end, AT_ONCE at a time: real values, each with noise that spreads as they do."""
    dice = np.random.default_rng(61 + part)
    covariance = np.cov(values.T) + 1e-9 * np.eye(values.shape[1])
    noise = dice.standard_normal((NOISES, values.shape[1])) @ np.linalg.cholesky(covariance).T
    real: Floats = (values * OWN**0.5).astype(np.float32)
    strewn: Floats = (noise * (1 - OWN) ** 0.5).astype(np.float32)
    while True:
        made = real[dice.integers(0, len(real), AT_ONCE)] + strewn[dice.integers(0, NOISES, AT_ONCE)]
        yield np.packbits(made > 0, axis=1)


def _edited(grey: Grey, number: int) -> Grey:
    height, width = (round(side * 0.7**0.5) for side in grey.shape)
    dice = np.random.default_rng(number)
    top, left = (
        int(dice.integers(0, whole - part + 1))
        for whole, part in zip(grey.shape, (height, width), strict=True)
    )
    target = BytesIO()
    Image.fromarray(grey[top : top + height, left : left + width]).save(target, "JPEG", quality=40)
    return np.asarray(Image.open(target))


def _assert_same(searched: CodeList, listed: Listed, rotation: Rotation, asked: Keypoints) -> None:
    """The index must give what the readable twin gives that compares all pairs, of a part of the list."""
    part, bits = 2_000, rotation.bits(best(asked, ASKED).descriptors)
    counts = listed.coded_count[:part]
    codes = np.ascontiguousarray(listed.codes[: int(counts.sum(dtype=np.int64))])
    plain = codes_numpy.Codes(codes, counts).best(bits, CODE_RADIUS, 1)
    first = next(one for one in searched.find(asked) if not one.mirrored)
    if (first.entry, first.votes) != (int(plain[0][0]), int(plain[1][0])):
        raise AssertionError("the index does not find what a comparison of all pairs finds")


def _peer(listed: Listed, rotation: Rotation, asked: Keypoints) -> float:
    """Return what FAISS's brute force takes for as many codes, in ms; measured on some of both."""
    faiss.omp_set_num_threads(1)
    codes = np.ascontiguousarray(listed.codes[:PEERS_MOST, :16])
    index = faiss.IndexBinaryFlat(128)
    index.add(codes)
    bits = rotation.bits(asked.descriptors[:PEERS_AT_ONCE])
    seconds = medians({"flat": lambda: index.range_search(bits, CODE_RADIUS + 1)}, 1)["flat"]
    scale = len(listed.codes) / len(codes) * min(ASKED, len(asked)) / len(bits)
    return 1000 * seconds * 2 * scale


def _resident() -> int:
    """Return how many bytes of this process are in memory now."""
    facts = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return 1024 * int(facts["VmRSS"].split()[0])
