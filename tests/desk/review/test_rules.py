from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.review.rules import Answer, Outcome, outcome, queue, worth
from luwte.desk.review.values import Candidate, Stake
from tests.support.desk import NOON

C, R, U = Answer.CONFIRMED, Answer.REJECTED, Answer.CANNOT_TELL
DAY = timedelta(days=1)
HEARD = Stake(heard=True)


def cluster(name: str = "a", *stakes: Stake, **fields: object) -> Candidate:
    """Return a cluster of one file, likely by half, that somebody may hear of unless told otherwise."""
    found = {"files": 1, "likelihood": 500, "since": NOON} | fields
    return Candidate(name, stakes=stakes or (HEARD,), **found)  # type: ignore[arg-type]


def by_number(answers: tuple[Answer, ...]) -> dict[str, Answer]:
    """Return the answers, each by a reviewer of its own."""
    return {f"r{place}": answer for place, answer in enumerate(answers)}


def test_one_answer_decides_nothing() -> None:
    assert outcome({}) is None
    assert [outcome(by_number((one,))) for one in Answer] == [None, None, None]


def test_two_who_agree_decide_and_a_third_where_they_do_not() -> None:
    assert outcome(by_number((C, C))) == Outcome.CONFIRMED
    assert outcome(by_number((R, R))) == Outcome.REJECTED
    assert outcome(by_number((U, U))) == Outcome.UNCLEAR
    for two in product(Answer, repeat=2):
        assert (outcome(by_number(two)) is None) == (two[0] != two[1])
    assert outcome(by_number((C, R, C))) == Outcome.CONFIRMED
    assert outcome(by_number((C, R, R))) == Outcome.REJECTED
    assert outcome(by_number((C, R, U))) == Outcome.UNCLEAR


def test_of_three_answers_the_majority_decides() -> None:
    for three in product(Answer, repeat=3):
        most, count = Counter(three).most_common(1)[0]
        found = outcome(by_number(three))
        assert found is not None
        assert found == (Outcome.UNCLEAR if count == 1 or most == U else Outcome(most.value))


def test_what_nobody_may_hear_is_not_asked_however_likely() -> None:
    silent = cluster("silent", Stake(), Stake(settled=True, right=NOON + DAY), likelihood=1000, files=10**6)
    assert queue([silent, cluster("heard", likelihood=1)], "w", NOON) == [cluster("heard", likelihood=1)]
    assert worth(silent, NOON) == 0


def test_who_answered_or_refused_does_not_get_it_again() -> None:
    one = cluster(answers=1, passed=frozenset({"w"}))
    assert queue([one], "w", NOON) == []
    assert queue([one], "v", NOON) == [one]


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (cluster("b", likelihood=900), cluster("a", likelihood=100)),
        (cluster("b", files=200), cluster("a", files=1)),
        (cluster("b", HEARD, HEARD), cluster("a", HEARD)),
        (cluster("b", HEARD), cluster("a", Stake(True, settled=True))),
        (cluster("b", Stake(True, right=NOON + DAY)), cluster("a", Stake(True, right=NOON + 20 * DAY))),
        (cluster("b", Stake(True, right=NOON + 20 * DAY)), cluster("a", Stake(True, right=NOON + 90 * DAY))),
        (cluster("b", Stake(True, right=NOON + 90 * DAY)), cluster("a")),
        (cluster("b", answers=1), cluster("a")),
        (cluster("b", likelihood=100), cluster("a", Stake(True, settled=True), likelihood=900)),
        (cluster("b", since=NOON - DAY), cluster("a")),
        (cluster("a"), cluster("b", Stake(True, right=NOON - DAY))),
    ],
)
def test_what_is_worth_more_comes_first(more: Candidate, less: Candidate) -> None:
    for given_in in ([more, less], [less, more]):
        assert queue(given_in, "w", NOON) == [more, less]


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 10**6), st.booleans()), max_size=12))
def test_the_queue_holds_each_once_and_is_the_same_in_any_order(rows: list[tuple[int, int, bool]]) -> None:
    found = [
        cluster(f"{place:02}", Stake(heard), likelihood=likelihood, files=files)
        for place, (likelihood, files, heard) in enumerate(rows)
    ]
    ordered = queue(found, "w", NOON)
    assert ordered == queue(found[::-1], "w", NOON)
    assert sorted(one.cluster for one in ordered) == [one.cluster for one in found if one.stakes[0].heard]
    assert [worth(one, NOON) for one in ordered] == sorted(
        (worth(one, NOON) for one in ordered), reverse=True
    )
