"""Reference bundles: the file around, the signed statement, and the columns within."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from fuzz.scratch import written
from fuzz.signing import KNOWN, MAKER
from luwte.base.errors import BadInput, Failure
from luwte.crypto.identity import Identity, decrypt
from luwte.exchange.bundle import MAGIC, is_bundle, read_statement
from luwte.exchange.columns import from_bytes
from luwte.exchange.statement import parse_statement
from luwte.exchange.summary import bundle_summary

_RECEIVER: Final = Identity.generate()
_AGE: Final = b"age-encryption.org/"
_STATEMENT: Final = parse_statement(
    b'{"entries":1,"format":"luwte-bundle","made":"2026-01-01T00:00:00Z","recipients":[],"schema":1,"sha256":"'
    + b"0" * 64
    + b'","signer":"0000000000000000","size":1,"version":"'
    + b"0" * 32
    + b'-0000000000000000"}',
    bytes(64),
    "the statement of the fuzzer",
)


def one(data: bytes) -> None:
    """Read `data` as what its beginning says: a bundle, a statement, an encrypted payload, or columns."""
    with suppress(BadInput, Failure):
        if data.startswith(MAGIC[:4]):
            path = written("list.lwref", data)
            is_bundle(path)
            read_statement(path, [KNOWN])
        elif data.startswith(b"{"):
            parse_statement(data, MAKER.sign(data), "the input").check([KNOWN], "the input")
        elif data.startswith(_AGE):
            decrypt(data, _RECEIVER)
        else:
            _read_columns(data)


def _read_columns(data: bytes) -> None:
    columns = from_bytes(data, "the input")
    assert len(list(columns.entries())) == len(columns), "entries are lost"
    bundle_summary(columns, _STATEMENT)
