from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.crypto.envelope import EnvelopeBroken
from luwte.crypto.keyring import KeyRing, KeyRingMissing, KeyRingUnreadable, parse_key_ring, read_key_ring


def test_ring_is_written_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    ring, path = KeyRing.generate(), tmp_path / "keys.json"
    ring.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key_ring(path) == ring


def test_rotated_ring_opens_what_the_old_one_sealed() -> None:
    old = KeyRing.generate()
    sealed, new = old.wrap(b"data key", "table.column|1"), old.rotated()
    assert new.current != old.current
    assert new.link == old.link
    assert new.unwrap(sealed, "table.column|1") == b"data key"
    with pytest.raises(EnvelopeBroken, match="not in the key ring"):
        old.unwrap(new.wrap(b"x", "p"), "p")


def test_missing_ring_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeyRingMissing, match="luwte desk init"):
        read_key_ring(tmp_path / "keys.json")


GOOD = KeyRing.generate().dump()
_BODY = json.loads(GOOD)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        GOOD[:-10],
        json.dumps(_BODY | {"current": "gone"}).encode(),
        json.dumps(_BODY | {"version": 3}).encode(),
        json.dumps(_BODY | {"link": "c2hvcnQ="}).encode(),
        json.dumps(_BODY | {"keys": {"a": 1}}).encode(),
        json.dumps(_BODY | {"keys": []}).encode(),
    ],
)
def test_damaged_ring_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(KeyRingUnreadable, match="Restore it"):
        parse_key_ring(content, "here")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_ring_or_refused(content: bytes) -> None:
    with pytest.raises(KeyRingUnreadable):
        parse_key_ring(content, "here")
