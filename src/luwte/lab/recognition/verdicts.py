"""Verdicts, and the thresholds that the field agreed on for PDQ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["identical", "same_picture", "near", "same_scene", "unknown"]

PDQ_RADIUS = 31
"""Bits of 256 that two PDQ hashes may differ in and still be near (ThreatExchange, PDQ white paper)."""
PDQ_QUALITY = 50
"""The quality from which a PDQ hash may be compared at all, on both sides where it is known."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of the list that a file matches: its number there, the verdict, and the distance in bits.

    `distance` is None for an identical file.
    """

    entry: int
    verdict: Verdict
    distance: int | None = None

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Orders matches, the best first: identical before near, then by distance, then by entry."""
        return (self.verdict != "identical", self.distance or 0, self.entry)
