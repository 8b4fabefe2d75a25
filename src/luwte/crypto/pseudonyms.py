"""Pseudonyms: names that only the holder of a key can tie to what they stand for (BLAKE2b, RFC 7693)."""

from __future__ import annotations

from hashlib import blake2b


def pseudonym(key: bytes, value: str | bytes, *, purpose: str) -> str:
    """Return 128 bits (32 hexadecimal characters) for `value`; each `purpose` gives its own, unlinkable set.

    `key` is at most 64 bytes, `purpose` at most 16 bytes in UTF-8; longer ones raise `ValueError`.
    """
    content = value.encode() if isinstance(value, str) else value
    return blake2b(content, key=key, person=purpose.encode(), digest_size=16).hexdigest()
