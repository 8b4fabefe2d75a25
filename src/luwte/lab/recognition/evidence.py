"""Evidence for a model: edits of pictures, compared with the pictures themselves and with all the others.

What a scan would do is done here, part by part: PDQ in eight variants, keypoints, candidates by votes of
their codes, alignment and aligned window. Only the search is simpler: a few thousand pictures need no index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.local_codes import BITS_BYTES, LocalCodes, Rotation
from luwte.lab.fingerprints.pdq import pdq_dihedral, pdq_hash
from luwte.lab.fingerprints.windows import window_hash
from luwte.lab.recognition.calibration_edits import EDITS
from luwte.lab.recognition.geometry import align, window_of
from luwte.lab.recognition.likelihood import Evidence
from luwte.lab.recognition.verdicts import PDQ_QUALITY
from luwte.lab.reference.hamming import HASH_BYTES, radius_search

GreyPicture = NDArray[np.uint8]
EDITS_EACH = 3
"""Edits of each picture, beside the picture as it is: in turn, so that each edit is as frequent."""
MOST_CANDIDATES = 8
_VOTE_RADIUS = 14
_TOO_ALIKE = 40  # bits between two pictures that may be one: whether they are, nobody knows
_WORTH_KEEPING = 110  # bits of PDQ: above lie nearly all pairs of strangers


@dataclass(frozen=True, slots=True)
class Pair:
    """An edit of picture `asked` and the picture `reference`, and what speaks for them being one."""

    asked: int
    edit: str
    reference: int
    evidence: Evidence

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
        self.rotation = Rotation(seed)
        self.numbers: list[int] = []
        self.codes: list[LocalCodes] = []
        self.hashes: list[NDArray[np.uint8]] = []

    def add(self, number: int, grey: GreyPicture) -> bool:
        """Add a picture; returns False, and leaves it out, when it is flat or nearly equal to one here."""
        hash_, quality = pdq_hash(grey)
        row = np.frombuffer(hash_, np.uint8)
        if quality < PDQ_QUALITY or (self.hashes and int(_distances(row, self.hashes).min()) <= _TOO_ALIKE):
            return False
        self.numbers.append(number)
        self.hashes.append(row)
        self.codes.append(self.rotation.encode(find_keypoints(grey)))
        return True

    def compare(self, asked: int, edit: str, grey: GreyPicture) -> Iterator[Pair]:
        """Give a pair for each picture here for which something speaks, and for the true one always."""
        variants, quality = pdq_dihedral(grey)
        distances = _distances(variants, self.hashes)
        known = [int(distance) if quality >= PDQ_QUALITY else None for distance in distances]
        aligned = self._aligned(grey, known)
        for place, number in enumerate(self.numbers):
            pair = Pair(asked, edit, number, aligned.get(place, Evidence(known[place])))
            if pair.speaks or pair.same:
                yield pair

    def _aligned(self, grey: GreyPicture, known: Sequence[int | None]) -> dict[int, Evidence]:
        found: dict[int, Evidence] = {}
        seen = find_keypoints(grey)
        for mirrored, keypoints in ((False, seen), (True, seen.mirrored())):
            bits = self.rotation.bits(keypoints.descriptors)
            for place in self._candidates(bits):
                alignment = align(keypoints, bits, self.codes[place])
                if alignment is None or alignment.inliers <= found.get(place, Evidence()).inliers:
                    continue
                codes = self.codes[place]
                hash_ = window_hash(grey, window_of(alignment, codes.width, codes.height, mirrored=mirrored))
                window = None
                if hash_ is not None and hash_[1] >= PDQ_QUALITY:
                    window = int(_distances(np.frombuffer(hash_[0], np.uint8), [self.hashes[place]])[0])
                found[place] = Evidence(known[place], alignment.inliers, alignment.coverage, window)
        return found

    def _candidates(self, bits: NDArray[np.uint8]) -> list[int]:
        """Return the pictures for which most codes vote, at most `MOST_CANDIDATES`, the best first."""
        owners = np.repeat(np.arange(len(self.codes)), [len(codes) for codes in self.codes])
        rows = _widened(np.concatenate([codes.bits for codes in self.codes]))
        matches = radius_search(_widened(bits), rows, _VOTE_RADIUS)
        votes = np.unique(np.stack([matches.query, owners[matches.reference]]), axis=1)[1]
        count = np.bincount(votes, minlength=len(self.codes))
        best = np.argsort(-count, kind="stable")[:MOST_CANDIDATES]
        return [int(place) for place in best if count[place]]


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


def _widened(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return codes (N, 16) as rows of 32 bytes, of which the second half is equal: distances stay."""
    return np.pad(bits, ((0, 0), (0, HASH_BYTES - BITS_BYTES)))
