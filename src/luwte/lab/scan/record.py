"""What a worker may answer: one record of fixed size, which leaves hostile bytes nothing to get into."""

from __future__ import annotations

import struct
from enum import IntEnum

from luwte.lab.fingerprints.fingerprint import PDQ_BYTES, VARIANTS, Fingerprint
from luwte.lab.fingerprints.kinds import KINDS
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.pieces import Garbled

_REASONS = tuple(Reason)
_NO_QUALITY = 255
_HIGHEST_QUALITY = 100
_RECORD = struct.Struct(f"<BQ16s20s32sBBIIB{VARIANTS * PDQ_BYTES}s")
RECORD_BYTES = _RECORD.size


class Stage(IntEnum):
    """How far the worker is: it `READY`s once, then answers each file with `DIGESTED` and `FINISHED`."""

    READY = 0
    DIGESTED = 1
    FINISHED = 2


_NOTHING = Fingerprint(0, bytes(16), bytes(20), bytes(32), "other")


def pack(stage: Stage, found: Fingerprint = _NOTHING) -> bytes:
    """Return the record (`RECORD_BYTES` long) that says `stage` and `found`."""
    return _RECORD.pack(
        stage,
        found.size,
        found.md5,
        found.sha1,
        found.sha256,
        KINDS.index(found.kind),
        0 if found.error is None else 1 + _REASONS.index(Reason(found.error)),
        found.width or 0,
        found.height or 0,
        _NO_QUALITY if found.pdq_quality is None else found.pdq_quality,
        found.variants or b"",
    )


def unpack(record: bytes) -> tuple[Stage, Fingerprint]:
    """Return what `record` says; raises `Garbled` when any of its values is out of bounds."""
    try:
        stage, size, md5, sha1, sha256, *rest = _RECORD.unpack(record)
        kind, reason, width, height, quality, variants = rest
        if quality != _NO_QUALITY and quality > _HIGHEST_QUALITY:
            raise ValueError(quality)
        seen = quality != _NO_QUALITY
        found = Fingerprint(
            size=size,
            md5=md5,
            sha1=sha1,
            sha256=sha256,
            kind=KINDS[kind],
            width=width if seen else None,
            height=height if seen else None,
            pdq=variants[:PDQ_BYTES] if seen else None,
            pdq_quality=quality if seen else None,
            variants=variants if seen else None,
            error=str(_REASONS[reason - 1]) if reason else None,
        )
        return Stage(stage), found
    except (struct.error, ValueError, IndexError):
        raise Garbled from None
