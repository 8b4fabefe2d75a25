"""Proofs that acts are in a log, across the edges of tiles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luwte.crypto.merkle_several import check_several
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.proofs import proof_of
from tests.support.audit import acts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_acts_at_the_edges_of_tiles_are_proven(size: int) -> None:
    acts(DESK, size)
    DESK.place_waiting()
    for whole in {size, max(1, size - 3)}:
        top = DESK.root(whole)
        for chosen in ({0}, {whole - 1}, {0, whole // 2, whole - 1}, set(range(0, whole, 50)), set()):
            places = sorted(chosen)
            leaves = {place: DESK.hashes(0, place, place + 1)[0] for place in places}
            check_several(leaves, whole, proof_of(DESK, places, whole), top)


def test_a_tile_is_read_once_however_many_of_its_acts_are_proven() -> None:
    acts(DESK, 600)
    DESK.place_waiting()
    counts = []
    for places in ([3], list(range(0, 256, 3))):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            proof_of(DESK, places, 600)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_an_act_that_has_no_place_cannot_be_proven() -> None:
    acts(DESK, 3)
    DESK.place_waiting()
    with pytest.raises(ValueError, match="no such"):
        proof_of(DESK, [3], 3)
