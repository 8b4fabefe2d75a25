"""Every planted bug, in the order of the invariants, and whether it is caught."""

from __future__ import annotations

from random import Random

from luwte.desk.telling.rules import plan
from tests.model import mutants_beside, mutants_people, mutants_things, mutants_wishes, planting
from tests.model.checks import Rules
from tests.model.lives import EVERYTHING, history, violation
from tests.model.planting import Mutant

PARTS = (mutants_wishes, mutants_people, mutants_things, mutants_beside)
MUTANTS = sorted(planting.MUTANTS, key=lambda one: int(one.breaks[1:]))
FIRST, ENOUGH = 1_000_000, 4_000


def caught(mutant: Mutant, checks: frozenset[str] = EVERYTHING, enough: int = ENOUGH) -> str:
    """Return the check that notices the bug in one of `enough` histories; "" when none does.

    A history counts only when the rules without the bug break nothing in it.
    """
    sound = Rules(plan)
    rules = mutant.planted_in(sound)
    for seed in range(FIRST, FIRST + enough):
        broken = violation(history(Random(seed)), rules, checks)
        if broken is not None and violation(history(Random(seed)), sound, checks) is None:
            return broken.check
    return ""
