"""An envelope opens only with its key, unchanged, in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.crypto.envelope import EnvelopeBroken, key_id_of, new_key, open_envelope, seal

KEY = bytes(range(32))


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(plaintext: bytes, place: str) -> None:
    envelope = seal("2026", KEY, plaintext, place)
    assert key_id_of(envelope) == "2026"
    assert open_envelope({"2026": KEY}, envelope, place) == plaintext


def test_two_seals_of_one_value_differ() -> None:
    assert seal("a", KEY, b"x", "t.c|1") != seal("a", KEY, b"x", "t.c|1")


def test_it_does_not_open_in_another_row() -> None:
    with pytest.raises(EnvelopeBroken, match="moved"):
        open_envelope({"a": KEY}, seal("a", KEY, b"x", "t.c|1"), "t.c|2")


def test_it_does_not_open_with_another_key() -> None:
    envelope = seal("a", KEY, b"x", "t.c|1")
    with pytest.raises(EnvelopeBroken):
        open_envelope({"a": new_key()}, envelope, "t.c|1")
    with pytest.raises(EnvelopeBroken, match="not in the key ring"):
        open_envelope({"b": KEY}, envelope, "t.c|1")


@given(st.data())
def test_any_flipped_bit_is_noticed(data: st.DataObject) -> None:
    envelope = bytearray(seal("a", KEY, b"value", "t.c|1"))
    position = data.draw(st.integers(0, 8 * len(envelope) - 1))
    envelope[position // 8] ^= 1 << position % 8
    with pytest.raises(EnvelopeBroken):
        open_envelope({"a": KEY}, bytes(envelope), "t.c|1")


@given(st.binary(max_size=80))
def test_foreign_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(EnvelopeBroken):
        open_envelope({"a": KEY}, content, "t.c|1")
