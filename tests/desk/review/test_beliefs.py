from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.review.beliefs import (
    NOTHING_DECIDED,
    NOTHING_SEEN,
    UNKNOWN,
    Around,
    Company,
    Seen,
    Tally,
    at_least,
    belief,
    company,
    expected,
    fit,
    most,
    scaled,
    shrunk,
)

ALONE, SOME, MANY, KNOWN = Company
Decided = tuple[int, Company, bool]
ONES = st.tuples(st.integers(0, 1000), st.sampled_from(Company), st.booleans())


def decided(likelihood: int, confirmed: int, rejected: int, kind: Company = ALONE) -> list[Decided]:
    """Return so many decisions on clusters of a likelihood."""
    return [(likelihood, kind, True)] * confirmed + [(likelihood, kind, False)] * rejected


def test_without_decisions_the_report_is_believed() -> None:
    for likelihood in (1, 50, 500, 999):
        assert belief(likelihood, NOTHING_SEEN, NOTHING_DECIDED) == pytest.approx(likelihood / 1000)


def test_a_band_of_strangers_sinks_and_one_of_confirmed_rises_and_other_company_stays() -> None:
    prior = fit(decided(300, 0, 90))
    assert belief(300, NOTHING_SEEN, prior) == pytest.approx(0.3 * 10 / 37 / 10)
    assert belief(300, Seen(MANY), prior) == pytest.approx(0.3)
    prior = fit(decided(700, 90, 0))
    assert belief(700, NOTHING_SEEN, prior) == pytest.approx((90 + 10 * (1 - 0.3 * 10 / 37)) / 100)


def test_likelihoods_that_were_too_high_are_scaled_in_every_band() -> None:
    assert scaled(0.6, Tally(0, 50, 40_000)) == pytest.approx(0.6 * 10 / 50)
    assert scaled(0.6, Tally(50, 50, 10_000)) == pytest.approx(1 - 0.4 * 10 / 50)
    assert scaled(0.6, Tally(25, 50, 25_000)) == scaled(0.6, Tally()) == pytest.approx(0.6)
    assert belief(500, NOTHING_SEEN, fit(decided(800, 0, 50))) == pytest.approx(0.1)


def test_what_nothing_judged_is_as_likely_as_not_until_others_like_it_were_answered() -> None:
    assert belief(UNKNOWN, NOTHING_SEEN, NOTHING_DECIDED) == 0.5
    assert belief(UNKNOWN, NOTHING_SEEN, fit(decided(1, 0, 500))) == 0.5, "the model's are another matter"
    assert belief(UNKNOWN, NOTHING_SEEN, fit(decided(UNKNOWN, 0, 90))) == pytest.approx(0.05)
    assert belief(UNKNOWN, NOTHING_SEEN, fit(decided(UNKNOWN, 90, 0))) == pytest.approx(0.95)
    assert belief(500, NOTHING_SEEN, fit(decided(UNKNOWN, 0, 90))) == 0.5


def test_few_decisions_move_little_and_the_share_is_a_mean() -> None:
    assert shrunk(0.5, Tally(), 10) == 0.5
    assert shrunk(0.5, Tally(0, 1), 10) == pytest.approx(5 / 11)
    assert shrunk(0.5, Tally(3, 10_000), 10) == pytest.approx(0.0008, abs=1e-5)


@given(st.lists(ONES, max_size=40), st.randoms())
def test_what_is_learned_does_not_depend_on_the_order(rows: list[Decided], random: Random) -> None:
    mixed = rows[:]
    random.shuffle(mixed)
    found = fit(rows)
    assert fit(mixed) == found
    judged = [row for row in rows if row[0] != UNKNOWN]
    for tallies, those in ((found.kinds, judged), (found.bands, rows)):
        assert sum(tally.decided for tally in tallies.values()) == len(those)
        assert sum(tally.confirmed for tally in tallies.values()) == sum(one for *_, one in those)


@given(
    st.integers(0, 1000),
    st.builds(Seen, st.sampled_from(Company), *[st.integers(0, 9)] * 4),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_a_belief_is_a_probability_and_each_confirmation_raises_it(
    likelihood: int, seen: Seen, confirmed: int, rejected: int
) -> None:
    prior = fit(decided(likelihood, confirmed, rejected, seen.company))
    found = belief(likelihood, seen, prior)
    assert 0 <= found <= 1
    more = Seen(seen.company, seen.confirmed + 1, seen.rejected, seen.for_it, seen.against)
    less = Seen(seen.company, seen.confirmed, seen.rejected + 1, seen.for_it, seen.against)
    assert belief(likelihood, less, prior) <= found <= belief(likelihood, more, prior)


def test_other_clusters_of_the_entry_in_the_case_count() -> None:
    assert belief(300, Seen(rejected=1), NOTHING_DECIDED) == pytest.approx(0.2)
    assert belief(300, Seen(rejected=4), NOTHING_DECIDED) == pytest.approx(0.1)
    assert belief(300, Seen(confirmed=1), NOTHING_DECIDED) == pytest.approx(1.6 / 3)


def test_a_first_answer_moves_the_odds_as_far_as_answers_are_right() -> None:
    assert belief(500, Seen(against=1), NOTHING_DECIDED) == pytest.approx(0.05)
    assert belief(500, Seen(for_it=1), NOTHING_DECIDED) == pytest.approx(0.95)
    assert belief(300, Seen(for_it=1, against=1), NOTHING_DECIDED) == pytest.approx(0.3)
    assert belief(1000, Seen(against=1), NOTHING_DECIDED) > 0.9


def test_an_answer_does_not_count_twice_against_its_own_cluster() -> None:
    alone = fit(decided(500, 0, 1))
    assert belief(500, Seen(against=1), alone) == belief(500, Seen(against=1), NOTHING_DECIDED)


def test_a_stranger_comes_with_as_many_others_as_chance_brings() -> None:
    def near(names: str, expected: float = 0.01) -> Around:
        return Around(dict.fromkeys(names, False), expected)

    assert company("a", []) == company("a", [near("a")]) == ALONE
    assert company("a", [near("ab")]) == SOME
    assert company("a", [near("abc")]) == MANY
    assert company("a", [near("abc", expected=2.0)]) == ALONE
    assert company("a", [near("abcdefg", expected=2.0)]) == SOME
    assert company("a", [near("abcdefghij", expected=2.0)]) == MANY
    assert company("a", [near("a"), near("ab")]) == SOME
    assert company("a", [Around({"a": False, "b": True}, 90.0)]) == KNOWN


def test_how_probably_chance_brings_so_many() -> None:
    assert at_least(0, 3.0) == 1.0
    assert at_least(1, 3.0) == pytest.approx(1 - 0.049787, abs=1e-5)
    assert at_least(5, 2.0) == pytest.approx(0.052653, abs=1e-5)
    assert at_least(1, 0.0) == 0.0
    assert at_least(1000, 900.0) == 1.0  # too many to tell
    assert (expected(0, 0), expected(0, 1), expected(3, 4)) == (1.0, 1.0, 1.0)


def test_one_cluster_in_two_cases_is_one() -> None:
    assert most([Counter(rejected=2), Counter(rejected=1, confirmed=1)]) == Counter(rejected=2, confirmed=1)
