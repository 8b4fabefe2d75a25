"""Sealing the rows of the vault: one envelope a row, under the person's own data key.

The place of an envelope is `table.column|row`, so that it opens nowhere else. The text inside is padded, so
that the length of a row does not tell whose it is.
"""

from __future__ import annotations

import json
import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from luwte.crypto.envelope import new_key, open_envelope, seal
from luwte.crypto.keyring import KeyRing, KeyRingUnreadable, parse_key_ring, read_key_ring
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.models import Address, Person, PersonKey, Representative
from luwte.desk.vault.place import KEYS_FILE, vault_folder

ENVIRONMENT = "LUWTE_DESK_KEYS"
BLOCK = 512
_DATA_KEY = "person"


def key_ring() -> KeyRing:
    """Return the desk's key ring: from LUWTE_DESK_KEYS (the ring itself or its file), or from the vault's
    folder.

    Raises `KeyRingMissing` or `KeyRingUnreadable`, also when others than its owner can read it in the home.
    """
    given = os.environ.get(ENVIRONMENT, "")
    if given.lstrip().startswith("{"):
        return parse_key_ring(given, ENVIRONMENT)
    path = Path(given) if given else vault_folder() / KEYS_FILE
    try:
        status = path.stat()
    except OSError:
        return read_key_ring(path)
    if not given and status.st_mode & 0o077:
        raise KeyRingUnreadable(f"Other users can read the key ring {path}. Run `chmod 600 {path}` first.")
    return _read(path, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int) -> KeyRing:
    return read_key_ring(path)


def make_data_key(person: Person) -> bytes:
    """Make, wrap and store a data key for `person`, who must be saved already; return the key."""
    key = new_key()
    PersonKey.objects.create(person=person, wrapped=key_ring().wrap(key, _key_place(person.id)))
    return key


def data_key(person_id: str) -> bytes:
    """Return the data key of a person; raises `PersonUnknown` when it was destroyed or never there."""
    stored = PersonKey.objects.filter(person_id=person_id).first()
    if stored is None:
        raise PersonUnknown(person_id)
    return unwrap(stored)


def unwrap(stored: PersonKey) -> bytes:
    """Return the data key in `stored`. Raises `EnvelopeBroken` when the ring cannot open it."""
    return key_ring().unwrap(bytes(stored.wrapped), _key_place(stored.person_id))


def seal_row(row: Person | Address | Representative, key: bytes, content: dict[str, Any]) -> None:
    """Put `content` (JSON values and dates) into the envelope of `row`; saving is the caller's."""
    text = json.dumps(content, default=date.isoformat, ensure_ascii=False).encode()
    padded = text.ljust(-(-len(text) // BLOCK) * BLOCK)
    row.sealed = seal(_DATA_KEY, key, padded, _place(row))


def open_row(row: Person | Address | Representative, key: bytes) -> dict[str, Any]:
    """Return what `seal_row` put into `row`; dates come back as ISO 8601 text."""
    content: dict[str, Any] = json.loads(open_envelope({_DATA_KEY: key}, bytes(row.sealed), _place(row)))
    return content


def day(text: str | None) -> date | None:
    """Return the day that `text` from `open_row` says, None for none."""
    return date.fromisoformat(text) if text else None


def _place(row: Person | Address | Representative) -> str:
    return f"{row._meta.db_table}.sealed|{row.pk}"


def _key_place(person_id: str) -> str:
    return f"{PersonKey._meta.db_table}.wrapped|{person_id}"
