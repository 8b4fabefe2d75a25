"""Each planted bug is caught: a suite that cannot fail proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.model.checks import Plan, check_history, check_moment
from tests.model.mutants import MUTANTS, Mutant
from tests.model.reference import World
from tests.model.worlds import due_moments, moments

QUICK = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


# Most bugs show at once; the rare ones need more.
SIZES = (100, 500, 4000)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.breaks}:{mutant.after.strip()[:50]}")
def test_mutant_is_caught(mutant: Mutant) -> None:
    plan = mutant.plan()
    assert any(_fails(check, plan, size) for size in SIZES for check in CHECKS), "nothing noticed this bug"


def _fails(check: Callable[[Plan, int], None], plan: Plan, size: int) -> bool:
    try:
        check(plan, size)
    except Exception:
        return True
    return False


def _due(plan: Plan, size: int) -> None:
    @settings(QUICK, max_examples=size)
    @given(due_moments())
    def check(moment: tuple[World, datetime]) -> None:
        check_moment(plan, *moment)

    check()


def _moments(plan: Plan, size: int) -> None:
    @settings(QUICK, max_examples=size)
    @given(moments())
    def check(moment: tuple[World, datetime]) -> None:
        check_moment(plan, *moment)

    check()


def _lives(plan: Plan, size: int) -> None:
    @settings(QUICK, max_examples=1 + size // 10)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        check_history(plan, data)

    check()


CHECKS = (_due, _moments, _lives)
