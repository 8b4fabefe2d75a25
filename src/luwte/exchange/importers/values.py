"""The values in foreign lists: hashes, sizes, flags. What has not its form raises `ValueError`, with why."""

from __future__ import annotations

import re
from typing import TypedDict

from luwte.exchange.entries import FINGERPRINT_BYTES, series_name

NAMES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "pdq": "PDQ"}
_HEX = re.compile(r"[0-9a-fA-F]*")


class Fingerprints(TypedDict, total=False):
    """The fingerprints of a record, as its keyword arguments."""

    md5: bytes | None
    sha1: bytes | None
    sha256: bytes | None
    pdq: bytes | None


def hash_value(kind: str, text: str) -> bytes:
    """Return the bytes of a hash of `kind` (md5, sha1, sha256, pdq) that stands as hexadecimal `text`."""
    digits = FINGERPRINT_BYTES[kind] * 2
    if len(text) != digits or _HEX.fullmatch(text) is None:
        raise ValueError(f"its {NAMES[kind]} is not {digits} hexadecimal digits")
    return bytes.fromhex(text)


def hash_by_length(text: str, long_kind: str = "sha256") -> Fingerprints:
    """Return the hash in `text` under the kind that its length tells; 64 digits are of `long_kind`."""
    kind = {32: "md5", 40: "sha1", 64: long_kind}.get(len(text))
    if kind is None:
        raise ValueError("it is not a hash of 32, 40 or 64 hexadecimal digits")
    found: Fingerprints = {kind: hash_value(kind, text)}  # type: ignore[misc]
    return found


def whole_number(value: object, limit: int = 2**63 - 1) -> int | None:
    """Return `value` (a number, or text of digits) as 0 to `limit`; None for anything else.

    Sizes, categories and qualities are often filled with other things, and nothing hangs on them: a list is
    not refused for one.
    """
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) <= 19:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= limit else None


def truth(value: object) -> bool:
    """Return what a flag says that may be a boolean, a number or the word `true`."""
    return (
        value is True
        or value == 1
        or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes"))
    )


def series_or_none(value: object) -> str | None:
    """Return the series in `value`, or None when it names none."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError("its series is not a name")
    return series_name(str(value))
