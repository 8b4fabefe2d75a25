"""Sealing the rows of the vault: one envelope a row, under the person's own data key.

The place of an envelope is `table.column|row`, so that it opens nowhere else. The text inside is padded, so
that the length of a row does not tell whose it is.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from luwte.crypto.envelope import new_key, open_envelope, seal
from luwte.crypto.keyring import KeyRing
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.models import (
    Address,
    Assessment,
    BreakGlass,
    Draft,
    Factor,
    Person,
    PersonKey,
    Representative,
)
from luwte.desk.vault.place import KEYS_FILE
from luwte.desk.vault.ring import ENVIRONMENT, key_ring

__all__ = [
    "ENVIRONMENT",
    "KEYS_FILE",
    "data_key",
    "day",
    "key_place",
    "key_ring",
    "make_data_key",
    "open_row",
    "seal_row",
    "unwrap",
]

BLOCK = 512
_DATA_KEY = "person"

Row = Person | Address | Representative | BreakGlass | Factor | Assessment | Draft
"""What is sealed under a person's data key; a draft under that of the person to come."""


def make_data_key(person: Person) -> bytes:
    """Make, wrap and store a data key for `person`, who must be saved already; return the key."""
    key = new_key()
    ring = key_ring()
    wrapped = ring.wrap(key, key_place(person.id))
    PersonKey.objects.create(person=person, wrapped=wrapped, version=ring.current)
    return key


def data_key(person_id: str) -> bytes:
    """Return the data key of a person; raises `PersonUnknown` when it was destroyed or never there."""
    stored = PersonKey.objects.filter(person_id=person_id).first()
    if stored is None:
        raise PersonUnknown(person_id)
    return unwrap(stored)


def unwrap(stored: PersonKey, ring: KeyRing | None = None) -> bytes:
    """Return the data key in `stored`. Raises `EnvelopeBroken` when the ring cannot open it.

    Whoever opens many takes the ring once, after the rows were read: one of before may lack their key.
    """
    return (ring or key_ring()).unwrap(bytes(stored.wrapped), key_place(stored.person_id))


def seal_row(row: Row, key: bytes, content: dict[str, Any]) -> None:
    """Put `content` (JSON values and dates) into the envelope of `row`; saving is the caller's."""
    text = json.dumps(content, default=date.isoformat, ensure_ascii=False).encode()
    padded = text.ljust(-(-len(text) // BLOCK) * BLOCK)
    row.sealed = seal(_DATA_KEY, key, padded, _place(row))


def open_row(row: Row, key: bytes) -> dict[str, Any]:
    """Return what `seal_row` put into `row`; dates come back as ISO 8601 text."""
    content: dict[str, Any] = json.loads(open_envelope({_DATA_KEY: key}, bytes(row.sealed), _place(row)))
    return content


def day(text: str | None) -> date | None:
    """Return the day that `text` from `open_row` says, None for none."""
    return date.fromisoformat(text) if text else None


def key_place(person_id: str) -> str:
    """Return the place that a person's wrapped data key is bound to."""
    return f"{PersonKey._meta.db_table}.wrapped|{person_id}"


def _place(row: Row) -> str:
    return f"{row._meta.db_table}.sealed|{row.pk}"
