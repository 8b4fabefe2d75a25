"""A picture as a file holds it, seen as the scan sees it, and what a list keeps of one."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from luwte.lab.fingerprints.fingerprint import FORMS_BYTES, PDQ_BYTES, Frame, frame_of
from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.local_codes import Rotation
from luwte.lab.fingerprints.pictures import GreyPicture, decode_grey
from luwte.lab.fingerprints.quarters import find_closely
from luwte.lab.fingerprints.windows import PartHash, Window, window_hash

SEED = bytes(range(32))
"""Of the rotation that the local codes of a gallery stand under."""


class Query:
    """A picture as a file holds it, decoded as the scan does; each part is made when it is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def colours(self) -> NDArray[np.uint8]:
        """The picture in full size (H, W, 3)."""
        return np.asarray(Image.open(io.BytesIO(self.content)).convert("RGB"))

    @cached_property
    def by_field(self) -> tuple[bytes, int]:
        """The PDQ (32 bytes) of the full size by `pdqhash`, as the field makes it, and its quality."""
        bits, quality = pdqhash.compute(self.colours)
        return np.packbits(bits).tobytes(), int(quality)

    @cached_property
    def picture(self) -> GreyPicture:
        """What the scan decodes."""
        return decode_grey(self.content)

    @cached_property
    def frame(self) -> Frame:
        """What the fast pass keeps of it."""
        return frame_of(self.picture)

    @cached_property
    def keypoints(self) -> Keypoints:
        """What the deep pass sees of it first."""
        return find_closely(self.picture.grey)

    def part(self, window: Window) -> PartHash | None:
        """Return the hash of a part of it, as the deep pass asks for it."""
        return window_hash(self.picture.grey, window)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list keeps of a picture: PDQ by the field and by the scan, with their quality, and local codes.

    `forms` are the eight forms of the scan's PDQ (8 x 32 bytes), of which a list keeps the first; `codes` are
    those of `LocalCodes`, nothing where it has none.
    """

    by_field: bytes
    field_quality: int
    forms: bytes
    quality: int
    codes: bytes

    @property
    def pdq(self) -> bytes:
        """The scan's PDQ."""
        return self.forms[:PDQ_BYTES]


def listed(query: Query) -> Listed:
    """Return what a list keeps of `query`."""
    codes = _ROTATION.encode(query.keypoints)
    coded = codes.to_bytes() if len(codes) else b""
    return Listed(*query.by_field, query.frame.variants[:FORMS_BYTES], query.frame.quality, coded)


_ROTATION = Rotation(SEED)
