"""Receipts of a list: the file as it is, and its body signed anew, with the root that its series lead to."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from fuzz.scratch import written
from fuzz.signing import KNOWN, MAKER, document
from luwte.base.errors import BadInput, Failure
from luwte.exchange.commitment import Commitment, SeriesReceipt
from luwte.exchange.receipts import FORMAT, SCHEMA, committed_text, read_receipts


def one(data: bytes) -> None:
    """Read `data` as receipts, as the body of them, and as a body whose root and signature are put right."""
    for content in (data, document(FORMAT, SCHEMA, data), document(FORMAT, SCHEMA, mended(data))):
        with suppress(BadInput, Failure):
            found = read_receipts(written("a.receipts", content), [KNOWN])
            names = [receipt.series for receipt in found.commitment.receipts]
            assert len(set(names)) == len(names), "a series stands twice"
            KNOWN.verify(found.signature, committed_text(found.version, found.commitment.root))


def mended(body: bytes) -> bytes:
    """Return `body` with the root and the signature that fit its series, or as it is where it has none."""
    with suppress(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        read: dict[str, Any] = json.loads(body)
        root = _tree(read).root
        signature = MAKER.sign(committed_text(str(read["version"]), root))
        read |= {"commitment": root.hex(), "signature": signature.hex()}
        return json.dumps(read, indent=1, ensure_ascii=False).encode()
    return body


def _tree(read: dict[str, Any]) -> Commitment:
    rows = [
        SeriesReceipt(
            row["series"],
            bytes.fromhex(row["salt"]),
            bytes.fromhex(row["veil"]),
            row["entries"],
            bytes.fromhex(row["ids"]),
        )
        for row in read["series"]
    ]
    return Commitment(tuple(rows), tuple(bytes.fromhex(one) for one in read["filler"]))
