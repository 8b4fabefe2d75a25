"""The decoder attack (P12): how much of a picture can be rebuilt from each descriptor that a list keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.attacks import (
    PICTURE,
    Aligned,
    Coded,
    Numbers,
    Ridge,
    by_grid,
    by_place,
    coded,
    correlation,
    painted,
    patches,
    signs,
)
from luwte.base.files import write_bytes
from luwte.demo.pictures import draw
from luwte.lab.fingerprints.keypoints import DESCRIPTOR, SIDE, Keypoints, best, find_keypoints
from luwte.lab.fingerprints.local_codes import MOST_CODES, Rotation
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Undecodable, decode_grey

PAGE: Final = "decoder.md"
FIGURES: Final = "decoder.json"
DIGEST, PDQ, CODES = "SHA-256", "PDQ", "local codes"
UNKNOWN, KNOWN, PLAIN = "rotation unknown", "rotation known", "without rotation"
CARRIED: Final[Mapping[str, str]] = {
    "md5": DIGEST,
    "sha1": DIGEST,
    "sha256": DIGEST,
    "rejected_sha256": DIGEST,
    "ids": DIGEST,
    "pdq": PDQ,
    "frames": PDQ,
    "rejected_pdq": PDQ,
    "codes": CODES,
}
"""Which descriptor each column of a bundle, or field of an entry, is: all of a picture that leaves a lab."""
NO_DESCRIPTOR: Final = frozenset(
    {
        *("series", "series_names", "pdq_quality", "attributes", "attribute_offsets"),
        *("md5_entry", "sha1_entry", "sha256_entry", "pdq_entry", "frames_entry", "rejected_entry"),
        *("coded_entry", "coded_count", "coded_frame", "rotation", "id"),
    }
)
"""Columns and fields that say nothing of what a picture shows, or (attributes) that Luwte does not make."""
_OURS, _THEIRS = bytes(range(32)), bytes(range(32, 64))
_TEST_SHARE = 0.3


class _Unrotated(Rotation):
    """Codes without any rotation: the plain signs."""

    def __init__(self) -> None:
        self._matrix = np.eye(DESCRIPTOR)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture to attack: what it shows (1024), its digest and PDQ as bits, its keypoints and patches."""

    shown: Numbers
    digest: Numbers
    pdq: Numbers
    keypoints: Keypoints
    patches: Numbers


def picture_of(grey: NDArray[np.uint8], content: bytes) -> Picture:
    """Return what is measured on the picture `grey` (H, W), which is the file `content`."""
    height, width = grey.shape
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    keypoints = best(find_keypoints(small), MOST_CODES)
    shown = cv2.resize(grey, (PICTURE, PICTURE), interpolation=cv2.INTER_AREA).astype(np.float64)
    level = (shown - shown.mean()) / max(float(shown.std()), 1.0)
    digest = signs(np.frombuffer(sha256(content).digest(), np.uint8))
    return Picture(
        level.reshape(-1),
        digest,
        signs(np.frombuffer(bytes(pdq_hash(grey)[0]), np.uint8)),
        keypoints,
        patches(small, keypoints),
    )


def drawn(count: int) -> Iterator[Picture]:
    """Give `count` pictures that the project draws."""
    for seed in range(count):
        grey = np.asarray(draw(seed, 400, 300).convert("L"))
        yield picture_of(grey, grey.tobytes())


def given(contents: Iterable[bytes]) -> Iterator[Picture]:
    """Give the pictures in files; what cannot be decoded is left out."""
    for content in contents:
        try:
            yield picture_of(decode_grey(content).grey, content)
        except Undecodable:
            continue


def figures(pictures: Sequence[Picture]) -> dict[str, object]:
    """Return the correlations of each attack on each descriptor, on pictures that no attack was trained on."""
    order = np.random.default_rng(5).permutation(len(pictures))
    cut = round(len(pictures) * _TEST_SHARE)
    test, train = ([pictures[number] for number in part] for part in (order[:cut], order[cut:]))
    shown, hidden = (np.stack([one.shown for one in part]) for part in (train, test))
    middle = np.repeat(shown.mean(axis=0)[None], len(test), axis=0)
    found: dict[str, dict[str, float]] = {"nothing (the mean picture)": {"mean": correlation(middle, hidden)}}
    for name, field in ((DIGEST, "digest"), (PDQ, "pdq")):
        known, asked = (np.stack([getattr(one, field) for one in part]) for part in (train, test))
        found[name] = {"bits": correlation(Ridge(known, shown)(asked), hidden)}
    ours, theirs, plain = Rotation(_OURS), Rotation(_THEIRS), _Unrotated()
    for name, learnt, attacked in (
        (UNKNOWN, theirs, ours),
        (KNOWN, ours, ours),
        (PLAIN, plain, plain),
    ):
        known, asked = _seen(train, learnt), _seen(test, attacked)
        told = _attacks(known, asked, train, shown, hidden)
        if name == UNKNOWN:
            one, other = (Aligned(np.concatenate([seen.values for seen in part])) for part in (known, asked))
            aligned = _attacks(
                [one(seen) for seen in known], [other(seen) for seen in asked], train, shown, hidden
            )
            told |= {f"{attack}, directions aligned": value for attack, value in aligned.items()}
        found[f"{CODES}, {name}"] = told
    return {
        "trained": len(train),
        "tested": len(test),
        "descriptors": {
            name: {"best": round(max(told.values()), 3)}
            | {attack: round(value, 3) for attack, value in told.items()}
            for name, told in found.items()
        },
    }


def _seen(pictures: Sequence[Picture], rotation: Rotation) -> list[Coded]:
    return [coded(rotation.encode(one.keypoints)) for one in pictures]


def _attacks(
    known: Sequence[Coded], asked: Sequence[Coded], train: Sequence[Picture], shown: Numbers, hidden: Numbers
) -> dict[str, float]:
    """Return what each attack gains that is trained on `known` and what they show, and tried on `asked`."""
    values = np.concatenate([seen.values for seen in known])
    said = Ridge(values, np.concatenate([one.patches for one in train]))
    layers = {
        "places alone": (by_place(known), by_place(asked)),
        "grid": (by_grid(known), by_grid(asked)),
        "painted": (painted(known, said), painted(asked, said)),
    }
    layers["all together"] = tuple(  # type: ignore[assignment]
        np.concatenate(parts, axis=1) for parts in zip(*layers.values(), strict=True)
    )
    found = {
        attack: correlation(Ridge(features, shown)(others), hidden)
        for attack, (features, others) in layers.items()
    }
    canvas = layers["painted"][1][:, : PICTURE * PICTURE]
    return found | {"painted, as it is": correlation(canvas, hidden)}


def write(folder: Path, measured: Mapping[str, Mapping[str, object]]) -> None:
    """Write `measured` (pictures -> figures) to `folder`; what was measured on other pictures stays."""
    path = folder / FIGURES
    found = (json.loads(path.read_text()) if path.exists() else {}) | measured
    write_bytes(path, (json.dumps(found, indent=1) + "\n").encode())
    write_bytes(folder / PAGE, "\n".join(_page(found)).encode())


def _page(found: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    yield "# What can be rebuilt from a fingerprint"
    yield ""
