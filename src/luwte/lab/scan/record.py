"""What a worker may answer: a record of fixed size, and what it announces: frames of fixed size, a hash.

Both are bounded, which leaves hostile bytes nothing to get into.
"""

from __future__ import annotations

import struct
from enum import IntEnum

from luwte.lab.fingerprints.fingerprint import MOST_FRAMES, PDQ_BYTES, VARIANTS, Fingerprint, Frame
from luwte.lab.fingerprints.kinds import KINDS
from luwte.lab.fingerprints.licensed import MOST_WIDTH
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.pieces import Garbled

_REASONS = tuple(Reason)
_NO_QUALITY = 255
_HIGHEST_QUALITY = 100
_RECORD = struct.Struct(f"<HHBQ16s20s32sBBIIB{VARIANTS * PDQ_BYTES}s")
_ANNOUNCED = struct.Struct("<HH")
_FRAME = struct.Struct(f"<B{VARIANTS * PDQ_BYTES}s")
RECORD_BYTES = _RECORD.size
FRAME_BYTES = _FRAME.size


class Stage(IntEnum):
    """How far the worker is: it `READY`s once, then answers each file with `DIGESTED` and `FINISHED`."""

    READY = 0
    DIGESTED = 1
    FINISHED = 2


_NOTHING = Fingerprint(0, bytes(16), bytes(20), bytes(32), "other")


def pack(stage: Stage, found: Fingerprint = _NOTHING) -> bytes:
    """Return the record that says `stage` and `found`: `RECORD_BYTES`, its frames, its licensed hash."""
    record = _RECORD.pack(
        len(found.frames),
        len(found.licensed or b""),
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
    frames = b"".join(_FRAME.pack(frame.quality, frame.variants) for frame in found.frames)
    return record + frames + (found.licensed or b"")


def following(record: bytes) -> int:
    """Return how many bytes follow the first `RECORD_BYTES` of a record. Raises `Garbled`."""
    if len(record) != RECORD_BYTES:
        raise Garbled
    count, width = _ANNOUNCED.unpack_from(record)
    if count > MOST_FRAMES or width > MOST_WIDTH:
        raise Garbled
    return int(count) * FRAME_BYTES + int(width)


def unpack(record: bytes) -> tuple[Stage, Fingerprint]:
    """Return what `record` says; raises `Garbled` when any of its values is out of bounds."""
    try:
        if len(record) != RECORD_BYTES + following(record[:RECORD_BYTES]):
            raise Garbled
        _, hashed, stage, size, md5, sha1, sha256, *rest = _RECORD.unpack_from(record)
        kind, reason, width, height, quality, variants = rest
        end = len(record) - hashed
        frames = tuple(_frame(*values) for values in _FRAME.iter_unpack(record[RECORD_BYTES:end]))
        seen = quality != _NO_QUALITY
        if (seen and quality > _HIGHEST_QUALITY) or (frames and not seen):
            raise ValueError(quality)
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
            frames=frames,
            licensed=record[end:] or None,
        )
        return Stage(stage), found
    except (struct.error, ValueError, IndexError):
        raise Garbled from None


def _frame(quality: int, variants: bytes) -> Frame:
    if quality > _HIGHEST_QUALITY:
        raise ValueError(quality)
    return Frame(quality, variants)
