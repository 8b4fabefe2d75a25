"""Whether both calculators say the same of a random history."""

from __future__ import annotations

from random import Random

from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.shelf import shipped
from luwte.desk.rights.values import Key, Right
from tests.support.case_histories import history, some_day, victim
from tests.support.slow_law import Slow

VERSIONS = tuple(shipped())
Said = tuple[object, ...]


def summed(right: Right) -> Said:
    """Return what is compared of a right: its state, first and last day, and whose it is."""
    return str(right.state), right.opens, right.until, right.whose


def both(seed: int) -> tuple[dict[Key, Said], dict[Key, Said]]:
    """Return what the engine and what the slow calculator say of the history of `seed`."""
    random = Random(seed)
    facts, person, day = history(random), victim(random), some_day(random)
    version = VERSIONS[seed % len(VERSIONS)]
    found = rights(shipped()[version], Matter(facts, person), day)
    slow = Slow(version, facts, person, day)
    wanted: dict[Key, Said] = {Key(*row.key): (*slow.verdict(row), slow.whose(row)) for row in slow.rows()}
    keys = {right.key: summed(right) for right in found}
    assert len(keys) == len(found), "two rows have the same key"
    return keys, wanted
