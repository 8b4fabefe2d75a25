"""Looking at a backup before anything is touched: this house's, whole, for this program and this ring?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db.migrations.loader import MigrationLoader

from luwte.base.files import open_plain
from luwte.crypto.keyring import KeyRing, KeyRingMissing
from luwte.crypto.notes import MOST_BYTES, Checkpoint, Verifier, parse_note
from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.audit.checkpoints import signer
from luwte.desk.backup.document import read_lines
from luwte.desk.backup.errors import (
    BackupIsNewer,
    CheckpointForeign,
    ErasedListNotHere,
    NoIdentity,
    NotABackup,
    RingDoesNotFit,
    RingNotHere,
    SecretNotHere,
)
from luwte.desk.backup.keys import Finder, Keys
from luwte.desk.backup.making import ACTS
from luwte.desk.backup.manifest import Manifest, check_head, read_manifest
from luwte.desk.project.folder import SECRET_FILE, desk_folder
from luwte.desk.vault.erased import list_file, listed_ids
from luwte.desk.vault.ring import ENVIRONMENT, key_ring, ring_file
from luwte.exchange.documents import read_bounded
from luwte.exchange.errors import unreadable
from luwte.exchange.home import Home, default_path


@dataclass(frozen=True, slots=True)
class Lost:
    """What a checkpoint from outside shows: the record `log` had `size` acts then, the backup has `kept`."""

    log: str
    size: int
    kept: int


def own_home() -> Home:
    """Return the home, whose identity must be there. Raises `NoIdentity`: none is made."""
    file = default_path() / "identity.json"
    if not file.exists():
        raise NoIdentity(file)
    return Home.open()


def check_secret() -> None:
    """Check that the secret of the desk is there, be it empty. Raises `SecretNotHere`."""
    file = desk_folder() / SECRET_FILE
    if not file.exists():
        raise SecretNotHere(file)


def check_erased() -> int:
    """Return how many people the list of the erased names. Raises `ErasedListNotHere`: empty is an answer."""
    if not (file := list_file()).exists():
        raise ErasedListNotHere(file)
    return len(listed_ids())


def opened(path: Path) -> IO[bytes]:
    """Return the backup at `path`, open. Raises `BadInput` when that is impossible."""
    try:
        return open_plain(path)
    except OSError as error:
        raise unreadable(path, error) from None


def check(path: Path, file: IO[bytes], secret_keys: Sequence[str], home: Home) -> tuple[Manifest, Keys]:
    """Read the whole backup and return what it says of itself, and the keys of other houses in it.

    Nothing is believed before the end. Raises `NotABackup` for one that this house did not sign or that was
    changed, and `BackupIsNewer`.
    """
    finder = Finder(path)
    found = _read(path, file, secret_keys, finder.take)
    last, digest, first = found
    manifest = read_manifest(last, home.identity.public, path)
    if (manifest.content, manifest.id) != (digest, check_head(first, path)):
        raise NotABackup(path, "it was changed after it was signed")
    if any(set(each) - set(MigrationLoader(None).disk_migrations) for each in manifest.migrations.values()):
        raise BackupIsNewer(path, manifest.version)
    return manifest, finder.found(home)


def _read(
    path: Path, file: IO[bytes], secret_keys: Sequence[str], take: Callable[[bytes], None]
) -> tuple[bytes, str, bytes]:
    first: list[bytes] = []

    def look(line: bytes) -> None:
        if not first:
            first.append(line)
            check_head(line, path)
        take(line)

    file.seek(0)
    last, digest = read_lines(file, secret_keys, path, look)
    if not first:
        raise NotABackup(path, "it is cut off")
    return last, digest, first[0]


def check_ring(manifest: Manifest) -> KeyRing:
    """Return the ring, which is the one of the vault in the backup and has its keys.

    Raises `RingNotHere`, `RingDoesNotFit`, or what a ring that cannot be read, or a token, raises.
    """
    where = str(ring_file() or ENVIRONMENT)
    try:
        ring = key_ring()
    except KeyRingMissing:
        raise RingNotHere(where) from None
    if pseudonym(ring.link, "vault", purpose="ring") != manifest.ring:
        raise RingDoesNotFit(where, "it is of another vault")
    if missing := sorted(set(manifest.versions) - ring.names - {""}):
        raise RingDoesNotFit(where, f"the key {missing[0]} is not in it, it is older than the backup")
    return ring


def given_checkpoints(
    files: Sequence[Path], manifest: Manifest, home: Home
) -> tuple[dict[str, list[bytes]], list[Lost]]:
    """Return the checkpoints that the backup must fit, by record, and what those that are newer show.

    Raises `CheckpointForeign` for one that this house did not sign of either record.
    """
    keys = {log.name: signer(home.identity, log).verifier for log in ACTS}
    known: dict[str, list[bytes]] = {name: [] for name in keys}
    lost = []
    for file in files:
        content = read_bounded(file, MOST_BYTES)
        name, size, ours = _whose(file, content, keys)
        if size > manifest.logs[name].size:
            if not ours:
                raise CheckpointForeign(file)
            lost.append(Lost(name, size, manifest.logs[name].size))
        else:
            known[name].append(content)
    for name, state in manifest.logs.items():
        if state.checkpoint:
            known[name].append(state.checkpoint.encode())
    return known, lost


def _whose(file: Path, content: bytes, keys: dict[str, Verifier]) -> tuple[str, int, bool]:
    """Return of which record a checkpoint is, its size, and whether the house's keys of now signed it.

    One of keys of before is checked against what the record says of them, when that is back.
    """
    note = parse_note(content)
    found = Checkpoint.parse(note.body)
    for name, key in keys.items():
        if found.origin == key.name and note.signed_by(key) is not None:
            return name, found.size, True
        if found.origin != key.name and re.fullmatch(rf"luwte/[0-9a-f]{{16}}/{name}", found.origin):
            return name, found.size, False
    raise CheckpointForeign(file)
