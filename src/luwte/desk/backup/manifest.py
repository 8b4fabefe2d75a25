"""What a backup says of itself, signed by the house: what is in it, and what must be true of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from luwte.crypto.identity import Identity, PublicIdentity, SignatureWrong
from luwte.desk.backup.errors import BackupIsNewer, NotABackup
from luwte.exchange.documents import compact

FORMAT = "luwte-backup"
SCHEMA = 1
MOST_BYTES = 1 << 20
_SIGNED = b"luwte-backup/1\n"
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its database, how many rows, their sum (`rows.Tally`), and the last number it gave a row."""

    database: str
    count: int
    sum: str
    last: int


@dataclass(frozen=True, slots=True)
class LogState:
    """A record: how many acts have a place, the root over them (hex), its newest checkpoint or ""."""

    size: int
    root: str
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`id`, when it was `made` and by which `version`; the `migrations` and `tables` of each database; `logs`
    by name; the `ring` of the vault (what only its link key makes) and the keys of it (`versions`) that are
    needed; `content`: SHA-256 over all that comes before this."""

    id: str
    made: datetime
    version: str
    migrations: Mapping[str, Sequence[tuple[str, str]]]
    tables: Mapping[str, Table]
    logs: Mapping[str, LogState]
    ring: str
    versions: Sequence[str]
    content: str

    def signed(self, identity: Identity) -> bytes:
        """Return it as the last line of a backup, signed by the house."""
        body = asdict(self) | {"made": self.made.isoformat()}
        signature = identity.sign(_SIGNED + compact(body)).hex()
        return compact({"manifest": body, "signature": signature}) + b"\n"


def read_manifest(line: bytes, house: PublicIdentity, path: Path) -> Manifest:
    """Return what `signed` wrote. Raises `NotABackup` when `house` did not sign exactly this."""
    try:
        found = json.loads(line)
        body, signature = found["manifest"], bytes.fromhex(found["signature"])
        house.verify(signature, _SIGNED + compact(body))
        return _manifest(body)
    except SignatureWrong:
        raise NotABackup(path, "this house did not sign it") from None
    except _BROKEN:
        raise NotABackup(path, "its end is not that of a backup") from None


def check_head(line: bytes, path: Path) -> str:
    """Return the id in the first line of a backup. Raises `NotABackup` or `BackupIsNewer`."""
    try:
        head = json.loads(line)
        if head["format"] != FORMAT or type(head["schema"]) is not int:
            raise ValueError("format")
        if head["schema"] > SCHEMA:
            raise BackupIsNewer(path, str(head["version"])[:40])
        return str(head["id"])
    except _BROKEN:
        raise NotABackup(path, "it is not a backup of a desk") from None


def head(id_: str, version: str) -> bytes:
    """Return the first line of a backup."""
    return compact({"format": FORMAT, "schema": SCHEMA, "id": id_, "version": version}) + b"\n"


def _manifest(body: dict[str, Any]) -> Manifest:
    return Manifest(
        str(body["id"]),
        datetime.fromisoformat(body["made"]),
        str(body["version"]),
        {alias: [(str(app), str(name)) for app, name in each] for alias, each in body["migrations"].items()},
        {label: Table(**table) for label, table in body["tables"].items()},
        {name: LogState(**state) for name, state in body["logs"].items()},
        str(body["ring"]),
        [str(one) for one in body["versions"]],
        str(body["content"]),
    )
