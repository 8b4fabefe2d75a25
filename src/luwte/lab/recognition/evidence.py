"""Evidence for a model: edits of pictures, compared with the pictures themselves and with all the others.

What a scan does is done here: PDQ in eight variants, keypoints, candidates by votes of their codes, alignment
and aligned window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.fingerprints.pdq import pdq_dihedral, pdq_hash
from luwte.lab.fingerprints.quarters import find_closely
from luwte.lab.fingerprints.windows import window_hash
from luwte.lab.recognition.calibration_edits import EDITS
from luwte.lab.recognition.deep import ENOUGH, MOST_NEAR, aligned
from luwte.lab.recognition.likelihood import Evidence
from luwte.lab.recognition.verdicts import PDQ_QUALITY
from luwte.lab.reference.codes import CodeList
from luwte.lab.reference.hamming import HASH_BYTES

GreyPicture = NDArray[np.uint8]
EDITS_EACH = 3
"""Edits of each picture, beside the picture as it is: in turn, so that each edit is as frequent."""
LOOKED_INTO = 84
"""Bits of PDQ up to which pairs are aligned for that alone."""
_TOO_ALIKE = 40  # bits between two pictures that may be one: whether they are, nobody knows
_WORTH_KEEPING = 110  # bits of PDQ: above lie nearly all pairs of strangers


@dataclass(frozen=True, slots=True)
class Pair:
    """An edit of picture `asked` and the picture `reference`, and what speaks for them being one.

    `second` is what looking into a small distance gave, where both have keypoints enough to say something.
    """

    asked: int
    edit: str
    reference: int
    evidence: Evidence
    second: Evidence | None = None

    @property
    def same(self) -> bool:
        """Whether they are one picture."""
        return self.asked == self.reference

    @property
    def speaks(self) -> bool:
        """Whether anything speaks for it: also of its own picture an edit may show nothing."""
        distance = self.evidence.distance
        return self.evidence.inliers > 0 or (distance is not None and distance <= _WORTH_KEEPING)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Pairs for which something speaks, out of `copies` true ones and `strangers` that were compared."""

    pairs: tuple[Pair, ...]
    copies: int
    strangers: int
    pictures: int


class Gallery:
    """What is kept of pictures: PDQ and local codes, each under the number of the picture."""

    def __init__(self, seed: bytes) -> None:
        self.seed = seed
        self.rotation = Rotation(seed)
        self.numbers: list[int] = []
        self.codes: list[LocalCodes] = []
        self.hashes: list[NDArray[np.uint8]] = []
        self._list: CodeList | None = None

    def add(self, number: int, grey: GreyPicture) -> bool:
        """Add a picture; returns False, and leaves it out, when it is flat or nearly equal to one here."""
        hash_, quality = pdq_hash(grey)
        row = np.frombuffer(hash_, np.uint8)
        if quality < PDQ_QUALITY or (self.hashes and int(_distances(row, self.hashes).min()) <= _TOO_ALIKE):
            return False
        self._list = None
        self.numbers.append(number)
        self.hashes.append(row)
        self.codes.append(self.rotation.encode(find_keypoints(grey)))
        return True

    def compare(self, asked: int, edit: str, grey: GreyPicture) -> Iterator[Pair]:
        """Give a pair for each picture here for which something speaks, and for the true one always."""
        variants, quality = pdq_dihedral(grey)
        distances = _distances(variants, self.hashes)
        known = [int(distance) if quality >= PDQ_QUALITY else None for distance in distances]
        keypoints = find_closely(grey)
        near = self._near(known, keypoints)
        voted, shown = self._aligned(grey, known, keypoints, near)
        for place, number in enumerate(self.numbers):
            second = replace(shown.get(place, Evidence(known[place])), second=True) if place in near else None
            pair = Pair(asked, edit, number, voted.get(place, Evidence(known[place])), second)
            if pair.speaks or pair.same:
                yield pair

    def _near(self, known: Sequence[int | None], keypoints: Keypoints) -> list[int]:
        """Return the places of what is near, the nearest, where both have keypoints enough."""
        if len(keypoints) < ENOUGH:
            return []
        near = [
            (bits, place)
            for place, bits in enumerate(known)
            if bits is not None and bits <= LOOKED_INTO and len(self.codes[place]) >= ENOUGH
        ]
        return [place for _, place in sorted(near)[:MOST_NEAR]]

    def _aligned(
        self, grey: GreyPicture, known: Sequence[int | None], keypoints: Keypoints, near: Sequence[int]
    ) -> tuple[dict[int, Evidence], dict[int, Evidence]]:
        """Return what alignments show, by place: of those that votes named, and of all, those `near` too."""
        if self._list is None:
            self._list = CodeList(_columns(self.codes, self.seed))
        voted: dict[int, Evidence] = {}
        shown: dict[int, Evidence] = {}
        for one in aligned(self._list, keypoints, near):
            hash_, window = window_hash(grey, one.window), None
            if hash_ is not None and hash_[1] >= PDQ_QUALITY:
                window = int(_distances(np.frombuffer(hash_[0], np.uint8), [self.hashes[one.entry]])[0])
            seen = Evidence(known[one.entry], one.alignment.inliers, one.alignment.coverage, window)
            shown[one.entry] = seen
            if one.voted:
                voted[one.entry] = seen
        return voted, shown


@dataclass(frozen=True, slots=True)
class _Columns:
    """Local codes as a bundle holds them."""

    codes: NDArray[np.uint8]
    coded_entry: NDArray[np.uint32]
    coded_count: NDArray[np.uint8]
    coded_frame: NDArray[np.uint8]
    rotation: NDArray[np.uint8]


def _columns(codes: Sequence[LocalCodes], seed: bytes) -> _Columns:
    """Return the columns of `codes`, each the entry of its place; those that have none are left out."""
    places = [place for place, found in enumerate(codes) if len(found)]
    return _Columns(
        np.concatenate([found.codes for found in codes]),
        np.array(places, np.uint32),
        np.array([len(codes[place]) for place in places], np.uint8),
        np.array([(codes[place].width, codes[place].height) for place in places], np.uint8).reshape(-1, 2),
        np.frombuffer(seed, np.uint8),
    )


def gather(
    pictures: Sequence[GreyPicture], numbers: Sequence[int], told: Callable[[], None] = lambda: None
) -> Gathered:
    """Compare edits of those of `pictures` that `numbers` name with each other; calls `told` twice for each.

    The picture before it, which stands beside it in a collage, must not be among `numbers`.
    """
    gallery = Gallery(sha256(b"calibration").digest())
    for number in numbers:
        gallery.add(number, pictures[number])
        told()
    pairs: list[Pair] = []
    asked = 0
    for number in gallery.numbers:
        other = pictures[number - 1]
        for name, grey in _edited(number, pictures[number], other):
            pairs += gallery.compare(number, name, grey)
            asked += 1
        told()
    for _ in range(len(numbers) - len(gallery.numbers)):
        told()
    return Gathered(tuple(pairs), asked, asked * (len(gallery.numbers) - 1), len(gallery.numbers))


def _edited(number: int, grey: GreyPicture, other: GreyPicture) -> Iterator[tuple[str, GreyPicture]]:
    yield "as it is", grey
    names = list(EDITS)
    for turn in range(EDITS_EACH):
        name = names[(number * EDITS_EACH + turn) % len(names)]
        edited = EDITS[name](Image.fromarray(grey), Image.fromarray(other))
        yield name, np.asarray(edited, np.uint8)


def _distances(variants: NDArray[np.uint8], hashes: Sequence[NDArray[np.uint8]]) -> NDArray[np.intp]:
    """Return for each of `hashes` the least distance of any of `variants` to it, in bits."""
    rows = variants.reshape(-1, 1, HASH_BYTES) ^ np.stack(hashes)[None]
    least: NDArray[np.intp] = np.bitwise_count(rows).sum(axis=2, dtype=np.intp).min(axis=0)
    return least
