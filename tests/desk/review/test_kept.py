"""What telling keeps for processes that have no people is what it would have said, until it is kept anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import pytest

from luwte.desk.cases.models import Case
from luwte.desk.findings.services import settle_cluster
from luwte.desk.review import kept
from luwte.desk.review.models import KeptStake
from luwte.desk.review.ports import Place
from luwte.desk.review.services import Question, next_for
from luwte.desk.review.values import Stake
from tests.support.desk import NOON, cluster, cluster_id
from tests.support.review import Given, reported, reviewers

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)


def places(*names: str) -> set[Place]:
    """Return the places of series in the case C-1."""
    case = Case.objects.get(number="C-1").id
    return {(name, case) for name in names}


def two_series() -> None:
    """Clusters of two series wait in one case; two reviewers look."""
    reported(cluster("x", "a"), cluster("y", "b", series="s-2"))
    reviewers("Wim", "Ria")


def test_what_is_kept_is_what_telling_said() -> None:
    two_series()
    said = Given(rest=Stake(), by_series={"s-1": Stake(True, True, LATER), "s-2": Stake(True)})
    assert kept.keep(said, NOON) == 2
    assert {*said.asked} == places("s-1", "s-2")
    ((first, second),) = [sorted(places("s-1", "s-2"))]
    assert kept.stakes(places("s-1", "s-2", "s-3"), NOON) == {
        first: Stake(True, True, LATER),
        second: Stake(True),
    }
    assert kept.stakes({first}, NOON) == {first: Stake(True, True, LATER)}


def test_a_right_that_lapsed_meanwhile_presses_no_more() -> None:
    two_series()
    kept.keep(Given(rest=Stake(True, False, LATER)), NOON)
    assert {one.right for one in kept.stakes(places("s-1"), LATER).values()} == {None}


def test_what_is_decided_or_unheard_is_not_kept() -> None:
    two_series()
    settle_cluster(cluster_id("x"), "rejected", NOON)

    def only_heard(places: Collection[Place], now: datetime) -> Mapping[Place, Stake]:
        return {}

    kept.keep(Given(), NOON)
    assert {row.series for row in KeptStake.objects.all()} == {"s-2"}
    assert kept.keep(only_heard, NOON) == 0
    assert not KeptStake.objects.exists()


def test_a_reviewer_is_asked_by_what_is_kept() -> None:
    two_series()
    assert not isinstance(next_for("Wim", kept.stakes, NOON), Question)
    kept.keep(Given(rest=Stake(), by_series={"s-2": Stake(True)}), NOON)
    found = next_for("Wim", kept.stakes, NOON)
    assert isinstance(found, Question)
    assert found.cluster == cluster_id("y")
