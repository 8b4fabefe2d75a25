from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from luwte.desk.review import authority
from luwte.desk.review.authority import Version
from luwte.desk.review.errors import FloorImpossible
from luwte.desk.review.floors import Floor
from luwte.desk.review.models import ReviewFloor
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
OWN = Floor(10, 50, 800, 2)


def test_each_version_of_the_floor_is_kept_and_the_last_holds() -> None:
    assert authority.version() == Version(Floor())
    first = authority.set_floor(OWN, "Bo", NOON)
    assert (first.floor, first.set_by, first.since) == (OWN, "Bo", NOON)
    assert authority.set_floor(OWN, "Ria", LATER) == first
    second = authority.set_floor(replace(OWN, more=900), "Ria", LATER)
    assert second.number > first.number
    assert authority.version() == second
    assert [row.more for row in ReviewFloor.objects.order_by("id")] == [800, 900]


@pytest.mark.parametrize(
    "wrong", [{"only": 60}, {"more": 40}, {"more": 1001}, {"only": -1}, {"sample": 1001}]
)
def test_a_floor_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(FloorImpossible, match="per mille"):
        authority.set_floor(replace(OWN, **wrong), "Bo", NOON)
    assert not ReviewFloor.objects.exists()


@pytest.mark.parametrize("by", ["", " ", "x" * 201, "a\x1b[2J"])
def test_somebody_sets_it(by: str) -> None:
    with pytest.raises(FloorImpossible, match="--by"):
        authority.set_floor(OWN, by, NOON)
