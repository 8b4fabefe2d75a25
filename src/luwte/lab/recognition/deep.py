"""The second look: what the keypoints of a picture say, for a list with local codes.

A picture's keypoints name candidates; each is aligned, the hash of the part of the picture that would be the
candidate is asked for, and the model says what that amounts to. The list never leaves this side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.fingerprints.windows import MOST_WINDOWS, Ask, PartHash, Window
from luwte.lab.recognition.geometry import Alignment, align, window_of
from luwte.lab.recognition.likelihood import Evidence, Model
from luwte.lab.recognition.verdicts import PDQ_QUALITY, Match
from luwte.lab.reference.hamming import HASH_BYTES
from luwte.lab.reference.index import ReferenceIndex


class Candidate(Protocol):
    """An entry of the list that codes of a picture voted for; `mirrored` if those of its mirror image did."""

    @property
    def entry(self) -> int:
        """Its number in the list."""
        ...

    @property
    def mirrored(self) -> bool:
        """Whether it is the picture mirrored left-right that shows it."""
        ...

    @property
    def reference(self) -> int:
        """Which picture, or frame of a video, of all that have codes."""
        ...


class CodeIndex(Protocol):
    """The local codes of a list."""

    @property
    def rotation(self) -> Rotation:
        """The rotation that all its codes stand under."""
        ...

    def __len__(self) -> int:
        """How many entries have codes."""
        ...

    def find(self, keypoints: Keypoints, /) -> Sequence[Candidate]:
        """Return the entries that the picture may show, the best first."""
        ...

    def at(self, reference: int, /) -> LocalCodes:
        """Return the codes of that picture or frame."""
        ...


class Listed(Protocol):
    """What else the list says of an entry."""

    def hashes(self, entry: int, /) -> NDArray[np.uint8]:
        """Return the PDQ hashes (N, 32) of `entry` that may be compared, none or more."""
        ...

    def moves(self, entry: int, /) -> bool:
        """Return whether `entry` is a video: one picture alone is never all of it."""
        ...


@dataclass(frozen=True, slots=True)
class Aligned:
    """A candidate that the picture shows, as `alignment` says, in `window`: which `reference` of `entry`."""

    entry: int
    reference: int
    alignment: Alignment
    window: Window


def aligned(codes: CodeIndex, keypoints: Keypoints) -> list[Aligned]:
    """Return the candidates of `codes` that the picture shows, those with most inliers first, each once.

    The parts of the picture that were looked at more closely are asked like the whole.
    """
    found = [one for look in (keypoints, *keypoints.parts) for one in _aligned(codes, look)]
    best: dict[int, Aligned] = {}
    for one in sorted(found, key=lambda one: (-one.alignment.inliers, -one.alignment.coverage, one.entry)):
        best.setdefault(one.entry, one)
    return list(best.values())


def _aligned(codes: CodeIndex, keypoints: Keypoints) -> Iterator[Aligned]:
    sides = {False: keypoints, True: keypoints.mirrored()}
    bits: dict[bool, NDArray[np.uint8]] = {}  # most pictures have no candidate, and need none
    for candidate in codes.find(keypoints):
        side, known = candidate.mirrored, codes.at(candidate.reference)
        if side not in bits:
            bits[side] = codes.rotation.bits(sides[side].descriptors)
        alignment = align(sides[side], bits[side], known)
        if alignment is not None:
            window = window_of(alignment, known.width, known.height, mirrored=side)
            yield Aligned(candidate.entry, candidate.reference, alignment, window)


@dataclass(frozen=True, slots=True)
class Recognition:
    """Judges pictures by their keypoints: `codes` of the list, what else is `listed`, and the `model`."""

    codes: CodeIndex
    listed: Listed
    model: Model

    def matches(self, keypoints: Keypoints, ask: Ask) -> list[Match]:
        """Return what the picture with `keypoints` matches, the best first, each entry once.

        Also what shows the same scene, which is no finding. What shows a frame of a video is at most near it.
        Asks for at most `MOST_WINDOWS` windows.
        """
        found = self.judged((one, ask(one.window)) for one in aligned(self.codes, keypoints)[:MOST_WINDOWS])
        return sorted(map(self._of_whole, found), key=lambda match: match.rank)

    def judged(self, answers: Iterable[tuple[Aligned, PartHash | None]]) -> list[Match]:
        """Return the matches, the best first, given the hash of each one's window, if it has one."""
        return sorted(self._judged(answers), key=lambda match: match.rank)

    def _of_whole(self, match: Match) -> Match:
        if match.verdict == "same_picture" and self.listed.moves(match.entry):
            return replace(match, verdict="near")
        return match

    def _judged(self, answers: Iterable[tuple[Aligned, PartHash | None]]) -> Iterator[Match]:
        for one, answer in answers:
            distance = self._distance(one.entry, answer)
            evidence = Evidence(None, one.alignment.inliers, one.alignment.coverage, distance)
            verdict = self.model.verdict(evidence, len(self.codes))
            if verdict != "unknown":
                likelihood = self.model.likelihood(evidence, len(self.codes))
                yield Match(one.entry, verdict, distance, likelihood)

    def _distance(self, entry: int, answer: PartHash | None) -> int | None:
        """Return the distance of a window's hash to the nearest of `entry`, None where there is none."""
        hashes = self.listed.hashes(entry)
        if answer is None or answer.quality < PDQ_QUALITY or not len(hashes):
            return None
        different = hashes ^ np.frombuffer(answer.pdq, np.uint8, HASH_BYTES)
        return int(np.bitwise_count(different).sum(axis=1, dtype=np.intp).min())


class Entries:
    """What an open reference list says of its entries, for `Recognition`."""

    def __init__(self, index: ReferenceIndex) -> None:
        self._index = index

    def hashes(self, entry: int, /) -> NDArray[np.uint8]:
        """Return the PDQ hashes (N, 32) of `entry`, of a video's frames, of sufficient or unknown quality."""
        bundle = self._index.bundle
        first, end = np.searchsorted(bundle.pdq_entry, (entry, entry + 1))
        quality = bundle.pdq_quality[first:end]
        found: NDArray[np.uint8] = bundle.pdq[first:end][quality >= PDQ_QUALITY]
        return np.concatenate([found, self._index.films.hashes(entry)]) if self.moves(entry) else found

    def moves(self, entry: int, /) -> bool:
        """Return whether `entry` has frames."""
        return len(self._index.films.hashes(entry)) > 0
