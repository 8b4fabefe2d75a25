"""The signed statement of a list: which list it is, who made it and when. It travels with every report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from luwte.crypto.identity import Identity, PublicIdentity, SignatureWrong
from luwte.exchange.documents import compact, moment_from, moment_text, parse_object
from luwte.exchange.errors import damaged, newer, unknown_signer
from luwte.exchange.shapes import (
    COUNT,
    HEX16,
    HEX64,
    MOMENT_TEXT,
    Shape,
    ShapeWrong,
    exactly,
    items,
    record,
    text,
)

FORMAT = "luwte-bundle"
SCHEMA = 3
"""The newest schema that is read: 1, 2 with videos, 3 with local codes or rejected pairs (see columns.py)."""
LIMIT = 1_000_000


def _known_schema(value: object, where: str) -> None:
    if type(value) is not int or not 1 <= value <= SCHEMA:
        raise ShapeWrong(f"{where} is none that is known")


VERSION = text(r"[0-9a-f]{32}-[0-9a-f]{16}", 49)
"""The shape of the version of a list."""
_FIELDS: dict[str, Shape] = {
    "format": exactly(FORMAT),
    "schema": _known_schema,
    "version": VERSION,
    "made": MOMENT_TEXT,
    "signer": HEX16,
    "recipients": items(HEX16, 10_000),
    "entries": COUNT,
    "size": COUNT,
    "sha256": HEX64,
}
_SHAPES = {False: record(**_FIELDS), True: record(**_FIELDS, commitment=HEX64)}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bundle says of itself, with the exact signed `text` and its `signature` (64 bytes).

    `version` is the content's hash (32 hex, keyed by the maker) and the maker's key id: the same entries of
    the same maker always have the same version. `schema` is that of columns.py. `sha256` and
    `size` (bytes) are of the encrypted payload. `commitment` (64 hex) is the root of commitment.py; older
    lists have none ("").
    """

    text: str
    signature: bytes
    schema: int
    version: str
    made: datetime
    signer: str
    recipients: tuple[str, ...]
    entries: int
    size: int
    sha256: str
    commitment: str = ""

    def check(self, trusted: Iterable[PublicIdentity], where: Path | str) -> None:
        """Return nothing when one of `trusted` signed this; raise `SignerUnknown` or `Unusable` otherwise."""
        signers = {identity.id: identity for identity in trusted}
        if self.signer not in signers:
            raise unknown_signer(where, self.signer)
        try:
            signers[self.signer].verify(self.signature, self.text.encode())
        except SignatureWrong:
            raise damaged(where, "the signature over its list does not fit") from None


def make_statement(
    identity: Identity,
    content: str,
    made: datetime,
    recipients: list[PublicIdentity],
    entries: int,
    payload: tuple[int, str],
    schema: int,
    commitment: str = "",
) -> Statement:
    """Return the statement that `identity` signs for a list whose content has the hash `content` (32 hex)."""
    signer = identity.public.id
    document: dict[str, object] = {
        "format": FORMAT,
        "schema": schema,
        "version": f"{content}-{signer}",
        "made": moment_text(made),
        "signer": signer,
        "recipients": sorted({recipient.id for recipient in recipients}),
        "entries": entries,
        "size": payload[0],
        "sha256": payload[1],
    }
    if commitment:
        document["commitment"] = commitment
    signed = compact(document)
    return parse_statement(signed, identity.sign(signed), "the new bundle")


def parse_statement(signed: bytes, signature: bytes, where: Path | str) -> Statement:
    """Return the statement in `signed`, its signature unchecked as yet; raises `BadInput` otherwise."""
    document = parse_object(signed, where)
    schema = document.get("schema")
    if document.get("format") == FORMAT and type(schema) is int and schema > SCHEMA:
        raise newer(where, schema)
    try:
        _SHAPES["commitment" in document](document, "header")
    except ShapeWrong as error:
        raise damaged(where, str(error)) from None
    found: dict[str, object] = {key: value for key, value in document.items() if key != "format"}
    found["made"] = moment_from(str(document["made"]))
    found["recipients"] = tuple(document["recipients"])  # type: ignore[arg-type]
    return Statement(text=signed.decode(), signature=signature, **found)  # type: ignore[arg-type]
