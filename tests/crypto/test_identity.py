"""Signatures and encryption between houses."""

from __future__ import annotations

import pytest

from luwte.base.errors import BadInput
from luwte.crypto.identity import Identity, PublicIdentity, SignatureWrong, decrypt, encrypt, encrypt_pieces
from luwte.crypto.pseudonyms import pseudonym


def test_a_signature_fits_its_content_and_key_only() -> None:
    house, other = Identity.generate(), Identity.generate()
    signature = house.sign(b"content")
    house.public.verify(signature, b"content")
    for signer, content in ((house, b"Content"), (other, b"content")):
        with pytest.raises(SignatureWrong):
            signer.public.verify(signature, content)


def test_only_recipients_can_open() -> None:
    maker, lab, stranger = Identity.generate(), Identity.generate(), Identity.generate()
    sealed = encrypt(b"list", [maker.public, lab.public])
    assert decrypt(sealed, maker) == decrypt(sealed, lab) == b"list"
    with pytest.raises(BadInput, match="other keys"):
        decrypt(sealed, stranger)


def test_pieces_are_sealed_as_the_whole_they_are() -> None:
    house = Identity.generate()
    pieces: list[bytes | memoryview] = [b"", b"a", bytes(3 << 20), memoryview(b"end"), b""]
    assert decrypt(encrypt_pieces(iter(pieces), [house.public]), house) == b"a" + bytes(3 << 20) + b"end"
    assert decrypt(encrypt_pieces([], [house.public]), house) == b""


@pytest.mark.parametrize("length", [0, 20, 150, 5_000, -1])
def test_what_was_cut_off_or_changed_is_refused(length: int) -> None:
    house = Identity.generate()
    sealed = encrypt(bytes(200_000), [house.public])
    with pytest.raises(BadInput):
        decrypt(sealed[:length], house)
    with pytest.raises(BadInput):
        decrypt(sealed[:length] + bytes([sealed[length] ^ 1]) + sealed[length + 1 :], house)


def test_pseudonyms_are_stable_and_unlinkable_between_purposes() -> None:
    key = bytes(32)
    assert pseudonym(key, "p1", purpose="subject") == pseudonym(key, b"p1", purpose="subject")
    assert pseudonym(key, "p1", purpose="subject") != pseudonym(key, "p1", purpose="case")
    assert pseudonym(key, "p1", purpose="subject") != pseudonym(bytes(31) + b"1", "p1", purpose="subject")


PRIME = 2**255 - 19
TORSION = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826


@pytest.mark.parametrize("high_bit", [0, 2**255])
@pytest.mark.parametrize("y", [0, 1, PRIME - 1, PRIME, PRIME + 1, TORSION, PRIME - TORSION])
def test_keys_under_which_one_signature_fits_everything_are_refused(y: int, high_bit: int) -> None:
    good = Identity.generate().public
    assert PublicIdentity.checked(good.signing, good.recipient) == good
    with pytest.raises(ValueError, match="that can be trusted"):
        PublicIdentity.checked((y + high_bit).to_bytes(32, "little"), good.recipient)


def test_what_is_compared_by_phone_begins_with_the_id() -> None:
    public = Identity.generate().public
    assert public.spoken.replace(" ", "").startswith(public.id)
    assert len(public.spoken.replace(" ", "")) == 32
