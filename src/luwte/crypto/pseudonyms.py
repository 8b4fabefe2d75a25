"""Pseudonyms: names that only the holder of a key can tie to what they stand for.

`pseudonym` goes one way (BLAKE2b, RFC 7693). `veiled` goes both ways: it permutes the 128-bit ids of
`base.ids` (AES-256 on one block, FIPS 197, under a key for each purpose), so that no table of who is who is
ever needed.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

ID_BYTES = 16


def pseudonym(key: bytes, value: str | bytes, *, purpose: str) -> str:
    """Return 128 bits (32 hexadecimal characters) for `value`; each `purpose` gives its own, unlinkable set.

    `key` is at most 64 bytes, `purpose` at most 16 bytes in UTF-8; longer ones raise `ValueError`.
    """
    content = value.encode() if isinstance(value, str) else value
    return blake2b(content, key=key, person=purpose.encode(), digest_size=16).hexdigest()


def veiled(key: bytes, identifier: str, *, purpose: str) -> str:
    """Return the pseudonym of an id of `base.ids` (32 hexadecimal characters); `unveiled` leads back.

    Raises `ValueError` when `identifier` is not such an id, or `purpose` is longer than 16 bytes in UTF-8.
    """
    encryptor = _permutation(key, purpose).encryptor()
    return encryptor.update(_block(identifier)).hex()


def unveiled(key: bytes, found: str, *, purpose: str) -> str:
    """Return the id that `veiled` made `found` from; any other 32 hexadecimal characters give some id.

    So whoever asks must look whether that id exists. Raises `ValueError` as `veiled` does.
    """
    decryptor = _permutation(key, purpose).decryptor()
    return decryptor.update(_block(found)).hex()


@lru_cache(maxsize=16)
def _permutation(key: bytes, purpose: str) -> Cipher[ECB]:
    derived = blake2b(b"permutation", key=key, person=purpose.encode(), digest_size=32).digest()
    # One block, random and of one person: nothing repeats that ECB could show.
    return Cipher(AES(derived), ECB())  # noqa: S305 - of one block, see above # nosec B305


def _block(identifier: str) -> bytes:
    """The case of the letters is part of an id: two spellings of one would have one pseudonym."""
    block = bytes.fromhex(identifier)
    if len(block) != ID_BYTES or block.hex() != identifier:
        raise ValueError("not an id of 32 lower-case hexadecimal characters")
    return block
