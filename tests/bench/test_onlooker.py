"""The statistics of P14 call the same what is the same, and not what differs a little."""

from __future__ import annotations

import random

import pytest

from bench.onlooker import equivalent, longer, power, standard_error

DICE = random.Random(7)
ONES = [DICE.gauss(0, 1) for _ in range(1000)]
ALIKE = [DICE.gauss(0, 1) for _ in range(1000)]


@pytest.mark.parametrize(
    ("ones", "others", "chance"),
    [([1.0], [2.0], 0.0), ([2.0], [1.0], 1.0), ([1.0], [1.0], 0.5), ([1.0, 3.0], [2.0, 3.0], 0.375)],
)
def test_the_chance_is_counted_over_all_pairs(ones: list[float], others: list[float], chance: float) -> None:
    assert longer(ones, others) == chance
    assert longer(others, ones) == 1 - chance


def test_two_thousand_requests_suffice_and_a_hundred_do_not() -> None:
    assert power(standard_error(1000, 1000)) > 0.95
    assert power(standard_error(50, 50)) == 0


@pytest.mark.parametrize(("shift", "same"), [(0.0, True), (0.4, False), (-0.4, False)])
def test_what_differs_by_less_than_it_varies_is_seen(shift: float, same: bool) -> None:
    shifted = [one + shift for one in ONES]
    assert equivalent(longer(shifted, ALIKE), standard_error(1000, 1000)) is same
