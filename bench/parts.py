"""The parts of the bench: what each measures, and which rows it gives."""

from __future__ import annotations

import argparse
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
    filming,
    films_page,
    fingerprinting,
    growth,
    handing,
    images,
    keys,
    load,
    machine,
    onlooker,
    pictures,
    reading,
    recognition,
    recognition_page,
    review_page,
    review_runs,
    scanned,
    searching,
    telling,
)
from bench.extent import Extent
from bench.rows import Row
from tests.support.nodes import NoCluster

DISTINCT_LARGE, DISTINCT, MOST_PHOTOS = 8, 40, 1_000
CODED_PICTURES = 40
SMALL = "pictures of 0.15 MP"
BY_NAME_ALONE = frozenset({"largest"})
"""Parts that only run when they are named: they need a machine with much memory to themselves."""


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
    yield growth.cluster_row(extent.clustered, extent.peer_repetitions)


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
    sources, listed = choices.sources or extent.sources, choices.gallery or extent.gallery
    size = recognition.Size(sources, choices.each, max(sources, listed))
    try:
        runs = [recognition.measure(size, choices.cache)]
        if choices.photos is not None:
            runs.append(recognition.measure(size, choices.cache, choices.photos))
    except KeyboardInterrupt:
        raise SystemExit("Stopped. The same command goes on from here.") from None
    if not choices.quick:
        recognition_page.write(choices.out, runs, machine.conditions())
    for run, suffix in zip(runs, ("", "-photos"), strict=False):
        yield from recognition_page.rows(run, suffix)


def _wide(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    size = choices.sources or extent.sources, choices.gallery or extent.gallery
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        yield from scanned.rows(*size, Path(folder), choices.photos)


def _codes(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    kind = "drawn pictures" if choices.photos is None else "given photos"
    chosen = codes.photos(choices.photos, CODED_PICTURES)
    for references in extent.coded:
        name = "P12-index" if references == extent.coded[0] else f"P12-index-{references // 1_000_000}M"
        if within := codes.parts(references):
            yield codes.row(name, kind, chosen, references, extent.peer_repetitions, within)
        else:
            print(
                f"{name} is not measured: {references:,} references do not fit into the memory that is free"
            )


def _review(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    run = review_runs.measure(choices.sources or extent.copied, extent.reviewed, sweeps=not choices.quick)
    if not choices.quick:
        review_page.write(choices.out, run, machine.conditions())
    yield from review_page.rows(run)


def _films(extent: Extent, choices: argparse.Namespace) -> Iterator[Row]:
    found = filming.measure(choices.sources or extent.films)
    if not choices.quick:
        films_page.write(choices.out, found, machine.conditions())
    yield from films_page.rows(found)


def _keys(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    yield from keys.rows(extent.rotated)


def _onlooker(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    yield from onlooker.rows(extent.watched)


def _load(extent: Extent, _: argparse.Namespace) -> Iterator[Row]:
    yield from load.rows(extent.crowd, extent.embedded_crowd)


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
    "load": Part(("P10",), _load),
    "decoder": Part((), _decoder),
    "recognition": Part(("P12",), _recognition),
    "wide": Part(("P12-wide", "P12-scan"), _wide),
    "deep": Part(("P12-deep",), _deep),
    "codes": Part(("P12-index",), _codes),
    "review": Part(("P12-review",), _review),
    "keys": Part(("P13",), _keys),
    "onlooker": Part(("P14",), _onlooker),
    "films": Part(("P12-films",), _films),
}
"""The parts of the bench, in the order in which they run."""
