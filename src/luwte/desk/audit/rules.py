"""What a leaf holds and how it is written. Plain values: no framework, no clock, no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from luwte.crypto.merkle import leaf_hash
from luwte.desk.audit.acts import Act

SALT_BYTES = 16
MOST_BYTES = 4096
"""A leaf names an act and what it was about; whoever needs more names a row that holds it."""

Detail = str | int | bool


@dataclass(frozen=True, slots=True)
class Done:
    """An act by `by` about `about`: ids, pseudonyms, roles, numbers; never a name or a person's own text."""

    act: Act
    by: str
    about: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)


def content_of(done: Done, at: datetime, salt: bytes) -> bytes:
    """Return the content of a leaf: one JSON object, keys in order, no blanks (RFC 8785 for such values).

    The `salt` keeps its hash, which is given out, from telling anything about acts that can be guessed.
    Raises
    `ValueError` for a time without a zone and for more than `MOST_BYTES`.
    """
    if at.utcoffset() is None:
        raise ValueError("a time without a zone")
    body = {
        "act": done.act,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": done.by,
        "about": done.about,
        "details": dict(done.details),
        "salt": salt.hex(),
    }
    content = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if len(content) > MOST_BYTES:
        raise ValueError("more than a leaf holds")
    return content


def says(content: bytes, act: str, about: str, at: datetime) -> bool:
    """Return whether a leaf's content names this act, what it is about and when, as its columns do."""
    try:
        body = json.loads(content)
        return (body["act"], body["about"], datetime.fromisoformat(body["at"])) == (act, about, at)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def details_of(content: bytes) -> dict[str, Any]:
    """Return the details in a leaf's content, none for one that does not read as an act."""
    try:
        found = json.loads(content)["details"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def actor_of(content: bytes) -> str:
    """Return who did what a leaf's content says, "" for one that does not read as an act."""
    try:
        return str(json.loads(content)["by"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def fits(hash_: bytes, content: bytes | None) -> bool:
    """Return whether a leaf's content is what its hash was made of; forgotten content always is."""
    return content is None or leaf_hash(content) == hash_
