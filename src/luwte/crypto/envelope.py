"""Envelopes: a value sealed with AES-256-GCM (NIST SP 800-38D) and bound to the place it belongs to.

Layout: `v1` (2 bytes) | key id length (1) | key id | nonce (12) | ciphertext with its tag (16).
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from luwte.base.errors import LuwteError

VERSION = b"v1"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class EnvelopeBroken(LuwteError):
    """An envelope was changed, moved to another place, or sealed with a key that is not here."""


def new_key() -> bytes:
    """Return a fresh 256-bit key."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def seal(key_id: str, key: bytes, plaintext: bytes, place: str) -> bytes:
    """Return `plaintext` sealed under `key`; it opens only with the same `place` (table.column|row)."""
    nonce = os.urandom(NONCE_BYTES)
    return header(key_id) + nonce + AESGCM(key).encrypt(nonce, plaintext, place.encode())


def header(key_id: str) -> bytes:
    """Return what stands before the nonce of an envelope under `key_id`."""
    name = key_id.encode()
    return VERSION + bytes([len(name)]) + name


def key_id_of(envelope: bytes) -> str:
    """Return the id of the key that sealed `envelope`. Raises `EnvelopeBroken` for anything else."""
    length = envelope[2] if len(envelope) > 2 else 0
    if envelope[:2] != VERSION or len(envelope) < 3 + length + NONCE_BYTES + TAG_BYTES:
        raise EnvelopeBroken("A sealed value is not an envelope of this version; restore it from a backup.")
    return envelope[3 : 3 + length].decode("utf-8", "replace")


def open_envelope(keys: Mapping[str, bytes], envelope: bytes, place: str) -> bytes:
    """Return the plaintext of `envelope`, sealed for `place` under one of `keys` (id -> key).

    Raises `EnvelopeBroken` when the key is unknown, or a bit or the place differs.
    """
    key_id = key_id_of(envelope)
    if key_id not in keys:
        raise EnvelopeBroken(f"The key {key_id} is not in the key ring; add it to read {place}.")
    rest = envelope[len(header(key_id)) :]
    try:
        return AESGCM(keys[key_id]).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode())
    except InvalidTag:
        raise EnvelopeBroken(f"The sealed value of {place} was changed or moved; restore it.") from None
