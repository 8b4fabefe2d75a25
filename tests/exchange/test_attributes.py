"""Attributes of entries that several lists bring."""

from __future__ import annotations

import itertools

import pytest

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.entries import CONFIRMED_AS, CONFIRMED_IN, MOST_CONFIRMED, Entry, confirmed_in

ID, ORIGIN, K, L = (f"{number:032x}" for number in range(4))


def merged(*attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes of one entry that comes so often, in whatever order."""
    found = []
    for order in itertools.permutations(attributes):
        builder = ColumnBuilder()
        for one in order:
            builder.add(Entry(ID, "s-1", md5=b"m" * 16, attributes=one))
        found.append(builder.finish().attributes_of(0))
    assert all(one == found[0] for one in found)
    return found[0]


def copy(*clusters: str) -> dict[str, str]:
    return {CONFIRMED_AS: ORIGIN, CONFIRMED_IN: confirmed_in(clusters)}


def test_a_copy_of_two_lists_rests_on_the_decisions_of_both() -> None:
    assert merged(copy(K), copy(L, K), {**copy(K), "category": "1"}) == {**copy(K, L), "category": "1"}


@pytest.mark.parametrize("enrolled", [{}, {"category": "1"}])
def test_what_was_enrolled_too_is_no_copy(enrolled: dict[str, str]) -> None:
    assert merged(copy(K), enrolled, copy(L)) == enrolled


def test_no_more_clusters_are_kept_than_may_be() -> None:
    many = [f"{number:032x}" for number in range(20)]
    assert confirmed_in(reversed(many)).split() == many[:MOST_CONFIRMED]
