"""The second look: what the keypoints of a picture say, for a list with local codes.

A picture's keypoints name candidates, and so does the fast pass where it found it near; each is aligned, the
hash of the part of the picture that would be the candidate is asked for, and the model says what that amounts
to. The list never leaves this side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.fingerprints.windows import MOST_WINDOWS, Ask, PartHash, Window
from luwte.lab.recognition.geometry import Alignment, align, window_of
from luwte.lab.recognition.likelihood import Evidence, Model
from luwte.lab.recognition.verdicts import BEYOND, PDQ_QUALITY, Match, Verdict
from luwte.lab.reference.hamming import HASH_BYTES
from luwte.lab.reference.index import ReferenceIndex

ENOUGH = 32
"""Keypoints of a picture, and codes of an entry, from which it says something that the two do not align."""
MOST_NEAR = 8
"""Entries near a picture that are looked into, the nearest; of more, their distance alone counts."""


class Near(NamedTuple):
    """An entry that the fast pass found near, at `distance` bits, None if by no PDQ.

    `whole`, `itself`: see `Match`.
    """

    entry: int
    distance: int | None
    whole: bool = True
    itself: int | None = None


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

    def of(self, entry: int, /) -> LocalCodes:
        """Return the codes of `entry`, of a video those of its first frame; raise `KeyError` without any."""
        ...

    def references(self, entry: int, /) -> Sequence[int]:
        """Return which pictures or frames of all that have codes are those of `entry`."""
        ...


class Listed(Protocol):
    """What else the list says of an entry."""

    @property
    def pictured(self) -> int:
        """How many entries PDQ tells apart."""
        ...

    def hashes(self, entry: int, /) -> NDArray[np.uint8]:
        """Return the PDQ hashes (N, 32) of `entry` that may be compared, none or more."""
        ...

    def moves(self, entry: int, /) -> bool:
        """Return whether `entry` is a video: one picture alone is never all of it."""
        ...


@dataclass(frozen=True, slots=True)
class Aligned:
    """A candidate that the picture shows, as `alignment` says, in `window`: which `reference` of `entry`.

    `voted`: its codes named it.
    """

    entry: int
    reference: int
    alignment: Alignment
    window: Window
    voted: bool = True


def aligned(codes: CodeIndex, keypoints: Keypoints, also: Sequence[int] = ()) -> list[Aligned]:
    """Return the candidates of `codes` that the picture shows, those with most inliers first, each once.

    The parts of the picture that were looked at more closely are asked like the whole. Entries in `also`,
    which must have codes, are candidates of the whole on either side, whatever the votes.
    """
    found = [*_aligned(codes, keypoints, also)]
    found += [one for part in keypoints.parts for one in _aligned(codes, part)]
    best: dict[int, Aligned] = {}
    for one in sorted(found, key=lambda one: (-one.alignment.inliers, -one.alignment.coverage, one.entry)):
        best.setdefault(one.entry, one)
    return list(best.values())


def _aligned(codes: CodeIndex, keypoints: Keypoints, also: Sequence[int] = ()) -> Iterator[Aligned]:
    sides = {False: keypoints, True: keypoints.mirrored()}
    bits: dict[bool, NDArray[np.uint8]] = {}  # most pictures have no candidate, and need none
    voted = {(one.reference, one.mirrored): one.entry for one in codes.find(keypoints)}
    more = {(place, side): entry for entry in also for place in codes.references(entry) for side in sides}
    for (reference, side), entry in (voted | more).items():
        known = codes.at(reference)
        if side not in bits:
            bits[side] = codes.rotation.bits(sides[side].descriptors)
        alignment = align(sides[side], bits[side], known)
        if alignment is not None:
            window = window_of(alignment, known.width, known.height, mirrored=side)
            yield Aligned(entry, reference, alignment, window, (reference, side) in voted)


@dataclass(frozen=True, slots=True)
class Recognition:
    """Judges pictures by their keypoints: `codes` of the list, what else is `listed`, and the `model`."""

    codes: CodeIndex
    listed: Listed
    model: Model

    def matches(self, keypoints: Keypoints, ask: Ask, near: Sequence[Near] = ()) -> list[Match]:
        """Return what the picture with `keypoints` matches, the best first, each entry once.

        Also what shows the same scene, which is no finding. What shows a frame of a video is at most near it.
        What was found `near`, the nearest first, is at least that, at the likelihood of all that is known of
        it. Asks for at most `MOST_WINDOWS` windows.
        """
        also = [one.entry for one in near if self._codes_of(one.entry)][:MOST_NEAR]
        found = aligned(self.codes, keypoints, also)
        seen = {one.entry: self._seen(one, ask(one.window)) for one in found[:MOST_WINDOWS]}
        matches = [self._voted(one.entry, seen[one.entry]) for one in found[:MOST_WINDOWS] if one.voted]
        tried = set(also).difference(one.entry for one in found[MOST_WINDOWS:])
        for one in near:
            enough = one.entry in tried and min(len(keypoints), self._codes_of(one.entry)) >= ENOUGH
            matches.append(self._near(one, seen.get(one.entry, Evidence()) if enough and one.whole else None))
        best: dict[int, Match] = {}
        for match in sorted(map(self._of_whole, matches), key=lambda match: match.rank):
            if match.verdict != "unknown":
                best.setdefault(match.entry, match)
        return list(best.values())

    def _codes_of(self, entry: int) -> int:
        """Return how many codes `entry` has."""
        try:
            return len(self.codes.of(entry))
        except KeyError:
            return 0

    def judge(self, one: Aligned, answer: PartHash | None) -> Match:
        """Return what the picture matches by `one`, given the hash of its window, if it has one."""
        return self._voted(one.entry, self._seen(one, answer))

    def _of_whole(self, match: Match) -> Match:
        if match.verdict == "same_picture" and self.listed.moves(match.entry):
            return replace(match, verdict="near")
        return match

    def _seen(self, one: Aligned, answer: PartHash | None) -> Evidence:
        return Evidence(
            None, one.alignment.inliers, one.alignment.coverage, self._distance(one.entry, answer)
        )

    def _voted(self, entry: int, seen: Evidence) -> Match:
        verdict, likelihood = self._judged(seen, len(self.codes))
        return Match(entry, verdict, seen.window_distance, likelihood)

    def _near(self, one: Near, seen: Evidence | None) -> Match:
        """Return what comes of what was near, given what was `seen` of it; None where it was not tried.

        What is near a copy that reviewers confirmed is not the same picture because of that alone: who takes
        that decision back would have to take back what followed from it.
        """
        if one.distance is None:
            return Match(one.entry, "near", whole=one.whole)
        verdict, likelihood = self._judged(_evidence(one.distance, seen), self.listed.pictured)
        if one.itself is not None:
            verdict, _ = self._judged(_evidence(one.itself, seen), self.listed.pictured)
        kept: Verdict = "same_picture" if verdict == "same_picture" else "near"
        return Match(one.entry, kept, one.distance, likelihood, one.whole)

    def _judged(self, evidence: Evidence, references: int) -> tuple[Verdict, float]:
        return self.model.verdict(evidence, references), self.model.likelihood(evidence, references)

    def _distance(self, entry: int, answer: PartHash | None) -> int | None:
        """Return the distance of a window's hash to the nearest of `entry`, None where there is none."""
        hashes = self.listed.hashes(entry)
        if answer is None or answer.quality < PDQ_QUALITY or not len(hashes):
            return None
        different = hashes ^ np.frombuffer(answer.pdq, np.uint8, HASH_BYTES)
        return int(np.bitwise_count(different).sum(axis=1, dtype=np.intp).min())


def _evidence(distance: int, seen: Evidence | None) -> Evidence:
    """Return what speaks for an entry that is `distance` bits away, and of which so much was `seen`."""
    known = distance if distance < BEYOND else None
    return Evidence(known) if seen is None else replace(seen, distance=known, second=known is not None)


class Entries:
    """What an open reference list says of its entries, for `Recognition`."""

    def __init__(self, index: ReferenceIndex) -> None:
        self._index = index

    @property
    def pictured(self) -> int:
        """How many entries PDQ tells apart."""
        return self._index.pictured

    def hashes(self, entry: int, /) -> NDArray[np.uint8]:
        """Return the PDQ hashes (N, 32) of `entry`, of a video's frames, of sufficient or unknown quality."""
        found = self._index.hashes(entry, PDQ_QUALITY)
        return np.concatenate([found, self._index.films.hashes(entry)]) if self.moves(entry) else found

    def moves(self, entry: int, /) -> bool:
        """Return whether `entry` has frames."""
        return len(self._index.films.hashes(entry)) > 0
