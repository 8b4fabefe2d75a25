"""Below which belief a cluster is registered and not put before a reviewer: what the authority sets. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from luwte.desk.review.values import Candidate, Stake

SOON = timedelta(days=30)
"""Where a right lapses within this time, the least floor holds."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least belief, in per mille, with which a cluster is asked, by what a confirmed one would change.

    `only`: it may be the only finding that counts of somebody. `first`: the first in its case, of people who
    have others. `more`: it adds files to findings that count; with 1000 that alone is never a reason to look.
    `sample`: of clusters below, so many of a thousand are asked all the same: without them nobody would ever
    know what lies there. What each costs, in looks and in findings: docs/review-measured.md.
    """

    only: int = 20
    first: int = 100
    more: int = 1000
    sample: int = 5


NO_FLOOR = Floor(0, 0, 0, 0)


def is_below(candidate: Candidate, belief: float, floor: Floor, now: datetime) -> bool:
    """Return whether a cluster that is believed in so far (0 to 1) lies below the floor.

    The lowest floor of the cases in which somebody may hear counts. What a reviewer confirmed never lies
    below: there somebody else looks.
    """
    if candidate.seen.for_it or (not candidate.answers and is_sampled(candidate.cluster, floor)):
        return False
    least = min((_least(stake, floor, now) for stake in candidate.stakes if stake.heard), default=0)
    return belief * 1000 < least


def is_sampled(cluster: str, floor: Floor) -> bool:
    """Return whether a cluster is one of those that are asked wherever they lie; always the same ones."""
    return crc32(cluster.encode()) % 1000 < floor.sample


def _least(stake: Stake, floor: Floor, now: datetime) -> int:
    if stake.settled:
        return floor.more
    presses = stake.right is not None and now < stake.right <= now + SOON
    return floor.only if stake.only or presses else floor.first
