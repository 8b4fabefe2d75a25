"""The rules of telling against the reference, and over random lives; hypothesis makes what fails small."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from luwte.desk.telling.rules import plan
from tests.model import reference
from tests.model.acts import ACTS
from tests.model.checks import Rules, Violation, against_reference, run
from tests.model.lives import Life, history, smaller, violation
from tests.model.worlds import start

RULES = Rules(plan)
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
randoms = st.randoms(use_true_random=False)


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(randoms)
def test_every_moment_agrees_with_the_reference(random: Random) -> None:
    world, now = start(random)
    against_reference(run(plan, world, now), world, now)


class Lives(RuleBasedStateMachine):
    """A life that hypothesis leads, and makes short when it breaks something."""

    life: Life

    @initialize(random=randoms)
    def is_born(self, random: Random) -> None:
        self.life = Life(RULES, *start(random))

    @rule(name=st.sampled_from(sorted(ACTS)), random=randoms)
    def something_happens(self, name: str, random: Random) -> None:
        self.life.act(name, random)

    @rule(random=randoms)
    def time_passes(self, random: Random) -> None:
        self.life.pass_time(random)

    @rule(random=randoms)
    def somebody_looks(self, random: Random) -> None:
        self.life.look(random)


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=150, stateful_step_count=12, deadline=None, suppress_health_check=SLOW
)


@pytest.mark.parametrize("share", range(4))
def test_every_history_keeps_the_invariants(share: int) -> None:
    for seed in range(share * 500, share * 500 + 500):
        broken = violation(history(Random(seed)), RULES)
        if broken is not None:
            lived, broken = smaller(history(Random(seed)), RULES, broken)
            pytest.fail(f"history {seed}, in short {lived}: {broken}")


def test_the_reference_keeps_the_invariants_itself() -> None:
    for seed in range(10_000, 10_200):
        assert violation(history(Random(seed)), Rules(reference.plan)) is None


def test_a_violation_says_what_where_and_becomes_small() -> None:
    silent = Rules(lambda *facts: [])
    seed = next(seed for seed in range(100) if violation(history(Random(seed)), silent))
    lived = history(Random(seed))
    broken = violation(lived, silent)
    assert broken is not None
    less, again = smaller(lived, silent, broken)
    assert isinstance(again, Violation)
    assert again.check == broken.check
    assert len(less.steps) == 1
