"""What a leaf holds and how it is written. Plain values: no framework, no clock, no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from luwte.crypto.merkle import leaf_hash

SALT_BYTES = 16
MOST_BYTES = 4096
"""A leaf names an act and what it was about; whoever needs more names a row that holds it."""

Detail = str | int | bool


def content_of(
    act: str, at: datetime, by: str, about: str, details: Mapping[str, Detail], salt: bytes
) -> bytes:
    """Return the content of a leaf: one JSON object, keys in order, no blanks (RFC 8785 for such values).

    The `salt` keeps its hash, which is given out, from telling anything about acts that can be guessed.
    Raises
    `ValueError` for a time without a zone and for more than `MOST_BYTES`.
    """
    if at.utcoffset() is None:
        raise ValueError("a time without a zone")
    body = {
        "act": act,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": by,
        "about": about,
        "details": dict(details),
        "salt": salt.hex(),
    }
    content = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if len(content) > MOST_BYTES:
        raise ValueError("more than a leaf holds")
    return content


def fits(hash_: bytes, content: bytes | None) -> bool:
    """Return whether a leaf's content is what its hash was made of; forgotten content always is."""
    return content is None or leaf_hash(content) == hash_
