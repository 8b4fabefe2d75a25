"""PDQ, the perceptual hash the field exchanges: 256 bits of a grey picture, in its 8 dihedral variants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints import pdq_numpy

try:
    from luwte import _native
except ImportError:
    ENGINE = "numpy"
    _hashes = pdq_numpy.hashes
else:
    ENGINE = "native"
    _hashes = _native.pdq_hashes

LARGEST_SIDE = 1 << 18


def pdq_hash(grey: NDArray[np.uint8]) -> tuple[bytes, int]:
    """The 32 bytes of PDQ, equal in order to threatexchange's hex, and its quality 0..100.

    `grey` is a raster (height, width) of uint8. Below 5 pixels on a side both are zero, as in the reference
    implementation. The field matches at a Hamming distance of at most 31, and only from quality 50 up.
    Raises ValueError for any other shape or type, an empty raster, or a side above `LARGEST_SIDE`.
    """
    variants, quality = pdq_dihedral(grey)
    return variants[0].tobytes(), quality


def pdq_dihedral(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """PDQ of a raster in its 8 dihedral variants, (8, 32) uint8, and its quality.

    Rows: 0 as is, 1 mirrored left-right, 2 mirrored upside down, 3 turned by 180 degrees; 4..7 are the
    transposes of 0..3, so that 5 is turned by 90 degrees counterclockwise and 6 clockwise. Each equals
    `pdq_hash` of the turned raster. Raises as `pdq_hash` does.
    """
    variants, quality = _hashes(_checked(grey))
    return variants, quality


def _checked(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if not isinstance(grey, np.ndarray) or grey.dtype != np.uint8 or grey.ndim != 2:
        raise ValueError("PDQ needs a grey raster: a two-dimensional array of uint8 (height, width)")
    if grey.size == 0:
        raise ValueError("PDQ needs a raster with at least one pixel")
    if max(grey.shape) > LARGEST_SIDE:
        raise ValueError(f"PDQ takes rasters of at most {LARGEST_SIDE} pixels a side")
    return np.ascontiguousarray(grey)
