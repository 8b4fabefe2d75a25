from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from luwte.base.ids import new_id
from luwte.crypto.envelope import EnvelopeBroken
from luwte.crypto.keyring import KeyRing, KeyRingUnreadable, parse_key_ring, read_key_ring
from luwte.crypto.token import TokenFailed, TokenKeys, TokenUnusable
from tests.support.token import LABEL, PIN, Token


@pytest.fixture
def token(soft_token: Token) -> TokenKeys:
    return TokenKeys(soft_token.module, LABEL, PIN)


def test_a_key_is_made_seals_opens_and_is_destroyed(token: TokenKeys) -> None:
    name = new_id()[:8]
    assert not token.has(name)
    token.make(name)
    sealed = token.seal(name, b"secret", "place|1")
    assert b"secret" not in sealed
    assert token.open(sealed, "place|1") == b"secret"
    for envelope, place in ((sealed, "place|2"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), "place|1")):
        with pytest.raises(EnvelopeBroken, match="changed or moved"):
            token.open(envelope, place)
    token.destroy(name)
    token.destroy(name)
    with pytest.raises(EnvelopeBroken, match="not in the token"):
        token.open(sealed, "place|1")


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    token = TokenKeys("/nowhere.so", LABEL, PIN)
    for act in (lambda: token.has("x"), lambda: token.seal("x", b"", "p"), lambda: token.make("x")):
        with pytest.raises(TokenUnusable, match="pip install 'luwte"):
            act()


def test_a_key_cannot_be_taken_out(token: TokenKeys) -> None:
    from pkcs11 import Attribute
    from pkcs11.exceptions import AttributeSensitive

    name = new_id()[:8]
    token.make(name)
    key = token._key(name)
    assert key[Attribute.EXTRACTABLE] is False
    with pytest.raises(AttributeSensitive):
        key[Attribute.VALUE]


def test_a_ring_moves_into_the_token_and_its_file_alone_opens_nothing(
    token: TokenKeys, tmp_path: Path
) -> None:
    path, old = tmp_path / "keys.json", KeyRing.generate()
    before = old.wrap(b"key", "p|1")
    ring = old.rotated(token=token)
    after = ring.wrap(b"key", "p|1")
    ring.write(path)
    text = path.read_text()
    assert "keys" not in json.loads(text)
    assert "link" not in json.loads(text)
    found = read_key_ring(path, lambda label: token)
    assert found == ring
    assert found.unwrap(before, "p|1") == found.unwrap(after, "p|1") == b"key"
    with pytest.raises(KeyRingUnreadable, match="LUWTE_TOKEN_MODULE"):
        read_key_ring(path)


def test_destroying_the_old_key_in_the_token_makes_old_copies_of_the_file_worthless(token: TokenKeys) -> None:
    ring = KeyRing.generate().rotated(token=token)
    copy = ring.dump()
    rotated = ring.rotated()
    rotated.without(rotated.names - {rotated.current})
    with pytest.raises(KeyRingUnreadable):
        parse_key_ring(copy, "copy", lambda label: token)


def test_a_child_of_the_process_opens_a_session_of_its_own(token: TokenKeys) -> None:
    name = new_id()[:8]
    token.make(name)
    sealed = token.seal(name, b"secret", "place|1")
    child = os.fork()
    if child == 0:
        opened = b""
        try:
            opened = token.open(sealed, "place|1")
        finally:  # a child that went on would run the other tests as well
            os._exit(0 if opened == b"secret" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert token.open(sealed, "place|1") == b"secret"


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        (lambda one: TokenKeys(one.module, "nobody", PIN), TokenUnusable, "no token 'nobody'"),
        (lambda one: TokenKeys("/nowhere/lib.so", LABEL, PIN), TokenFailed, "LUWTE_TOKEN_MODULE"),
    ],
)
def test_a_token_that_is_not_there_is_said_in_a_sentence(
    soft_token: Token, change: Callable[[Token], TokenKeys], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        change(soft_token).has("a")
