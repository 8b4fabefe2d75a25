"""Receipts: what the maker of a list gives the desk, so that it can show each person that they were in it.

The file is as secret as the list: it names every series. Nothing follows from it about any picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from luwte.base.errors import BadInput
from luwte.crypto.identity import PublicIdentity, SignatureWrong
from luwte.exchange.bundle import Bundle
from luwte.exchange.commitment import Commitment, SeriesReceipt, commit, series_in
from luwte.exchange.entries import series_name
from luwte.exchange.errors import Unusable, damaged
from luwte.exchange.home import Home
from luwte.exchange.shapes import COUNT, HEX64, HEX128, ShapeWrong, exactly, items, record, text
from luwte.exchange.signed import Sort, read_signed, write_signed
from luwte.exchange.statement import VERSION

FORMAT, SCHEMA = "luwte-receipts", 1
MOST_SERIES = 2**20
SORT: Final = Sort(
    format=FORMAT,
    schema=SCHEMA,
    limit=1024 * 2**20,
    name="receipts",
    wanted="the receipts of a list. Give the file that `luwte reference receipts` wrote.",
)
_SERIES = record(series=text(r".+", 128), salt=HEX64, veil=HEX64, entries=COUNT, ids=HEX64)
_BODY = record(
    format=exactly(FORMAT),
    schema=exactly(SCHEMA),
    version=VERSION,
    commitment=HEX64,
    signature=HEX128,
    filler=items(HEX64, 2 * MOST_SERIES),
    series=items(_SERIES, MOST_SERIES),
)


@dataclass(frozen=True, slots=True)
class Receipts:
    """The receipts for the list `version`, and the `signature` (64 bytes) of its `maker` over the root."""

    version: str
    maker: PublicIdentity
    signature: bytes
    commitment: Commitment


def committed_text(version: str, root: bytes) -> bytes:
    """Return what the maker of a list signs of it for those who are shown one series only."""
    return f"luwte-list-commitment-1\n{version}\n{root.hex()}\n".encode()


def receipts_of(bundle: Bundle, home: Home) -> Receipts:
    """Return the receipts for the list in `bundle`, which `home` made. Raises `BadInput` for any other."""
    statement, maker = bundle.statement, home.identity.public
    if statement.signer != maker.id:
        raise BadInput(
            f"This list was made with key {statement.signer}; only its maker can write receipts for it."
        )
    if not statement.commitment:
        raise BadInput(
            "This list was made before there were receipts. Sign it anew with "
            "`luwte reference build --add --out LIST`; searches with it from then on can be shown."
        )
    found = commit(bundle, statement.version.partition("-")[0], home.commitment_key)
    if found.root.hex() != statement.commitment:
        raise damaged("This list", "what it commits to is not what is in it")
    return Receipts(
        statement.version, maker, home.identity.sign(committed_text(statement.version, found.root)), found
    )


def write_receipts(path: Path, receipts: Receipts, home: Home) -> None:
    """Write `receipts`, signed by `home`, to `path`. Raises `Failure` when they are too large."""
    document = {
        "format": FORMAT,
        "schema": SCHEMA,
        "version": receipts.version,
        "commitment": receipts.commitment.root.hex(),
        "signature": receipts.signature.hex(),
        "filler": [one.hex() for one in receipts.commitment.filler],
        "series": [_row(one) for one in receipts.commitment.receipts],
    }
    write_signed(path, SORT, document, home, "Divide the list over several.")


def read_receipts(path: Path, trusted: Iterable[PublicIdentity]) -> Receipts:
    """Return the receipts in `path`, by whoever made the list, one of `trusted`.

    Raises `BadInput` in one sentence when the file is anything else, or its tree does not lead to its root.
    """
    known = list(trusted)
    document, signer = read_signed(path, SORT, known)
    try:
        _BODY(document, "receipts")
        receipts = tuple(_receipt(row) for row in document["series"])
    except (ShapeWrong, ValueError) as error:
        raise Unusable(f"{path} are no receipts ({error}). Ask the maker of the list for them.") from None
    maker = next(one for one in known if one.id == signer)
    found = Commitment(receipts, tuple(bytes.fromhex(one) for one in document["filler"]))
    _check(document, found, maker, path)
    return Receipts(document["version"], maker, bytes.fromhex(document["signature"]), found)


def check_receipts(receipts: Receipts, bundle: Bundle) -> None:
    """Return nothing when `receipts` are for exactly the series and entries in `bundle`.

    Whoever may open the list can so see that what it commits to is what is in it. Raises `Unusable`.
    """
    top = receipts.commitment.root.hex()
    if (receipts.version, top) != (bundle.statement.version, bundle.statement.commitment):
        raise Unusable("These receipts are for another list. Ask its maker for the right ones.")
    told = {(one.series, one.entries, one.ids) for one in receipts.commitment.receipts}
    if told != set(series_in(bundle)):
        raise Unusable(
            "What this list commits to is not what is in it. Do not search with it, and ask its maker why."
        )


def _check(document: dict[str, Any], found: Commitment, maker: PublicIdentity, path: Path) -> None:
    leaves = len(found.receipts) + len(found.filler)
    if (
        leaves < 1
        or leaves & (leaves - 1)
        or len({one.series for one in found.receipts}) < len(found.receipts)
    ):
        raise damaged(path, "its tree")
    if found.root.hex() != document["commitment"]:
        raise damaged(path, "its series do not lead to what the list commits to")
    if not document["version"].endswith(f"-{maker.id}"):
        raise Unusable(f"{path} is not signed by whoever made the list. Ask its maker for the receipts.")
    try:
        maker.verify(bytes.fromhex(document["signature"]), committed_text(document["version"], found.root))
    except SignatureWrong:
        raise damaged(path, "the signature over what the list commits to") from None


def _row(one: SeriesReceipt) -> dict[str, Any]:
    return {
        "series": one.series,
        "salt": one.salt.hex(),
        "veil": one.veil.hex(),
        "entries": one.entries,
        "ids": one.ids.hex(),
    }


def _receipt(row: dict[str, Any]) -> SeriesReceipt:
    name = series_name(row["series"])
    if name != row["series"]:
        raise ValueError("a series has the wrong form")
    return SeriesReceipt(
        name,
        bytes.fromhex(row["salt"]),
        bytes.fromhex(row["veil"]),
        row["entries"],
        bytes.fromhex(row["ids"]),
    )
