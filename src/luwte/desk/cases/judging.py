"""Which steps of a case stand, which are corrected, and which wait for what they rest on. Pure.

Nothing here depends on the order in which steps came in: the same steps always give the same answer, so a
step that came too early is applied by itself once the missing one is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from luwte.desk.cases.vocabulary import HEARINGS, OF_A_HEARING, Fact, Step


class Why(StrEnum):
    """Why a step waits: what it rests on is not there."""

    NOTHING_TO_CORRECT = "nothing_to_correct"
    RIVAL = "rival"
    NO_HEARING = "no_hearing"
    NO_CHARGE = "no_charge"
    NO_JUDGMENT = "no_judgment"
    NO_APPEAL = "no_appeal"
    NO_COMPLAINT = "no_complaint"
    NO_REPRESENTATIVE = "no_representative"


@dataclass(frozen=True, slots=True)
class Told:
    """A step as it came in. `about`: whom alone it concerns, "" for everyone of the case."""

    fact: Fact
    about: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the steps of a case come to, by their ids.

    `standing`: what holds now, by the day it was known, then by its own day. `chains`: each step that holds
    or was taken back, with the corrections that led to it, the first one first. `waiting`: id -> why.
    """

    standing: tuple[str, ...]
    chains: Mapping[str, tuple[str, ...]]
    waiting: Mapping[str, Why]

    @property
    def corrected(self) -> frozenset[str]:
        """The steps of which a correction holds now."""
        return frozenset(one for chain in self.chains.values() for one in chain[:-1])


_SET = HEARINGS - {Step.HEARING_MOVED}
_RULINGS = frozenset({Step.JUDGMENT, Step.APPEAL_DECIDED, Step.PENAL_ORDER})
RESTS: Mapping[Step, tuple[Why, frozenset[Step]]] = {
    Step.HEARING_MOVED: (Why.NO_HEARING, _SET),
    Step.HEARING_CANCELLED: (Why.NO_HEARING, _SET),
    Step.HEARING_STARTED: (Why.NO_HEARING, _SET),
    Step.CHARGE_CHANGED: (Why.NO_CHARGE, frozenset({Step.CHARGED})),
    Step.APPEAL_FILED: (Why.NO_JUDGMENT, frozenset({Step.JUDGMENT})),
    Step.JUDGMENT_FINAL: (Why.NO_JUDGMENT, _RULINGS),
    Step.APPEAL_DECIDED: (Why.NO_APPEAL, frozenset({Step.APPEAL_FILED})),
    Step.COMPLAINT_DECIDED: (Why.NO_COMPLAINT, frozenset({Step.COMPLAINT_FILED})),
    Step.REPRESENTATIVE_ENDED: (Why.NO_REPRESENTATIVE, frozenset({Step.REPRESENTATIVE_SET})),
}
"""Step -> why it waits while none of those it rests on is there, of the same hearing or defendant."""


def judge(steps: Iterable[Told]) -> Judged:
    """Return what `steps`, all of one case and none dismissed, come to; their order does not matter."""
    told = {one.fact.id: one for one in steps}
    chains, waiting = _chains(told)
    held = {chain[-1]: told[chain[-1]] for chain in chains}
    waiting |= _resting(held)
    applied = {chain[-1]: chain for chain in chains if chain[-1] not in waiting}
    standing = [held[end].fact for end in applied if held[end].fact.step != Step.TAKEN_BACK]
    return Judged(tuple(fact.id for fact in sorted(standing, key=_order)), applied, waiting)


def _order(fact: Fact) -> tuple[object, ...]:
    return fact.known, fact.occurred, fact.id


def _chains(told: Mapping[str, Told]) -> tuple[list[tuple[str, ...]], dict[str, Why]]:
    """Follow the corrections from each first step; of two of the same step the one known later holds."""
    by: defaultdict[str, list[Fact]] = defaultdict(list)
    for one in told.values():
        if one.fact.supersedes:
            by[one.fact.supersedes].append(one.fact)
    chains, reached = [], set()
    for first in (one.fact for one in told.values() if not one.fact.supersedes):
        chain = [first.id]
        while rivals := by[chain[-1]]:
            chain.append(max(rivals, key=_order).id)
        chains.append(tuple(chain))
        reached |= _below(first.id, by)
    on = {one for chain in chains for one in chain}
    waiting = {one: Why.RIVAL if one in reached else Why.NOTHING_TO_CORRECT for one in told.keys() - on}
    return chains, waiting


def _below(first: str, by: Mapping[str, list[Fact]]) -> set[str]:
    """Return all that corrects `first`, at whatever remove."""
    found: set[str] = set()
    waits = [first]
    while waits:
        for one in by.get(waits.pop(), ()):
            found.add(one.id)
            waits.append(one.id)
    return found


def _resting(held: Mapping[str, Told]) -> dict[str, Why]:
    """Return what waits of `held`, also where that on which it rests waits itself."""
    waiting: dict[str, Why] = {}
    while True:
        there = [one for key, one in held.items() if key not in waiting]
        bases = _bases(there)
        found = {
            one.fact.id: RESTS[one.fact.step][0]
            for one in there
            if one.fact.step in RESTS and not _carried(one, bases)
        }
        if not found:
            return waiting
        waiting |= found


_Bases = Mapping[tuple[Step, str | None], set[str]]


def _bases(there: Iterable[Told]) -> _Bases:
    """Return whom each step concerns that others may rest on, by its hearing or defendant; None: any."""
    found: defaultdict[tuple[Step, str | None], set[str]] = defaultdict(set)
    for one in there:
        place = one.fact.hearing if one.fact.step in HEARINGS else one.fact.defendant
        for key in (place, None):
            found[one.fact.step, key].add(one.about)
    return found


def _carried(one: Told, bases: _Bases) -> bool:
    """Whether a base is there: of the same hearing, or of the same defendant; "" stands for everyone."""
    fact = one.fact
    if fact.step in OF_A_HEARING:
        places: tuple[str | None, ...] = (fact.hearing,)
    else:
        places = (fact.defendant, "") if fact.defendant else (None,)
    abouts = [bases.get((step, place), set()) for step in RESTS[fact.step][1] for place in places]
    return any(found and (not one.about or one.about in found or "" in found) for found in abouts)
