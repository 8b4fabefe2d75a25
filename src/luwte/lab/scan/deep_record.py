"""What a worker may say of what it looks at closely: keypoints, and hashes of parts of a picture.

Keypoints are a header of fixed size and as many entries of fixed size as it announces, of the whole picture
first, then of each part that was looked at more closely; those of a video how many frames there are, a byte,
and then those of each frame. The worker has touched hostile bytes: a value that no picture can have refuses
the whole.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from luwte.lab.fingerprints.fingerprint import PDQ_BYTES
from luwte.lab.fingerprints.keypoints import (
    DESCRIPTOR,
    MOST,
    MOST_IN_PART,
    MOST_PARTS,
    SIDE,
    Keypoints,
)
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.fingerprints.windows import PartHash, Window
from luwte.lab.scan.pieces import Garbled

_REASONS = tuple(Reason)
_HEAD = struct.Struct(f"<BHHH{MOST_PARTS}B")  # why there are none (0: there are), width, height, how many
_PLACE_BYTES = 16
_HASH = struct.Struct(f"<BB{PDQ_BYTES}s")  # whether there is one, its quality, the hash
_WINDOW = struct.Struct("<4d2H?")
_HIGHEST_QUALITY = 100
_BEYOND = 1.0
_LARGEST = 2.0 * SIDE
_TURN = 360.0

HEAD_BYTES: Final = _HEAD.size
MOST_LOOKED: Final = 16
"""Frames of a video that are looked at closely."""
KEYPOINT_BYTES: Final = DESCRIPTOR + _PLACE_BYTES
HASH_BYTES: Final = _HASH.size


def pack_keypoints(found: Keypoints | Reason) -> bytes:
    """Return the record of the keypoints `found`, or of why there are none."""
    if isinstance(found, Reason):
        return _HEAD.pack(1 + _REASONS.index(found), 0, 0, 0, *_in_parts(()))
    head = _HEAD.pack(0, found.width, found.height, len(found), *_in_parts(found.parts))
    looks = (found, *found.parts)
    return head + b"".join(look.descriptors.tobytes() + look.places.astype("<f4").tobytes() for look in looks)


def _in_parts(parts: Sequence[Keypoints]) -> list[int]:
    """Return of how many keypoints each part is, of none where there is no such part."""
    return [*map(len, parts), *[0] * (MOST_PARTS - len(parts))]


def following(head: bytes) -> int:
    """Return how many bytes follow the first `HEAD_BYTES` of a record of keypoints. Raises `Garbled`."""
    if len(head) != HEAD_BYTES:
        raise Garbled
    _, _, _, count, *in_parts = _HEAD.unpack(head)
    if count > MOST or max(in_parts) > MOST_IN_PART:
        raise Garbled
    return int(count + sum(in_parts)) * KEYPOINT_BYTES


def unpack_keypoints(record: bytes) -> Keypoints | Reason:
    """Return what `record` says: at most `MOST` keypoints within the picture, or why there are none.

    Raises `Garbled` when a value is out of bounds.
    """
    if len(record) != HEAD_BYTES + following(record[:HEAD_BYTES]):
        raise Garbled
    reason, width, height, *counts = _HEAD.unpack_from(record)
    if reason:
        if reason > len(_REASONS) or any(counts):
            raise Garbled
        why: Reason = _REASONS[reason - 1]
        return why
    looks, place = [], HEAD_BYTES
    for count in counts:
        looks.append(_look(record, place, count, (width, height)))
        place += count * KEYPOINT_BYTES
    whole, *parts = looks
    return replace(whole, parts=tuple(part for part in parts if len(part)))


def _look(record: bytes, start: int, count: int, size: tuple[int, int]) -> Keypoints:
    """Return the `count` keypoints that stand from `start` on. Raises `Garbled`."""
    split, end = start + count * DESCRIPTOR, start + count * KEYPOINT_BYTES
    descriptors = np.frombuffer(record[start:split], np.uint8).reshape(count, DESCRIPTOR)
    places = np.frombuffer(record[split:end], "<f4").astype(np.float32).reshape(count, 4)
    found = Keypoints(*size, descriptors, places)
    if not _can_be(found):
        raise Garbled
    return found


def pack_frames(found: Sequence[Keypoints] | Reason) -> bytes:
    """Return the record of the keypoints of the frames `found` of a video, or of why there are none."""
    frames = [found] if isinstance(found, Reason) else found
    return bytes([len(frames)]) + b"".join(map(pack_keypoints, frames))


def unpack_frames(read: Callable[[int], bytes]) -> list[Keypoints] | Reason:
    """Return the keypoints of the frames of a video, or why there are none, of a record that `read` gives.

    Raises `Garbled` for no frame or more than `MOST_LOOKED`, and where `unpack_keypoints` does.
    """
    (count,) = read(1)
    if not 1 <= count <= MOST_LOOKED:
        raise Garbled
    frames: list[Keypoints] = []
    for number in range(count):
        head = read(HEAD_BYTES)
        found = unpack_keypoints(head + read(following(head)))
        if not isinstance(found, Reason):
            frames.append(found)
        elif number or count > 1:
            raise Garbled
        else:
            return found
    return frames


def pack_window(window: Window) -> bytes:
    """Return the question for the hash of `window`."""
    places = (window.scale, window.turn, window.x, window.y)
    return _WINDOW.pack(*places, window.width, window.height, window.mirrored)


def unpack_window(question: bytes) -> Window:
    """Return the window in `question`. Raises `Garbled`."""
    try:
        return Window(*_WINDOW.unpack(question))
    except struct.error:
        raise Garbled from None


def pack_frame_window(frame: int, window: Window) -> bytes:
    """Return the question for the hash of `window` of frame number `frame` of a video."""
    return bytes([frame]) + pack_window(window)


def pack_hash(found: PartHash | None) -> bytes:
    """Return the record (`HASH_BYTES`) of the hash of a part, None where that part has none."""
    return bytes(HASH_BYTES) if found is None else _HASH.pack(1, found.quality, found.pdq)


def unpack_hash(record: bytes) -> PartHash | None:
    """Return the hash in `record`. Raises `Garbled`."""
    try:
        there, quality, pdq = _HASH.unpack(record)
    except struct.error:
        raise Garbled from None
    if there > 1 or quality > _HIGHEST_QUALITY:
        raise Garbled
    return PartHash(pdq, quality) if there else None


def _can_be(found: Keypoints) -> bool:
    """Return whether a picture can have such keypoints."""
    if not (0 < found.width <= SIDE and 0 < found.height <= SIDE):
        return False
    lowest = np.array([-_BEYOND, -_BEYOND, 0, 0], np.float32)
    highest = np.array([found.width + _BEYOND, found.height + _BEYOND, _LARGEST, _TURN], np.float32)
    within = (found.places >= lowest) & (found.places <= highest)  # false for what is not a number
    return bool(within.all())
