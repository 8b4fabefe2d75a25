"""Pseudonyms: one way, or both ways for whoever holds the key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.base.ids import new_id
from luwte.crypto.pseudonyms import pseudonym, unveiled, veiled

KEY = bytes(range(32))
OTHER_KEY = bytes(32)
IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(IDS)
def test_a_veiled_id_leads_back(identifier: str) -> None:
    found = veiled(KEY, identifier, purpose="subject")
    assert found != identifier
    assert len(found) == 32
    assert unveiled(KEY, found, purpose="subject") == identifier
    assert veiled(KEY, unveiled(KEY, identifier, purpose="subject"), purpose="subject") == identifier


@given(IDS)
def test_another_key_or_purpose_leads_elsewhere(identifier: str) -> None:
    found = veiled(KEY, identifier, purpose="subject")
    assert unveiled(OTHER_KEY, found, purpose="subject") != identifier
    assert unveiled(KEY, found, purpose="party") != identifier
    assert veiled(KEY, identifier, purpose="party") != found


def test_no_two_ids_share_a_pseudonym() -> None:
    ids = {new_id() for _ in range(2_000)}
    assert len({veiled(KEY, one, purpose="subject") for one in ids}) == 2_000


def test_the_permutation_is_fixed() -> None:
    """What stands in a database must be found again by every later version."""
    assert veiled(KEY, "00" * 16, purpose="subject") == "15c90989e1ed6aed0f56ad0142787897"


@pytest.mark.parametrize("wrong", ["", "ab", "AB" * 16, "zz" * 16, "ab" * 17, " " + "ab" * 16])
def test_what_is_no_id_is_refused(wrong: str) -> None:
    for one in (veiled, unveiled):
        with pytest.raises(ValueError, match="hexadecimal"):
            one(KEY, wrong, purpose="subject")


def test_one_way_pseudonyms_differ_by_purpose() -> None:
    assert pseudonym(KEY, "x", purpose="contact") != pseudonym(KEY, "x", purpose="alert")
    assert pseudonym(KEY, b"x", purpose="contact") == pseudonym(KEY, "x", purpose="contact")
