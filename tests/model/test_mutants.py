"""Each planted bug is caught as docs/proof.md says: a suite that cannot fail proves nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.model.mutants import MUTANTS, caught
from tests.model.planting import Mutant
from tests.model.table import PAGE, noticed, rows

TABLE = rows(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("mutant", "row"),
    list(zip(MUTANTS, TABLE, strict=True)),
    ids=[f"{one.breaks}: {one.name}" for one in MUTANTS],
)
def test_mutant_is_caught_as_the_page_says(mutant: Mutant, row: tuple[str, str, tuple[str, ...]]) -> None:
    breaks, name, by = row
    assert (breaks, name) == (mutant.breaks, mutant.name)
    assert by
    assert all(noticed(mutant, way) for way in by)


def test_each_invariant_of_plan_and_safety_has_three_planted_bugs_at_least() -> None:
    counted = Counter(one.breaks for one in MUTANTS)
    # T13 is about words alone.
    assert sorted(counted) == sorted(f"T{number}" for number in range(1, 16) if number != 13)
    assert min(counted.values()) >= 3


def test_no_bug_is_no_mutant() -> None:
    assert caught(Mutant("none", "nothing is wrong", lambda rules: rules), enough=300) == ""
