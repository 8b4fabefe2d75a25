"""The decoder attack (P12): how much of a picture can be rebuilt from each descriptor that a list keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.attacks import (
    PICTURE,
    Coded,
    Numbers,
    Ridge,
    aligned,
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
    "rejected": PDQ,
    "codes": CODES,
    "frame_codes": CODES,
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
_ALIGNED = (6, 24)
_HEAD = """# What can be rebuilt from a fingerprint

Written by `python -m bench --part decoder [--photos DIR]`. A decoder is trained on pictures and their
fingerprints, and rebuilds a grey picture of 32 x 32 from the fingerprints of pictures that it never saw. The
figure is the mean correlation with what those show (1: the same, 0: nothing), of the best of several simple
attacks. All are linear; a decoder that is not does better, so each figure is the least that gets out.

- `rotation unknown`: the attacker has pictures and codes of their own, under another rotation.
  `rotation known`: pictures and codes under the very same one, as an insider has. `without`: plain signs.
- `places, scales and angles` uses no bit of any code: an average patch is painted at each place, turned as
  the code says. A rotation hides nothing of that.
- `directions aligned`: the main directions in which the codes of two lists vary are laid beside each other,
  which does without the rotation. It needs the codes of a whole list, not of one picture. So a rotation takes
  no place of encryption: of whoever has a list, it hides little.
- Of a video each frame is kept as PDQ, and eight as local codes, too; of a rejected file its PDQ. A report
  holds no fingerprint at all.
"""


class _Unrotated(Rotation):
    """Codes without any rotation: the plain signs."""

    def __init__(self) -> None:
        super().__init__(_OURS)
        self._matrix = np.eye(DESCRIPTOR)


_UNROTATED, _LEARNT, _ATTACKED = _Unrotated(), Rotation(_THEIRS), Rotation(_OURS)
_ROTATIONS = (
    (UNKNOWN, _LEARNT, _ATTACKED),
    (KNOWN, _ATTACKED, _ATTACKED),
    (PLAIN, _UNROTATED, _UNROTATED),
)


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


def figures(pictures: Sequence[Picture]) -> dict[str, Any]:
    """Return how each attack on each descriptor correlates with pictures that it was not trained on.

    Of each descriptor the best attack counts.
    """
    order = np.random.default_rng(5).permutation(len(pictures))
    cut = round(len(pictures) * _TEST_SHARE)
    test, train = ([pictures[number] for number in part] for part in (order[:cut], order[cut:]))
    told = {"nothing": _without_anything(train, test)}
    for name, field in ((DIGEST, "digest"), (PDQ, "pdq")):
        known, asked = (np.stack([getattr(one, field) for one in part]) for part in (train, test))
        told[name] = _tried(train, test, {"bits": (known, asked)})
    for name, learnt, attacked in _ROTATIONS:
        told[f"{CODES}, {name}"] = _on_codes(train, test, learnt, attacked)
    return {
        "trained": len(train),
        "tested": len(test),
        "descriptors": {
            name: {"best": round(max(found.values()), 3)}
            | {attack: round(value, 3) for attack, value in found.items()}
            for name, found in told.items()
        },
    }


def _without_anything(train: Sequence[Picture], test: Sequence[Picture]) -> dict[str, float]:
    mean = np.mean([one.shown for one in train], axis=0)
    return {"the mean picture": correlation(np.repeat(mean[None], len(test), axis=0), _shown(test))}


def _shown(pictures: Sequence[Picture]) -> Numbers:
    return np.stack([one.shown for one in pictures])


def _tried(
    train: Sequence[Picture], test: Sequence[Picture], layers: Mapping[str, tuple[Numbers, Numbers]]
) -> dict[str, float]:
    """Return what a ridge regression gains from each of `layers`: features of both lists of pictures."""
    return {
        attack: correlation(Ridge(known, _shown(train))(asked), _shown(test))
        for attack, (known, asked) in layers.items()
    }


def _on_codes(
    train: Sequence[Picture], test: Sequence[Picture], learnt: Rotation, attacked: Rotation
) -> dict[str, float]:
    """Return what each attack gains that was trained on codes under one rotation, on codes under another."""
    known, asked = ([coded(rotation.encode(one.keypoints)) for one in part]
                    for part, rotation in ((train, learnt), (test, attacked)))  # fmt: skip
    patch = np.mean(np.concatenate([one.patches for one in train]), axis=0)
    blind = [_painted_alike(part, patch) for part in (known, asked)]
    layers = {"places": (by_place(known), by_place(asked)), "places, scales and angles": (blind[0], blind[1])}
    layers |= _by_bits(train, known, asked, "")
    if learnt is not attacked:
        for kept in _ALIGNED:
            layers |= _by_bits(train, *aligned(known, asked, kept), f", {kept} directions aligned")
    return _tried(train, test, layers)


def _painted_alike(pictures: Sequence[Coded], patch: Numbers) -> Numbers:
    return painted(pictures, lambda values: np.repeat(patch[None], len(values), axis=0))


def _by_bits(
    train: Sequence[Picture], known: Sequence[Coded], asked: Sequence[Coded], how: str
) -> dict[str, tuple[Numbers, Numbers]]:
    said = Ridge(
        np.concatenate([one.values for one in known]), np.concatenate([one.patches for one in train])
    )
    grid, paint = ((layer(known), layer(asked)) for layer in (by_grid, partial(painted, said=said)))
    both = tuple(np.concatenate(parts, axis=1) for parts in zip(grid, paint, strict=True))
    return {f"grid{how}": grid, f"painted{how}": paint, f"both{how}": (both[0], both[1])}


def write(folder: Path, measured: Mapping[str, Mapping[str, Any]]) -> None:
    """Write `measured` (pictures -> figures) to `folder`; what was measured on other pictures stays."""
    path = folder / FIGURES
    found = (json.loads(path.read_text()) if path.exists() else {}) | dict(measured)
    write_bytes(path, (json.dumps(found, indent=1) + "\n").encode())
    write_bytes(folder / PAGE, "\n".join(page(found)).encode())


def page(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Give the lines of the page on the figures `found`."""
    yield from _HEAD.splitlines()
    yield ""
    yield _line(["descriptor", *found])
    yield _line(["---"] * (1 + len(found)))
    for name in next(iter(found.values()))["descriptors"]:
        yield _line([name, *(f"**{part['descriptors'][name]['best']:.2f}**" for part in found.values())])
    for pictures, part in found.items():
        yield from ("", f"## Each attack: {pictures}", "")
        yield f"Trained on {part['trained']} pictures, tried on {part['tested']} others."
        yield ""
        yield from (_line(["descriptor", "attack", "correlation"]), _line(["---"] * 3))
        for name, attacks in part["descriptors"].items():
            yield from (
                _line([name, attack, f"{value:.3f}"]) for attack, value in attacks.items() if attack != "best"
            )
    yield ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
