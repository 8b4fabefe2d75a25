"""What a worker may say of a picture for a calibration: a small grey raster, or why there is none."""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.pieces import Garbled

SIDE: Final = 512
"""The longest side, in pixels, of what is said of a picture."""
READY: Final = b"r"
"""What a worker says once, when it can take pictures."""
NO_PICTURE: Final = "no picture"

_WHY = (NO_PICTURE, *Reason)
_HEAD = struct.Struct("<BHH")  # why there is none (0: there is one), width, height
HEAD_BYTES: Final = _HEAD.size


def pack_raster(found: NDArray[np.uint8] | Reason | None) -> bytes:
    """Return the record of a raster (H, W), of why there is none, or (None) of what is no picture."""
    if isinstance(found, np.ndarray):
        height, width = found.shape
        return _HEAD.pack(0, width, height) + found.tobytes()
    return _HEAD.pack(1 + _WHY.index(NO_PICTURE if found is None else found), 0, 0)


def following(head: bytes) -> int:
    """Return how many bytes follow the first `HEAD_BYTES` of a record. Raises `Garbled`."""
    return _read(head)[1] * _read(head)[2]


def unpack_raster(record: bytes) -> NDArray[np.uint8] | str:
    """Return the raster (H, W) in `record`, or why there is none. Raises `Garbled`."""
    why, width, height = _read(record[:HEAD_BYTES])
    if len(record) != HEAD_BYTES + width * height:
        raise Garbled
    if why:
        return str(_WHY[why - 1])
    return np.frombuffer(record[HEAD_BYTES:], np.uint8).reshape(height, width)


def _read(head: bytes) -> tuple[int, int, int]:
    try:
        why, width, height = _HEAD.unpack(head)
    except struct.error:
        raise Garbled from None
    sides = width, height
    if why > len(_WHY) or (sides != (0, 0) if why else not all(0 < side <= SIDE for side in sides)):
        raise Garbled
    return why, width, height
