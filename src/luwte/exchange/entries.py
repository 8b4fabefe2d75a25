"""Entries: what a bundle knows of one picture or video, and records: what a foreign list says of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import md5, sha1, sha256

from luwte.crypto.pseudonyms import pseudonym

FINGERPRINT_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}
FRAME_BYTES = 32
"""Bytes of the PDQ of one frame of a video."""
FRAME_QUALITY = 50
"""The quality from which the PDQ of a frame is kept; below it a frame is in no share (vpdq/README)."""
MOST_FRAMES = 1024
"""How many frames of one video an entry holds."""
CODE_BYTES = 20
"""Bytes of one local code: 128 bits and its place (see lab/fingerprints/local_codes.py)."""
MOST_CODES = 64
"""How many local codes an entry holds."""
MOST_CODED_FRAMES = 8
"""Of how many frames of one video an entry holds local codes."""
PLACES = 128
"""Steps along the longer side of a picture that the places of local codes are in."""
SEED_BYTES = 32
"""Bytes of the seed of the secret rotation that local codes stand under."""
UNASSIGNED = "unassigned"
CONFIRMED_AS = "confirmed_as"
"""The attribute of an entry that reviewers made: the id of the entry that its file was confirmed to be."""
CONFIRMED_IN = "confirmed_in"
"""The attribute that says in which clusters that was confirmed: their ids, ascending, a space between."""
MOST_CONFIRMED = 15
"""How many clusters are kept of one copy."""
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
    `frames` holds the PDQ of a video's frames (32 bytes each, no two alike), in the order of the video.
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
    frames: bytes = b""


@dataclass(frozen=True, slots=True)
class RejectedPair:
    """A file that somebody saw and that is not the entry: its SHA-256, its PDQ (32 bytes), or both."""

    sha256: bytes | None
    pdq: bytes | None = None

    def __post_init__(self) -> None:
        parts = [part for part in (self.sha256, self.pdq) if part is not None]
        if not parts or not all(len(part) == 32 and any(part) for part in parts):
            raise ValueError("a rejected file has a SHA-256 or a PDQ of 32 bytes, or both")


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture or video of a reference list: an opaque `id` (32 hex), its series and its fingerprints.

    `frames` holds the PDQ of a video's frames (32 bytes each, no two alike), in the order of the video.
    `codes` holds local codes: width and height in steps, a byte each, and up to 64 codes of 20 bytes. A video
    has none of those but `frame_codes`: such codes of some of its frames, in the order of the video.
    `rejected` are files that were looked at and are not this entry.
    """

    id: str
    series: str
    md5: bytes | None = None
    sha1: bytes | None = None
    sha256: bytes | None = None
    pdq: bytes | None = None
    pdq_quality: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    frames: bytes = b""
    codes: bytes = b""
    rejected: tuple[RejectedPair, ...] = ()
    frame_codes: tuple[bytes, ...] = ()


def entry_from(record: HashRecord, key: bytes, series: str = UNASSIGNED) -> Entry:
    """Return the entry for `record`; `series` serves when the record names none.

    The id is a keyed pseudonym of the series and all fingerprints: under one `key` the same row always
    gives the same id, and without the key nothing follows from it. Raises `ValueError` without fingerprint.
    """
    name = record.series or series
    parts = (record.md5, record.sha1, record.sha256, record.pdq)
    if not any((*parts, record.frames)):
        raise ValueError("a record without a fingerprint cannot become an entry")
    framed = (name.encode(), *parts, *([record.frames] if record.frames else []))
    content = b"".join(_framed(part or b"") for part in framed)
    return Entry(
        pseudonym(key, content, purpose="entry"),
        name,
        *parts,
        record.pdq_quality,
        dict(record.attributes),
        record.frames,
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
    if not any(kept.values()) and not record.frames:
        return None
    if kept == digests:
        return record
    return replace(record, md5=kept["md5"], sha1=kept["sha1"], sha256=kept["sha256"], pdq=kept["pdq"])


def confirmed_in(clusters: Iterable[str]) -> str:
    """Return the value of the attribute `CONFIRMED_IN` for these clusters, at most `MOST_CONFIRMED`."""
    return " ".join(sorted(set(clusters))[:MOST_CONFIRMED])


def coded(entry: Entry) -> tuple[bytes, ...]:
    """Return all local codes of `entry`, of a picture or frame each; raises `ValueError` for misfits."""
    found = entry.frame_codes or ((entry.codes,) if entry.codes else ())
    if (entry.codes if entry.frames else entry.frame_codes) or len(found) > MOST_CODED_FRAMES:
        raise ValueError(f"a picture has local codes, a video those of at most {MOST_CODED_FRAMES} frames")
    for codes in found:
        _check_codes(codes)
    return found


def _check_codes(codes: bytes) -> None:
    count, rest = divmod(len(codes) - 2, CODE_BYTES)
    if rest or not 1 <= count <= MOST_CODES or not all(1 <= side <= PLACES for side in codes[:2]):
        raise ValueError(f"a picture has at most {MOST_CODES} local codes of {CODE_BYTES} bytes")


def frames_from(hashes: Iterable[bytes]) -> bytes:
    """Return the PDQ `hashes` of a video's frames as an entry holds them: in order, each once, no filler.

    Of more than `MOST_FRAMES` that many are kept, the first, the last and others evenly between.
    """
    once = [value for value in dict.fromkeys(hashes) if not constant(value)]
    if len(once) > MOST_FRAMES:
        step = (len(once) - 1) / (MOST_FRAMES - 1)
        once = [once[round(number * step)] for number in range(MOST_FRAMES)]
    return b"".join(once)


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
