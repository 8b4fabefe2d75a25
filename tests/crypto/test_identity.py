"""Signatures and encryption between houses."""

from __future__ import annotations

import pytest

from luwte.base.errors import BadInput
from luwte.crypto.identity import Identity, SignatureWrong, decrypt, encrypt
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


def test_pseudonyms_are_stable_and_unlinkable_between_purposes() -> None:
    key = bytes(32)
    assert pseudonym(key, "p1", purpose="subject") == pseudonym(key, b"p1", purpose="subject")
    assert pseudonym(key, "p1", purpose="subject") != pseudonym(key, "p1", purpose="case")
    assert pseudonym(key, "p1", purpose="subject") != pseudonym(bytes(31) + b"1", "p1", purpose="subject")
