"""P4: every file of a compressed E01, read to its end."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyewf
import pytsk3
from isal import isal_zlib

from bench.rows import Row
from bench.turns import medians
from luwte.lab.carriers import open_carrier
from luwte.lab.carriers.carving import Limits
from luwte.lab.carriers.ewf import open_ewf
from luwte.lab.carriers.sifting import sifted

CHUNK = 32_768
READ_AT_ONCE = 1 << 20
CORES = 2


@dataclass(frozen=True, slots=True)
class Image:
    """An E01 with one file system, and the folder whose files it holds."""

    name: str
    path: Path
    source: Path

    @property
    def bytes_of_files(self) -> int:
        """Return the size of all files together."""
        return sum(path.stat().st_size for path in self.source.iterdir())


def rows(images: list[Image], repetitions: int, peer_repetitions: int) -> list[Row]:
    """Return the row P4 over all images together, P4-limit, and a row for each image."""
    for image in images:
        _assert_whole(image)
    measured = {image.name: _times(image, repetitions, peer_repetitions) for image in images}
    total = sum(image.bytes_of_files for image in images) / 1e6
    together = {
        way: total / sum(times[way] for times in measured.values())
        for way in ("ours", "carving", "peer", "limit")
    }
    names = " and ".join(image.name for image in images)
    result = [
        _against_peer("P4", names, together),
        _against_limit(names, together),
        _carving(names, together),
    ]
    for image in images:
        size = image.bytes_of_files / 1e6
        rates = {way: size / seconds for way, seconds in measured[image.name].items()}
        result.append(_against_peer(f"P4-{image.name.lower()}", image.name, rates))
    return result


def _against_peer(identifier: str, names: str, rates: dict[str, float]) -> Row:
    ratio = rates["ours"] / rates["peer"]
    return Row(
        identifier,
        _work(names),
        "pytsk3 + pyewf",
        rates["ours"],
        rates["peer"],
        rates["limit"],
        ratio,
        ">= 10x the peer",
        ratio >= 10,
    )


def _against_limit(names: str, rates: dict[str, float]) -> Row:
    ratio = rates["ours"] / rates["limit"]
    return Row(
        "P4-limit",
        _work(names),
        f"inflate in order, isal, {CORES} processes",
        rates["ours"],
        None,
        rates["limit"],
        ratio,
        ">= 0.8 of the limit",
        ratio >= 0.8,
    )


def _carving(names: str, rates: dict[str, float]) -> Row:
    """The cost of carving: the limit is what ours reads without it; the peer carves nothing."""
    ratio = rates["carving"] / rates["peer"]
    return Row(
        "P4-carve",
        _work(names).replace("read all files", "read all files and carve"),
        "pytsk3 + pyewf, without carving",
        rates["carving"],
        rates["peer"],
        rates["ours"],
        ratio,
        ">= 10x the peer",
        ratio >= 10,
    )


def _work(names: str) -> str:
    return f"read all files of a compressed E01 of photos, {names}, {CORES} cores (MB a second of wall time)"


def _times(image: Image, repetitions: int, peer_repetitions: int) -> dict[str, float]:
    chunks = image.path.with_suffix(".chunks")
    parts = _packed_chunks(image, chunks)
    ways: dict[str, Callable[[], object]] = {
        "ours": partial(_read_with_carriers, image.path),
        "carving": partial(_carve_with_carriers, image.path),
        "limit": partial(_inflate, chunks, parts),
    }
    times = medians(ways, repetitions, time.perf_counter)
    peer = medians({"peer": partial(_read_with_peer, image.path)}, peer_repetitions, time.perf_counter)
    return times | peer


def _read_with_carriers(path: Path) -> int:
    with open_carrier(path) as carrier:
        return sum(len(chunk) for file in carrier.files() if file.state == "live" for chunk in file.chunks())


def _carve_with_carriers(path: Path) -> int:
    with open_carrier(path) as carrier:
        carrier.carve(_unheard)
        files = sifted(carrier.files(), Limits(carrier.found_problems, carrier.size, _unheard))
        return sum(len(chunk) for file in files for chunk in file.chunks())


def _unheard(_searched: int) -> None:
    """Listen to how many bytes were searched, and say nothing."""


def _assert_whole(image: Image) -> None:
    """Every file of the source must come out, to the last byte, or the rates would be worth nothing."""
    expected = {hashlib.sha256(path.read_bytes()).digest() for path in image.source.iterdir()}
    with open_carrier(image.path) as carrier:
        found = {_digest(file.chunks()) for file in carrier.files() if file.state == "live"}
    if expected - found:
        raise AssertionError(f"{len(expected - found)} files of the {image.name} image were not read whole")


def _digest(chunks: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()


class _EwfImage(pytsk3.Img_Info):  # type: ignore[misc]
    """The way of pytsk3's and libewf's own examples: the E01 behind a read callback."""

    def __init__(self, path: Path) -> None:
        self._handle = pyewf.handle()
        self._handle.open(pyewf.glob(str(path)))
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def read(self, offset: int, size: int) -> bytes:
        self._handle.seek(offset)
        content: bytes = self._handle.read(size)
        return content

    def get_size(self) -> int:
        return int(self._handle.get_media_size())

    def close(self) -> None:
        self._handle.close()


def _read_with_peer(path: Path) -> int:
    image = _EwfImage(path)
    try:
        return _read_folder(pytsk3.FS_Info(image).open_dir(path="/"))
    finally:
        image.close()


def _read_folder(folder: pytsk3.Directory) -> int:
    total = 0
    for entry in folder:
        meta = entry.info.meta
        if meta is None or entry.info.name.name in (b".", b".."):
            continue
        if meta.type == pytsk3.TSK_FS_META_TYPE_DIR:
            total += _read_folder(entry.as_directory())
        elif meta.type == pytsk3.TSK_FS_META_TYPE_REG and not entry.info.name.name.startswith(b"$"):
            offsets = range(0, meta.size, READ_AT_ONCE)
            total += sum(len(entry.read_random(at, min(READ_AT_ONCE, meta.size - at))) for at in offsets)
    return total


def _packed_chunks(image: Image, target: Path) -> list[list[tuple[int, bool]]]:
    """Pack the medium into `target` chunk by chunk, as ewfacquire does; return the sizes, one list a core."""
    medium, _ = open_ewf(image.path)
    sizes: list[tuple[int, bool]] = []
    try:
        with target.open("wb") as file:
            for offset in range(0, medium.size, CHUNK):
                content = medium.read(offset, CHUNK)
                packed = zlib.compress(content, 1)
                smaller = len(packed) < len(content)
                file.write(packed if smaller else content)
                sizes.append((len(packed) if smaller else len(content), smaller))
    finally:
        medium.close()
    part = -(-len(sizes) // CORES)
    return [sizes[start : start + part] for start in range(0, len(sizes), part)]


def _inflate(chunks: Path, parts: list[list[tuple[int, bool]]]) -> None:
    """The limit: every chunk inflated or checked, in order, one process a core, nothing done with it."""
    fork, start, workers = multiprocessing.get_context("fork"), 0, []
    for part in parts:
        workers.append(fork.Process(target=_inflate_part, args=(chunks, start, part)))
        start += sum(size for size, _ in part)
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise AssertionError("a worker of the limit failed")


def _inflate_part(chunks: Path, start: int, part: list[tuple[int, bool]]) -> None:
    with chunks.open("rb") as file:
        file.seek(start)
        for size, packed in part:
            content = file.read(size)
            if packed:
                isal_zlib.decompress(content, 15, CHUNK)
            else:
                isal_zlib.adler32(content)
