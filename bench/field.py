"""The peer of P5: one carrier through the field's own parts, as a script that puts them in a row would.

`python -m bench.field IMAGE FOLDER`: recovers the files of IMAGE with tsk_recover, digests and hashes each,
looks them up in the list in FOLDER and writes FOLDER/field.csv, and FOLDER/field.json on its own time.
"""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import faiss
import numpy as np
from PIL import UnidentifiedImageError
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

from bench import lists

RADIUS, QUALITY = 31, 50
CSV, TIMES = "field.csv", "field.json"


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that making the index of the list took: of wall time, and of processor time."""

    wall: float
    cpu: float


def main(image: Path, folder: Path) -> None:
    """Do all of it."""
    begun = time.perf_counter(), time.process_time()
    digests = np.load(folder / lists.MD5).view("V16").reshape(-1)
    index = _index(np.load(folder / lists.PDQ))
    times = Times(time.perf_counter() - begun[0], time.process_time() - begun[1])
    with (folder / CSV).open("w", newline="") as file:
        csv.writer(file).writerows(_rows(_recovered(image, folder / "recovered"), digests, index))
    (folder / TIMES).write_text(json.dumps(asdict(times)))


def found(folder: Path) -> tuple[set[str], set[str]]:
    """Return the names of the files that were found identical and near by a script that wrote to `folder`."""
    with (folder / CSV).open(newline="") as file:
        rows = list(csv.reader(file))
    return {row[0] for row in rows if row[4] == "True"}, {row[0] for row in rows if row[6]}


def _index(codes: lists.Bytes) -> faiss.IndexBinaryMultiHash:
    """FAISS's multi-index hashing, without threatexchange's wrapper, which takes thrice as long."""
    faiss.omp_set_num_threads(1)
    index = faiss.IndexBinaryMultiHash(256, 16, 16)
    index.nflip = 1
    index.add(codes)
    return index


def _recovered(image: Path, folder: Path) -> list[Path]:
    subprocess.run(["tsk_recover", "-e", image, folder], check=True, capture_output=True)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _rows(
    paths: list[Path], digests: np.ndarray, index: faiss.IndexBinaryMultiHash
) -> Iterator[tuple[object, ...]]:
    for path in paths:
        content = path.read_bytes()
        md5 = hashlib.md5(content)
        known = _holds(digests, md5.digest())
        others = hashlib.sha1(content).hexdigest(), hashlib.sha256(content).hexdigest()
        yield path.name, md5.hexdigest(), *others, known, *_near(content, index)


def _holds(digests: np.ndarray, md5: bytes) -> bool:
    wanted = np.frombuffer(md5, "V16")
    place = int(np.searchsorted(digests.view("S16"), wanted.view("S16"))[0])
    return place < len(digests) and digests[place].tobytes() == md5


def _near(content: bytes, index: faiss.IndexBinaryMultiHash) -> tuple[str, str]:
    try:
        code, quality = pdq_from_bytes(content)
    except (UnidentifiedImageError, OSError):
        return "", ""
    if quality < QUALITY:
        return code, ""
    query = np.frombuffer(bytes.fromhex(code), np.uint8).reshape(1, -1)
    _, distances, rows = index.range_search(query, RADIUS + 1)
    return code, " ".join(f"{row}:{int(gap)}" for row, gap in zip(rows, distances, strict=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
