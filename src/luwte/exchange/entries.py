"""Entries: what a reference bundle knows of one picture, and records: what a foreign list says of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import md5, sha1, sha256

from luwte.crypto.pseudonyms import pseudonym

FINGERPRINT_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}
UNASSIGNED = "unassigned"
SERIES_LENGTH = 128

# The digests of nothing: every carrier holds empty files, and none of them is a finding.
_OF_NOTHING = {
    md5(b"", usedforsecurity=False).digest(),
    sha1(b"", usedforsecurity=False).digest(),
    sha256(b"").digest(),
}


@dataclass(frozen=True, slots=True)
class HashRecord:
    """One row of a foreign list. Digests are raw bytes; `attributes` is what Luwte keeps but cannot compute.

    `path`, `size` (bytes) and `deleted` are set where the list describes files rather than a hash set.
    """

    path: str | None = None
    size: int | None = None
    md5: bytes | None = None
    sha1: bytes | None = None
    sha256: bytes | None = None
    pdq: bytes | None = None
    pdq_quality: int | None = None
    series: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of a reference list: an opaque `id` (32 hex), its series and its fingerprints."""

    id: str
    series: str
    md5: bytes | None = None
    sha1: bytes | None = None
    sha256: bytes | None = None
    pdq: bytes | None = None
    pdq_quality: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


def entry_from(record: HashRecord, key: bytes, series: str = UNASSIGNED) -> Entry:
    """Return the entry for `record`; `series` serves when the record names none.

    The id is a keyed pseudonym of the series and all fingerprints: under one `key` the same row always
    gives the same id, and without the key nothing follows from it. Raises `ValueError` without fingerprint.
    """
    name = record.series or series
    parts = (record.md5, record.sha1, record.sha256, record.pdq)
    if not any(parts):
        raise ValueError("a record without a fingerprint cannot become an entry")
    content = b"".join(_framed(part or b"") for part in (name.encode(), *parts))
    return Entry(
        pseudonym(key, content, purpose="entry"), name, *parts, record.pdq_quality, dict(record.attributes)
    )


def meaningful(record: HashRecord) -> HashRecord | None:
    """Return `record` without filler values, or None when nothing is left that could identify a picture.

    A constant value (all zeros, all ones) means "not computed" in foreign exports and is dropped; a digest
    of the empty file makes the whole row meaningless.
    """
    digests = {name: getattr(record, name) for name in FINGERPRINT_BYTES}
    if any(value in _OF_NOTHING for value in digests.values()):
        return None
    kept = {name: None if value and constant(value) else value for name, value in digests.items()}
    if not any(kept.values()):
        return None
    if kept == digests:
        return record
    return replace(record, md5=kept["md5"], sha1=kept["sha1"], sha256=kept["sha256"], pdq=kept["pdq"])


def constant(value: bytes) -> bool:
    """Return whether `value` is one byte repeated."""
    return not value or value.count(value[0]) == len(value)


def series_name(text: str) -> str:
    """Return `text` as a series name: trimmed, 1 to 128 printable characters; else raises `ValueError`."""
    name = text.strip()
    if not name or len(name) > SERIES_LENGTH or not name.isprintable():
        raise ValueError(f"a series is 1 to {SERIES_LENGTH} printable characters")
    return name


def _framed(part: bytes) -> bytes:
    return len(part).to_bytes(2, "big") + part
