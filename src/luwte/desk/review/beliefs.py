"""How likely it is that a cluster shows its entry, after all that reviewers of this desk found so far. Pure.

The likelihood in a report comes from two pictures alone. The desk knows more: what became of clusters like
this one, what else of the series stands in the same case, and what the first reviewer said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from math import exp

EDGES = (100, 200, 400, 600, 800, 900, 950, 990)
"""Where one band of likelihoods (per mille) ends and the next begins."""
UNKNOWN = 0
"""The likelihood of a report where nothing judged the match: what a licensed hasher alone found."""
AS_LIKELY_AS_NOT = 0.5
"""What such a match is believed, until reviewers of this desk answered on others."""
STRENGTH = 10.0
"""As many decisions the likelihood of a report weighs as, against what was decided in its band."""
OF_ONE_ENTRY = 2.0
"""The same against what was decided of other clusters of that entry in the same case."""
RECENT = 5_000
"""So many clusters that were answered last are learned from: what labs send changes over the years."""
MISTAKEN = 0.05
"""The share of answers that are taken to be wrong: a first answer moves the odds by this, and no further."""
HARDLY, NEVER = 0.05, 0.001
"""How improbable it is that chance brings so much company, for some and for many."""
SUREST = 0.999


class Company(IntEnum):
    """What else of the series stands in the same case: an identical file (known), or other entries: more than
    chance brings (many), than it mostly brings (some), or no more (alone).

    A stranger that matched by chance comes with as many others as chance brings. It is what labs found,
    whatever reviewers say of it later: otherwise what is confirmed would leave its band.
    """

    ALONE = 0
    SOME = 1
    MANY = 2
    KNOWN = 3


@dataclass(frozen=True, slots=True)
class Around:
    """What labs found of a series in one case: its entries, each with an identical file or without, and how
    many entries chance would bring there (`expected`): as many as others of the list have on average."""

    entries: Mapping[str, bool]
    expected: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What the desk knows of a cluster: its company, how many clusters of its entry in the same cases were
    `confirmed` and `rejected`, and how many answers on the cluster itself are `for_it` and `against`."""

    company: Company = Company.ALONE
    confirmed: int = 0
    rejected: int = 0
    for_it: int = 0
    against: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Of clusters alike, how many were `decided`, and how many of those `confirmed`; `likely` is the sum of
    the likelihoods of their reports, in per mille."""

    confirmed: int = 0
    decided: int = 0
    likely: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.confirmed + other.confirmed, self.decided + other.decided, self.likely + other.likely
        )


def company(entry: str, cases: Iterable[Around]) -> Company:
    """Return the company of a cluster of `entry`, the best of its cases."""
    return max((_in_case(entry, one) for one in cases), default=Company.ALONE)


def _in_case(entry: str, around: Around) -> Company:
    if any(around.entries.values()):
        return Company.KNOWN
    chance = at_least(len(around.entries) - (entry in around.entries), around.expected)
    if chance <= NEVER:
        return Company.MANY
    return Company.SOME if chance <= HARDLY else Company.ALONE


def expected(others: int, series: int) -> float:
    """Return how many entries of one series chance brings into a case with `others` of all other series.

    `series` is how many the list has, as far as is known; one entry is added, so that nothing is improbable
    where little is known.
    """
    return (others + 1) / max(1, series)


def at_least(count: int, expected: float) -> float:
    """Return how probably chance brings `count` or more where it brings `expected` on average (Poisson)."""
    term, below = exp(-expected), 0.0
    for number in range(count):
        below += term
        term *= expected / (number + 1)
    return max(0.0, 1.0 - below)


NOTHING_SEEN = Seen()
NOTHING_AROUND = Around({}, 0.0)
_NONE = Tally()
Band = tuple[int, Company]
"""Clusters alike: the band of their likelihood, and their company."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What was decided, by company, and more narrowly by band."""

    kinds: Mapping[Company, Tally]
    bands: Mapping[Band, Tally]


NOTHING_DECIDED = Prior({}, {})


def most(counts: Iterable[Counter[str]]) -> Counter[str]:
    """Return the highest of each count: a cluster that stands in two cases is one cluster."""
    found: Counter[str] = Counter()
    for one in counts:
        found |= one
    return found


def band(likelihood: int, company: Company) -> Band:
    """Return the band of a cluster with a `likelihood` in per mille; unknown ones have their own."""
    return (-1 if likelihood == UNKNOWN else bisect_right(EDGES, likelihood)), company


def fit(decided: Iterable[tuple[int, Company, bool]]) -> Prior:
    """Return what was decided, in any order; `decided` gives the likelihood in per mille, the company, and
    whether it was confirmed. Of the unknown ones only their band learns: they say nothing of a model."""
    kinds: dict[Company, Tally] = {}
    bands: dict[Band, Tally] = {}
    for likelihood, kind, confirmed in decided:
        one, where = Tally(int(confirmed), 1, likelihood), band(likelihood, kind)
        if likelihood != UNKNOWN:
            kinds[kind] = kinds.get(kind, _NONE) + one
        bands[where] = bands.get(where, _NONE) + one
    return Prior(kinds, bands)


def shrunk(likelihood: float, tally: Tally, strength: float) -> float:
    """Return the share of `tally`, drawn towards `likelihood` (0 to 1) as far as few were decided.

    The mean of a beta distribution after so many trials, where before it had the mean `likelihood` and the
    weight of `strength` trials: the beta-binomial model (A. Gelman and others, Bayesian Data Analysis, third
    edition, 2013, section 2.4).
    """
    return (tally.confirmed + strength * likelihood) / (tally.decided + strength)


def scaled(likelihood: float, tally: Tally) -> float:
    """Return `likelihood` (0 to 1), as far too high or too low as those of `tally` were together.

    Observed over expected, drawn towards 1 where few were decided: the ratio of indirect standardisation,
    with a gamma distribution around 1 before (the same, section 2.6). Too high scales what is confirmed, too
    low what is not.
    """
    likely = tally.likely / 1000
    if tally.confirmed <= likely:
        return likelihood * (tally.confirmed + STRENGTH) / (likely + STRENGTH)
    failed, unlikely = tally.decided - tally.confirmed, tally.decided - likely
    return 1 - (1 - likelihood) * (failed + STRENGTH) / (unlikely + STRENGTH)


def belief(likelihood: int, seen: Seen, prior: Prior) -> float:
    """Return how likely a cluster shows its entry, from 0 to 1.

    `likelihood` is that of its report, in per mille: with nothing decided and nobody's answer it is believed;
    where it is `UNKNOWN`, it is as likely as not.
    """
    kind = prior.kinds.get(seen.company, _NONE)
    tally = prior.bands.get(band(likelihood, seen.company), _NONE)
    if seen.against and not seen.for_it and tally.decided > tally.confirmed:
        own = Tally(0, -1, -likelihood)  # it is in the tallies itself, and would count twice against itself
        kind, tally = kind + own, tally + own
    at_first = AS_LIKELY_AS_NOT if likelihood == UNKNOWN else scaled(likelihood / 1000, kind)
    share = shrunk(at_first, tally, STRENGTH)
    share = shrunk(share, Tally(seen.confirmed, seen.confirmed + seen.rejected), OF_ONE_ENTRY)
    return _answered(share, seen.for_it - seen.against)


def _answered(share: float, more: int) -> float:
    """Bayes' rule, with `more` answers for than against it."""
    if not more:
        return share
    share = min(SUREST, share)
    odds = share / (1 - share) * ((1 - MISTAKEN) / MISTAKEN) ** more
    return odds / (1 + odds)
