"""What a worker may answer: a record of fixed size, and what it announces: frames, photo boxes, a hash.

All have a fixed size and a bound, which leaves hostile bytes nothing to get into.
"""

from __future__ import annotations

import struct
from enum import IntEnum

from luwte.lab.fingerprints.boxes import MOST_BOXES
from luwte.lab.fingerprints.fingerprint import (
    FORMS_BYTES,
    MOST_FRAMES,
    PDQ_BYTES,
    Fingerprint,
    Frame,
    boxes_in,
)
from luwte.lab.fingerprints.kinds import KINDS
from luwte.lab.fingerprints.licensed import MOST_WIDTH
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.pieces import Garbled

_REASONS = tuple(Reason)
_NO_QUALITY = 255
_HIGHEST_QUALITY = 100
_RECORD = struct.Struct(f"<HHHBQ16s20s32sBBIIBB{FORMS_BYTES}s")
_ANNOUNCED = struct.Struct("<HHH")
_FRAME = struct.Struct(f"<BB{FORMS_BYTES}s")
RECORD_BYTES = _RECORD.size
FRAME_BYTES = _FRAME.size


class Stage(IntEnum):
    """How far the worker is: it `READY`s once, then answers each file with `DIGESTED` and `FINISHED`."""

    READY = 0
    DIGESTED = 1
    FINISHED = 2


_NOTHING = Fingerprint(0, bytes(16), bytes(20), bytes(32), "other")


def pack(stage: Stage, found: Fingerprint = _NOTHING) -> bytes:
    """Return the record that says `stage` and `found`: `RECORD_BYTES`, frames, boxes, a licensed hash.

    Frames have `FRAME_BYTES` each, boxes `FORMS_BYTES`: first those of the picture itself, then those of each
    frame, in order.
    """
    own = found.variants or b""
    forms = [own, *(frame.variants for frame in found.frames)]
    boxes = b"".join(each[FORMS_BYTES:] for each in forms)
    record = _RECORD.pack(
        len(found.frames),
        len(boxes) // FORMS_BYTES,
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
        boxes_in(own),
        own[:FORMS_BYTES],
    )
    frames = (
        _FRAME.pack(frame.quality, boxes_in(frame.variants), frame.variants[:FORMS_BYTES])
        for frame in found.frames
    )
    return b"".join([record, *frames, boxes, found.licensed or b""])


def following(record: bytes) -> int:
    """Return how many bytes follow the first `RECORD_BYTES` of a record.

    Raises `Garbled` when it announces more than a fingerprint can hold.
    """
    if len(record) != RECORD_BYTES:
        raise Garbled
    frames, boxes, width = _ANNOUNCED.unpack_from(record)
    if frames > MOST_FRAMES or boxes > MOST_BOXES * (1 + frames) or width > MOST_WIDTH:
        raise Garbled
    return int(frames * FRAME_BYTES + boxes * FORMS_BYTES + width)


def unpack(record: bytes) -> tuple[Stage, Fingerprint]:
    """Return what `record` says; raises `Garbled` when any of its values is out of bounds."""
    try:
        if len(record) != RECORD_BYTES + following(record[:RECORD_BYTES]):
            raise Garbled
        count, _, hashed, stage, size, md5, sha1, sha256, *rest = _RECORD.unpack_from(record)
        kind, reason, width, height, quality, boxes, forms = rest
        past, end = RECORD_BYTES + count * FRAME_BYTES, len(record) - hashed
        boxed = _Boxes(record[past:end])
        variants = forms + boxed.take(boxes)
        frames = tuple(
            _frame(quality, forms + boxed.take(boxes))
            for quality, boxes, forms in _FRAME.iter_unpack(record[RECORD_BYTES:past])
        )
        seen = quality != _NO_QUALITY
        if (seen and quality > _HIGHEST_QUALITY) or ((frames or boxes) and not seen) or boxed.left:
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


class _Boxes:
    """The hashes of boxes at the end of a record, from which each picture takes its own."""

    def __init__(self, forms: bytes) -> None:
        self.left = forms

    def take(self, count: int) -> bytes:
        """Return those of the next `count` boxes; raises ValueError when a picture cannot have as many."""
        size = count * FORMS_BYTES
        if count > MOST_BOXES or size > len(self.left):
            raise ValueError(count)
        taken, self.left = self.left[:size], self.left[size:]
        return taken


def _frame(quality: int, variants: bytes) -> Frame:
    if quality > _HIGHEST_QUALITY:
        raise ValueError(quality)
    return Frame(quality, variants)
