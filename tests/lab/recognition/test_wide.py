from __future__ import annotations

from dataclasses import replace

import pytest

from luwte.lab.recognition import wide
from luwte.lab.recognition.likelihood import Evidence, Model, Thresholds
from luwte.lab.recognition.model import default_model
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.recognition.wide import wide_net
from luwte.lab.reference.index import ReferenceIndex
from tests.support.hashes import random_hashes
from tests.support.indexes import index_of


def listed(count: int) -> ReferenceIndex:
    return index_of(*(("one", None, row.tobytes()) for row in random_hashes(7, count)))


def with_near(near: float) -> Model:
    return replace(default_model(), thresholds=Thresholds(1.0, near))


def test_a_short_list_is_searched_as_far_as_a_distance_is_likely_enough() -> None:
    model, index = default_model(), listed(2_000)
    net = wide_net(model, index)
    assert net > PDQ_RADIUS
    near = model.thresholds.near
    assert model.likelihood(Evidence(net), 2_000) >= near > model.likelihood(Evidence(net + 1), 2_000)


def test_the_longer_the_list_the_narrower_the_net_and_never_below_the_fields_rule() -> None:
    model = default_model()
    reached = [model.reach(count) for count in (10, 1_000, 10_000, 100_000, 10_000_000)]
    assert reached == sorted(reached, reverse=True)
    assert reached[0] == reached[1] > reached[2]
    assert reached[-1] < PDQ_RADIUS
    assert wide_net(with_near(0.99999), listed(2_000)) == PDQ_RADIUS


def test_it_never_goes_beyond_where_strangers_were_measured() -> None:
    start = -default_model().whole.start
    assert with_near(0.0).reach(1) == start
    assert with_near(1.0).reach(1) == -1


def test_a_list_without_hashes_or_too_long_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wide_net(default_model(), index_of(("one", b"m" * 16, None))) == PDQ_RADIUS
    monkeypatch.setattr(wide, "MOST_HASHES", 499)
    assert wide_net(default_model(), listed(2_000)) == PDQ_RADIUS
