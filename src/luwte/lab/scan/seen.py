"""A file as a scan has seen it, before it is compared with anything."""

from __future__ import annotations

from dataclasses import dataclass

from luwte.lab.carriers import State
from luwte.lab.fingerprints.fingerprint import Fingerprint, Frame
from luwte.lab.fingerprints.kinds import Kind


@dataclass(frozen=True, slots=True)
class Seen:
    """One file of a carrier: where it stood, and what of its fingerprint is known.

    `size` is in bytes, None where a list of hashes does not say it; the digests are None when the content
    could not be read. `variants` holds the PDQ of one or eight forms of the picture (32 bytes each, as is
    first) and of eight for each photo box in it, and `frames` those of its further frames or pages. `error`
    says what went wrong, if anything; `known_good` that a list of known software holds the file, which the
    reference list does not. It is number `place` of the files that root number `root` of the carrier gives,
    both from 0. `licensed` is the hash of a licensed hasher, where the scan has one.
    """

    path: str
    state: State
    size: int | None
    kind: Kind = "other"
    md5: bytes | None = None
    sha1: bytes | None = None
    sha256: bytes | None = None
    width: int | None = None
    height: int | None = None
    pdq: bytes | None = None
    pdq_quality: int | None = None
    variants: bytes | None = None
    error: str | None = None
    frames: tuple[Frame, ...] = ()
    known_good: bool = False
    root: int = 0
    place: int = 0
    licensed: bytes | None = None


def seen(path: str, state: State, size: int, found: Fingerprint | None, error: str | None) -> Seen:
    """Return the file at `path` with what was `found` of it; `size` is what the carrier states."""
    if found is None:
        return Seen(path, state, size, error=error)
    return Seen(
        path,
        state,
        found.size,
        found.kind,
        found.md5,
        found.sha1,
        found.sha256,
        found.width,
        found.height,
        found.pdq,
        found.pdq_quality,
        found.variants,
        error,
        found.frames,
        licensed=found.licensed,
    )
