"""P12 through the product: edited copies in a folder, scanned with a list that has PDQ alone, and with codes.

Each scan is one of `luwte scan`, in a process of its own. What it finds stands in its worklist.
"""

from __future__ import annotations

import itertools
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from bench import pictures
from bench.alterations import saved
from bench.asking import OTHERS_FROM
from bench.edits import EDITS
from bench.gallery import ALIKE
from bench.paintings import painted
from bench.processes import run
from bench.queries import Query
from bench.rows import Row
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import Entry
from luwte.exchange.home import Home
from luwte.lab.fingerprints.fingerprint import PDQ_BYTES, frame_of
from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.local_codes import Rotation
from luwte.lab.fingerprints.pictures import decode_grey
from luwte.lab.recognition.likelihood import Thresholds
from luwte.lab.recognition.model import FILE_NAME, default_model, model_bytes
from luwte.lab.recognition.verdicts import PDQ_QUALITY
from luwte.lab.reference.hamming import radius_search
from luwte.lab.scan.worklist import read_rows

MOST = 1.05
"""Times the processor time of the fast pass without a wide net that it may take with one."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan gave: shares of the copies by verdict, false pairs, and CPU seconds a file.

    `taken` are the false pairs that are the same picture, `false` all.
    """

    same_picture: float
    near: float
    false: int
    taken: int
    cpu: float

    @property
    def found(self) -> float:
        """The share that is the same picture, or near."""
        return self.same_picture + self.near


def rows(sources: int, gallery: int, folder: Path, photos: Path | None = None) -> Iterator[Row]:
    """Return the rows of scans of `sources` pictures in every edit, in lists of `gallery` entries."""
    known = list(unlike(gallery, photos))
    kind = "drawn" if photos is None else "photos of a folder"
    what = f"{len(EDITS)} edits of {sources} sources in a list of {len(known)}, {kind}, through luwte scan"
    carrier = folder / "carrier"
    files = _edited(known[:sources], carrier)
    wide_home, narrow_home = folder / "wide", folder / "narrow"
    Home.open(wide_home)
    shutil.copytree(wide_home, narrow_home)
    model = replace(default_model(), thresholds=Thresholds(1.0, 1.0))
    (narrow_home / FILE_NAME).write_bytes(model_bytes(model))
    plain, coded = (_list(known, folder / f"{name}.lwref", wide_home, name) for name in ("plain", "coded"))
    narrow = _scan(carrier, files, plain, narrow_home, folder / "out", "--fast-only")
    wide = _scan(carrier, files, plain, wide_home, folder / "out", "--fast-only")
    both = _scan(carrier, files, coded, wide_home, folder / "out")
    told = f"{what}: share found by PDQ alone"
    false = f"false {narrow.false} at 31, {wide.false} in the wide net"
    yield Row(
        "P12-wide",
        f"{told}; {false}",
        "31 bits",
        wide.found,
        narrow.found,
        1.0,
        wide.found,
        ">= 0.7",
        wide.found >= 0.7,
    )
    told = f"{what}: share found by both passes, {both.same_picture:.3f} as the same picture"
    told = f"{told}; false {both.false}, {both.taken} of them as the same picture"
    yield Row(
        "P12-scan", told, "31 bits", both.found, narrow.found, 1.0, both.found, ">= 0.99", both.found >= 0.99
    )
    ratio = wide.cpu / narrow.cpu
    told = f"{what}: CPU ms a file of the fast pass with the wide net"
    yield Row(
        "P12-wide-cost",
        told,
        "31 bits",
        1000 * wide.cpu,
        1000 * narrow.cpu,
        None,
        ratio,
        f"<= {MOST}",
        ratio <= MOST,
    )


def unlike(count: int, photos: Path | None) -> Iterator[Image.Image]:
    """Give `count` pictures, or as many as there are, of which no two are alike."""
    if photos is None:
        drawn: Iterator[Image.Image] = map(painted, itertools.count())
    else:
        drawn = (Image.fromarray(Query(one).colours) for one in pictures.of_folder(photos, count * 2))
    kept = np.zeros((0, PDQ_BYTES), np.uint8)
    for picture in drawn:
        frame = Query(saved(picture, 95)).frame
        forms = np.frombuffer(frame.variants[: 8 * PDQ_BYTES], np.uint8).reshape(8, PDQ_BYTES)
        if frame.quality >= PDQ_QUALITY and not len(radius_search(forms, kept, ALIKE).query):
            kept = np.concatenate([kept, forms[:1]])
            yield picture
        if len(kept) == count:
            return


def _edited(sources: Sequence[Image.Image], folder: Path) -> int:
    """Write each of `sources` in each edit, under its number; return how many files that are."""
    for number, source in enumerate(sources):
        (folder / f"{number}").mkdir(parents=True)
        other = painted(OTHERS_FROM + number)
        for place, edit in enumerate(EDITS):
            (folder / f"{number}" / f"{place}.jpg").write_bytes(saved(edit.of(source, other, number)))
    return len(sources) * len(EDITS)


def _list(pictures: Sequence[Image.Image], path: Path, home: Path, kind: str) -> Path:
    """Write a list of `pictures`, each a series named by its number, with codes where `kind` says so."""
    keeper = Home.open(home)
    rotation, entries = Rotation(keeper.rotation_seed), []
    for number, picture in enumerate(pictures):
        decoded = decode_grey(saved(picture, 95))
        frame = frame_of(decoded)
        entry = Entry(
            f"{number:032x}", f"{number}", pdq=frame.variants[:PDQ_BYTES], pdq_quality=frame.quality
        )
        codes = rotation.encode(find_keypoints(decoded.grey))
        entries.append(replace(entry, codes=codes.to_bytes()) if kind == "coded" and len(codes) else entry)
    write_bundle(path, entries, keeper)
    return path


def _scan(carrier: Path, files: int, bundle: Path, home: Path, out: Path, *asked: str) -> Scanned:
    """Scan `carrier` as its users do and count what is found of its files."""
    luwte = Path(sys.executable).with_name("luwte")
    command = (luwte, "scan", carrier, "--reference", bundle, "--out", out, *asked)
    taken = run(command, {"LUWTE_HOME": str(home)})
    verdicts: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for row in read_rows(out):
        if row.series is not None and row.verdict in ("same_picture", "near"):
            true = row.series == Path(row.path).parent.name
            verdicts[row.verdict] += true
            false[row.verdict] += not true
    shutil.rmtree(out)
    same, near = (verdicts[verdict] / files for verdict in ("same_picture", "near"))
    return Scanned(same, near, false.total(), false["same_picture"], taken.cpu / files)
