"""Sectors that AES encrypted, one after the other: as LUKS and BitLocker do it."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SECTOR: Final = 512


class NotRead(ValueError):
    """An encrypted volume is not opened: the key is wrong, or it is damaged or of a kind that is not read."""


def of_xts(content: bytes, key: bytes, first: int, sector: int = SECTOR) -> bytes:
    """Return whole sectors of `sector` bytes plain, by XTS (IEEE 1619); `first` is their place in 512 bytes.

    Raises `ValueError` for a key of another length than two of AES have.
    """
    cipher = algorithms.AES(key)
    return b"".join(
        Cipher(cipher, modes.XTS((first + place // SECTOR).to_bytes(16, "little")))
        .decryptor()
        .update(content[place : place + sector])
        for place in range(0, len(content) - sector + 1, sector)
    )


def of_cbc(content: bytes, key: bytes, first: int) -> bytes:
    """Return whole sectors plain, by CBC; the vector is their place in bytes, encrypted with `key` itself."""
    cipher = algorithms.AES(key)
    vectors = Cipher(cipher, modes.ECB()).encryptor()  # noqa: S305 - one block, as the format asks for it # nosec B305
    return b"".join(
        Cipher(cipher, modes.CBC(vectors.update((first * SECTOR + place).to_bytes(16, "little"))))
        .decryptor()
        .update(content[place : place + SECTOR])
        for place in range(0, len(content) - SECTOR + 1, SECTOR)
    )
