"""Verdicts, and the thresholds that the field agreed on for PDQ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["identical", "same_picture", "near", "same_scene", "unknown"]

PDQ_RADIUS = 31
"""Bits of 256 that two PDQ hashes may differ in and still be near (ThreatExchange, PDQ white paper)."""
PDQ_QUALITY = 50
"""The quality from which a PDQ hash may be compared at all, on both sides where it is known."""
_BEST_FIRST: tuple[Verdict, ...] = ("identical", "same_picture", "near", "same_scene", "unknown")
AS_LIKELY_AS_NOT = 0.5
"""Where a match without a likelihood stands among others."""
BEYOND = 257
"""More bits than two hashes can differ in."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of the list that a file matches: its number there, the verdict, and the distance in bits.

    `distance` is None for an identical file, and where PDQ says nothing. `likelihood` (0..1) is how probably
    the file shows that very picture, None where nobody asked. A match of `same_scene` is never a finding.
    `whole`: the whole picture, in one of its eight forms, is so near, not a box in it or one of many frames.
    `remembered`: of a file that is identical only to copies that reviewers confirmed, the clusters (32 hex)
    in which they did. `itself`: of one that is nearer to such a copy, how near it is to the picture itself,
    `BEYOND` where it is not.
    """

    entry: int
    verdict: Verdict
    distance: int | None = None
    likelihood: float | None = None
    whole: bool = True
    remembered: tuple[str, ...] = ()
    itself: int | None = None

    @property
    def rank(self) -> tuple[int, float, int, int]:
        """Orders matches, the best first: by verdict, likelihood, distance (without one last), entry."""
        distance = BEYOND if self.distance is None else self.distance
        likely = AS_LIKELY_AS_NOT if self.likelihood is None else self.likelihood
        return (_BEST_FIRST.index(self.verdict), -likely, distance, self.entry)
