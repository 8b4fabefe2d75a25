"""The reference bundle: fingerprints under opaque ids, signed by their maker, encrypted to all it trusts.

Layout: `LUWTEREF` (8 bytes) | header length (4, little-endian) | header (JSON, see statement.py) |
Ed25519 signature over the header (64) | age file with the columns (columns.py). The header names the
SHA-256 of the age file, so the signature covers every byte. The contents are only ever open in memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Protocol

from luwte.base.clock import Clock, SystemClock
from luwte.base.errors import BadInput
from luwte.base.files import make_folder, open_plain, remove_leftovers, replacing
from luwte.base.locks import exclusive
from luwte.crypto.identity import PublicIdentity, decrypt, encrypt_pieces
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.columns import Columns, from_bytes, pieces
from luwte.exchange.commitment import commit
from luwte.exchange.entries import Entry
from luwte.exchange.errors import Unusable, damaged, for_others, unreadable
from luwte.exchange.home import Home
from luwte.exchange.statement import LIMIT, Statement, make_statement, parse_statement
from luwte.exchange.summary import BundleSummary, bundle_summary

MAGIC = b"LUWTEREF"
SIGNATURE_BYTES = 64


@dataclass(frozen=True, eq=False)
class Bundle(Columns):
    """An open bundle: its columns, and the signed `statement` of which list it is."""

    statement: Statement = field(kw_only=True)

    @property
    def list_version(self) -> str:
        """The version of the list: hash of its content and key id of its maker."""
        return self.statement.version


def write_bundle(
    path: Path, entries: Iterable[Entry], home: Home, clock: Clock | None = None
) -> BundleSummary:
    """Write `entries` as a bundle to `path` and return its summary; raises `BadInput` for an empty list.

    Local codes of `entries` stand under the rotation of `home`.
    The file is whole or not there: on any error `path` stays as it was.
    """
    builder = ColumnBuilder()
    for entry in entries:
        builder.add(entry, home.rotation_seed)
    return seal_bundle(path, builder.finish(), home, clock or SystemClock())


class Revision(Protocol):
    """What becomes of a list: each of its entries may change or go, and then others are added."""

    def opened(self, columns: Columns) -> None:
        """Look at the list as it is, before any of its entries is revised."""
        ...

    def revised(self, entry: Entry) -> Entry | None:
        """Return `entry` as it is to be, or None for one that goes."""
        ...

    def added(self) -> Iterable[Entry]:
        """Give the entries that are added, after all others were revised."""
        ...


def extend_bundle(
    path: Path, entries: Iterable[Entry], home: Home, clock: Clock | None = None
) -> BundleSummary:
    """Add `entries` to the bundle `path`, or start it, and return the summary of the new version.

    Entries with an id that is there already are merged with it. Two processes may extend the same bundle
    at once: one waits for the other, and the entries of both are in it. Local codes of `entries` stand under
    the rotation of `home`; raises `OtherRotation` when those in the bundle stand under another.
    """
    return revise_bundle(path, _Added(list(entries)), home, clock)


def revise_bundle(path: Path, revision: Revision, home: Home, clock: Clock | None = None) -> BundleSummary:
    """Do to the bundle `path`, or to a new one, what `revision` says, as `extend_bundle` adds to it."""
    with exclusive(make_folder(path.absolute().parent)):
        builder = ColumnBuilder()
        if path.exists():
            _take(builder, open_bundle(path, home), revision)
        for entry in revision.added():
            builder.add(entry, home.rotation_seed)
        builder.drop_repeated("photodna")
        columns = builder.finish()
        del builder  # as large as the columns are
        return seal_bundle(path, columns, home, clock or SystemClock())


def _take(builder: ColumnBuilder, bundle: Bundle, revision: Revision) -> None:
    rotation = bundle.rotation.tobytes()
    revision.opened(bundle)
    for entry in bundle.entries():
        if (revised := revision.revised(entry)) is not None:
            builder.add(revised, rotation)


class _Added:
    """Adds entries, and leaves the others as they are."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries

    def opened(self, columns: Columns) -> None:
        """Nothing depends on what was there."""

    def revised(self, entry: Entry) -> Entry:
        return entry

    def added(self) -> list[Entry]:
        return self._entries


def open_bundle(path: Path, home: Home) -> Bundle:
    """Return the bundle in `path`, opened in memory with the keys of `home`.

    Raises `BadInput` in one sentence when it is no bundle, of a newer schema, by an unknown signer, changed,
    cut off, encrypted for others or malformed inside.
    """
    statement, sealed = _read(path, home.trusted())
    if home.identity.public.id not in statement.recipients:
        raise for_others(path)
    payload = decrypt(sealed, home.identity)
    del sealed  # as large as the payload is
    columns = from_bytes(payload, str(path))
    if len(columns) != statement.entries:
        raise damaged(path, "its number of entries")
    if columns.schema != statement.schema:
        raise damaged(path, "its schema")
    return Bundle(
        **{field.name: getattr(columns, field.name) for field in fields(columns)}, statement=statement
    )


def is_bundle(path: Path) -> bool:
    """Return whether the file in `path` begins as a bundle does; raises `BadInput` when it cannot be read."""
    try:
        with open_plain(path) as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise unreadable(path, error) from None


def read_statement(path: Path, trusted: Iterable[PublicIdentity]) -> Statement:
    """Return the statement of the bundle in `path` without opening it; raises `BadInput` as `open_bundle`."""
    return _read(path, trusted)[0]


def seal_bundle(path: Path, columns: Columns, home: Home, clock: Clock) -> BundleSummary:
    """Write `columns` to `path`, signed and encrypted to all that `home` trusts, and return their summary."""
    if not len(columns):
        raise BadInput("There is no usable fingerprint in what was given. Nothing was written.")
    trusted = home.trusted()
    content = blake2b(key=home.entry_key, person=b"list version", digest_size=16)
    for piece in pieces(columns):
        content.update(piece)
    sealed = encrypt_pieces(pieces(columns), trusted)
    checksum = (len(sealed), sha256(sealed).hexdigest())
    commitment = commit(columns, content.hexdigest(), home.commitment_key).root.hex()
    statement = make_statement(
        home.identity,
        content.hexdigest(),
        clock.now(),
        trusted,
        len(columns),
        checksum,
        columns.schema,
        commitment,
    )
    header = statement.text.encode()
    remove_leftovers(path)
    with replacing(path) as file:
        file.write(MAGIC + len(header).to_bytes(4, "little") + header + statement.signature)
        file.write(sealed)
    return bundle_summary(columns, statement)


def _read(path: Path, trusted: Iterable[PublicIdentity]) -> tuple[Statement, bytes]:
    try:
        with open_plain(path) as file:
            head = file.read(len(MAGIC) + 4)
            if head[: len(MAGIC)] != MAGIC:
                raise Unusable(f"{path} is not a reference bundle. Build one with `luwte reference build`.")
            length = int.from_bytes(head[len(MAGIC) :], "little")
            signed = file.read(min(length, LIMIT) + SIGNATURE_BYTES)
            if length > LIMIT or len(head) < len(MAGIC) + 4 or len(signed) < length + SIGNATURE_BYTES:
                raise damaged(path, "its header is cut off")
            statement = parse_statement(signed[:length], signed[length:], path)
            statement.check(trusted, path)
            sealed = file.read(statement.size + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(sealed) != statement.size:
        raise damaged(
            path, f"{len(sealed)} of {statement.size} bytes" if len(sealed) < statement.size else "longer"
        )
    if sha256(sealed).hexdigest() != statement.sha256:
        raise damaged(path, "its contents differ")
    return statement, sealed
