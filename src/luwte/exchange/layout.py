"""Which columns a payload has, and what their rows are: types and widths are set here, not by the file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.entries import CODE_BYTES, FINGERPRINT_BYTES, FRAME_BYTES

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.uint32]

LAYOUT: dict[str, tuple[str, int]] = {
    "ids": ("u1", 16),
    "series": ("<u4", 1),
    **{
        column: shape
        for kind, width in FINGERPRINT_BYTES.items()
        for column, shape in ((kind, ("u1", width)), (f"{kind}_entry", ("<u4", 1)))
    },
    "pdq_quality": ("u1", 1),
    "attribute_offsets": ("<u8", 1),
    "attributes": ("u1", 1),
    "series_names": ("u1", 1),
    "frames": ("u1", FRAME_BYTES),
    "frames_entry": ("<u4", 1),
    "codes": ("u1", CODE_BYTES),
    "coded_entry": ("<u4", 1),
    "coded_count": ("u1", 1),
    "coded_frame": ("u1", 2),
    "rotation": ("u1", 1),
    "rejected_entry": ("<u4", 1),
    "rejected_sha256": ("u1", 32),
    "rejected_pdq": ("u1", 32),
}
"""The type and the width of each column of the newest schema, in their order."""

_SINCE = {"frames": 2, "frames_entry": 2} | dict.fromkeys(
    (
        *("codes", "coded_entry", "coded_count", "coded_frame", "rotation"),
        *("rejected_entry", "rejected_sha256", "rejected_pdq"),
    ),
    3,
)
UNKNOWN_QUALITY = 255
NO_FRAMES: Bytes = np.zeros((0, FRAME_BYTES), np.uint8)
NO_ENTRIES: Numbers = np.zeros(0, np.uint32)


def layout(schema: int) -> dict[str, tuple[str, int]]:
    """Return the part of `LAYOUT` that a payload of `schema` has."""
    return {name: shape for name, shape in LAYOUT.items() if _SINCE.get(name, 1) <= schema}


def schema_with(names: Collection[str]) -> int:
    """Return the lowest schema that has the columns `names`, as far as they are known."""
    return max((since for name, since in _SINCE.items() if name in names), default=1)


def empty(name: str) -> NDArray[Any]:
    """Return the column `name` without a row."""
    kind, width = LAYOUT[name]
    return np.zeros((0, width) if width > 1 else 0, kind)


def row_type(width: int) -> np.dtype[Any]:
    """Return the type under which rows of `width` bytes compare as byte strings (memcmp)."""
    return np.dtype(f"S{width}")


def as_keys(rows: Bytes) -> NDArray[np.bytes_]:
    """Return the (N, W) byte `rows` as N comparable keys, for sorting and binary search."""
    contiguous = np.ascontiguousarray(rows)
    keys: NDArray[np.bytes_] = contiguous.view(row_type(rows.shape[1])).reshape(-1)
    return keys
