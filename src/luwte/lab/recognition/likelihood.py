"""How probably a file shows a picture of the list: from evidence to likelihood to verdict.

Two parts, each measured on edits and on pictures that are none: what a PDQ distance alone says, and what an
alignment of keypoints says. What an alignment says of a pair that is near already is measured on such pairs.
A part gives a score; how often strangers reach that score is read from the tail that was measured, and beyond
it from the tail's own slope: never from a model of independent bits, which is wrong by orders of magnitude
(J. Pickands, Statistical Inference Using Extreme Order Statistics, Ann. Stat. 3 (1975): the excess over a
high threshold is nearly exponential). The size of the list enters as the odds before any evidence: what is
one in a million for a pair is ten strangers a file in a list of ten million.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

from luwte.lab.recognition.verdicts import Verdict

_MOST_INLIERS = 40
_FEW_INLIERS = 8
_UNLIKE = 100  # bits from which a PDQ distance says no more: what strangers have
_LARGEST = 700.0  # exponent of a double


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a file being a picture of the list.

    `distance` is the PDQ distance of the two (0..256), the least of the file's variants; `inliers` and
    `coverage` (0..1) are those of their alignment, 0 without one; `window_distance` is the PDQ distance of
    the aligned window. A distance is None where it is not known. `second` says that the pair was near, by
    `distance`, before it was aligned for that alone, and that both pictures have enough keypoints for that:
    then no alignment speaks against it.
    """

    distance: int | None = None
    inliers: int = 0
    coverage: float = 0.0
    window_distance: int | None = None
    second: bool = False


def features(evidence: Evidence) -> tuple[float, ...]:
    """Return what the score of an alignment is made of, each 0 to 1, in the order of `Model.weights`.

    A constant, the inliers, how much of the overlap they span, whether a window is known, and its likeness.
    """
    inliers, distance = min(evidence.inliers, _MOST_INLIERS), evidence.window_distance
    spanned = evidence.coverage * min(1.0, inliers / _FEW_INLIERS)  # a few span a small overlap by chance
    return (
        1.0,
        inliers / _MOST_INLIERS,
        spanned * inliers / _MOST_INLIERS,
        float(distance is not None),
        0.0 if distance is None else max(0, _UNLIKE - distance) / _UNLIKE,
    )


@dataclass(frozen=True, slots=True)
class Tail:
    """How often a score is reached: by strangers beyond `start`, and by true copies.

    Of all pairs of strangers `share` (0..1) score more than `start`; their mean excess is `excess`. Of true
    copies `found` (0..1) have a score at all, spread over `spread` units of it.
    """

    start: float
    share: float
    excess: float
    found: float
    spread: float

    def log_ratio(self, score: float) -> float:
        """Return the natural logarithm of how much more often a copy than a stranger has this score.

        Below `start` lies the bulk of the strangers: they become more frequent twice as fast.
        """
        beyond = score - self.start
        strangers = log(self.share / self.excess) - (beyond + min(beyond, 0.0)) / self.excess
        return log(self.found / self.spread) - strangers


@dataclass(frozen=True, slots=True)
class Second:
    """What an alignment says of a pair that is near already, and with enough keypoints on both sides.

    `tail` is that of the scores of those that align; `silence` the natural logarithm of how much more often
    copies than strangers do not align at all.
    """

    tail: Tail
    silence: float


SHORTEST = 10
"""A list of fewer pictures is judged like one of so many: what it holds is not likelier for that."""
WIDEST = 1_000
"""A list of fewer is searched no further than one of so many: those, too, hold pictures that are alike."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which likelihood (0..1) a match is `same_picture` or `near`, and how many inliers are a scene."""

    same_picture: float = 0.99
    near: float = 0.05
    same_scene: int = 10


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model: `prior` is the share of files that are taken to show something of the list at all.

    `whole` is the tail of minus the PDQ distance, `aligned` that of the score of `weights` and `features`.
    `second` is what an alignment says of what is near; a model of an older Luwte has none, and says nothing.
    `about` says in words what it was fitted on.
    """

    about: str
    prior: float
    weights: tuple[float, ...]
    whole: Tail
    aligned: Tail
    thresholds: Thresholds = Thresholds()
    second: Second | None = None

    def likelihood(self, evidence: Evidence, references: int) -> float:
        """Return how probably (0..1) the file shows the entry, in a list of `references` pictures.

        The stronger of the two parts counts: they are not independent, so they are never multiplied.
        """
        before = self._before(references)
        odds = [before]
        if evidence.distance is not None:
            odds.append(before + self.whole.log_ratio(-float(evidence.distance)) + self._second(evidence))
        if evidence.inliers and not evidence.second:
            odds.append(before + self.aligned.log_ratio(self.score(evidence)))
        return 1 / (1 + exp(min(-max(odds), _LARGEST)))

    def reach(self, references: int) -> int:
        """Return the bits up to which a PDQ distance alone is near in a list of `references`; -1 for none.

        Never beyond where the measured tail of strangers begins, nor further than in a list of `WIDEST`.
        """
        near = self.thresholds.near
        least = log(near / (1 - near)) if 0 < near < 1 else (1 - 2 * near) * -_LARGEST
        at_start = self._before(max(references, WIDEST)) + self.whole.log_ratio(self.whole.start)
        bits = -self.whole.start - max(0.0, least - at_start) * self.whole.excess
        return max(-1, min(_UNLIKE, int(bits // 1)))

    def score(self, evidence: Evidence) -> float:
        """Return the score of an alignment: log-odds on the pairs that the model was fitted on."""
        return sum(weight * value for weight, value in zip(self.weights, features(evidence), strict=True))

    def _before(self, references: int) -> float:
        """Return the log-odds before any evidence."""
        return log(self.prior / (max(references, SHORTEST) * (1 - self.prior)))

    def _second(self, evidence: Evidence) -> float:
        """Return the logarithm of how much likelier an alignment makes what is near, or the lack of one."""
        if self.second is None or not evidence.second:
            return 0.0
        silence = self.second.silence
        return max(silence, self.second.tail.log_ratio(self.score(evidence))) if evidence.inliers else silence

    def verdict(self, evidence: Evidence, references: int) -> Verdict:
        """Return what `evidence` amounts to in a list of `references`; distance alone is at most near.

        Strong local agreement that is no copy is the same scene: another photo of one room, or one garment.
        """
        likelihood = self.likelihood(evidence, references)
        thresholds = self.thresholds
        speaks = evidence.inliers > 0 and (not evidence.second or self._second(evidence) > 0)
        if speaks and likelihood >= thresholds.same_picture:
            return "same_picture"
        if likelihood >= thresholds.near:
            return "near"
        return "same_scene" if evidence.inliers >= thresholds.same_scene else "unknown"
