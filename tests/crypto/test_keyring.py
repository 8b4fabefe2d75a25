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


def test_a_ring_in_a_log_or_a_traceback_shows_no_key() -> None:
    ring = KeyRing.generate()
    shown = repr(ring)
    for tree in ring.trees.values():
        shown += repr(tree)
        assert not any(repr(seed) in shown for seed in tree.seeds.values())
    assert not any(repr(key) in shown for key in (*ring.keys.values(), *ring.index.values(), ring.link))
    assert ring.current in shown


def test_a_ring_forgets_single_places_and_opens_all_else() -> None:
    ring = KeyRing.generate()
    gone, kept = ring.wrap(b"gone", "p|1"), ring.wrap(b"kept", "p|2")
    after = ring.punctured(["p|1"])
    assert after.unwrap(kept, "p|2") == b"kept"
    assert (after.destroyed(gone, "p|1"), after.destroyed(kept, "p|2")) == (True, False)
    with pytest.raises(EnvelopeBroken, match="was erased"):
        after.unwrap(gone, "p|1")
    with pytest.raises(EnvelopeBroken, match="was erased"):
        after.wrap(b"again", "p|1")
    assert parse_key_ring(after.dump(), "test") == after


def test_a_ring_of_version_1_is_read_and_made_complete_by_rotating() -> None:
    old = KeyRing.generate()
    plain = KeyRing(old.current, old.keys, old.link)
    body = json.loads(plain.dump())
    text = json.dumps({name: body[name] for name in ("format", "current", "keys", "link")} | {"version": 1})
    read = parse_key_ring(text, "test")
    assert read == plain
    assert not read.complete
    sealed = plain.wrap(b"key", "p|1")
    rotated = read.rotated()
    assert rotated.complete
    assert rotated.unwrap(sealed, "p|1") == b"key"


def test_only_old_keys_are_dropped() -> None:
    ring = KeyRing.generate()
    sealed, rotated = ring.wrap(b"key", "p|1"), ring.rotated()
    with pytest.raises(ValueError, match="current"):
        rotated.without([rotated.current])
    alone = rotated.without([ring.current])
    assert alone.names == {rotated.current} == set(alone.trees) == set(alone.index) == set(alone.made)
    with pytest.raises(EnvelopeBroken, match="not in the key ring"):
        alone.unwrap(sealed, "p|1")
