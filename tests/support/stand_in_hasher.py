"""A stand-in for a licensed hasher, as an installed package would bring it. It is no PhotoDNA.

It is a plain average hash: which of 64 squares are lighter than the picture as a whole. Files that end with
certain words make it fail, so that tests see what a bad hasher costs.
"""

from __future__ import annotations

import os
import time
from io import BytesIO

from PIL import Image

RAISES, WIDE, TEXT, HANGS, PRINTS = b"it raises", b"too wide", b"no bytes", b"it hangs", b"it prints"


class StandIn:
    """The average hash of a picture, 8 bytes; compared by the bits that differ."""

    version = "1-stand-in"
    width = 8
    threshold = 4

    def hash(self, content: bytes) -> bytes | None:
        """Return the hash of a picture file, None of what Pillow cannot open."""
        if content.endswith(RAISES):
            raise RuntimeError("a bug")
        if content.endswith(WIDE):
            return bytes(9)
        if content.endswith(TEXT):
            return "12345678"  # type: ignore[return-value]
        if content.endswith(PRINTS):
            print("noise of a library")  # noqa: T201
            os.write(1, b"noise of a compiled library")
        while content.endswith(HANGS):
            time.sleep(0.1)
        try:
            with Image.open(BytesIO(content)) as picture:
                grey = picture.convert("L").resize((8, 8), Image.Resampling.BOX).tobytes()
        except OSError:
            return None
        mean = sum(grey) / len(grey)
        bits = sum(1 << place for place, level in enumerate(grey) if level > mean)
        return bits.to_bytes(8, "big")

    def distance(self, one: bytes, other: bytes) -> int:
        """Return how many bits differ."""
        return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


class ComparesMany(StandIn):
    """The same, but that it compares one hash with many at once."""

    def distances(self, one: bytes, many: bytes) -> list[int]:
        """Return how many bits differ from each of `many`."""
        return [self.distance(one, many[start : start + 8]) for start in range(0, len(many), 8)]


class CannotCompare(StandIn):
    """The same, but that it cannot compare."""

    def distance(self, one: bytes, other: bytes) -> int:
        """Raise."""
        raise ZeroDivisionError


class HangsComparing(StandIn):
    """The same, but that it never comes to an end when it compares."""

    def distance(self, one: bytes, other: bytes) -> int:
        """Wait."""
        while True:
            time.sleep(0.1)


class EndsComparing(StandIn):
    """The same, but that a compiled library of it ends the process when it compares with white."""

    def distance(self, one: bytes, other: bytes) -> int:
        """End, or return how many bits differ."""
        if one == bytes(8):
            os.abort()
        return super().distance(one, other)


class PrintsComparing(StandIn):
    """The same, but that a library of it prints when it compares."""

    def distance(self, one: bytes, other: bytes) -> int:
        """Return how many bits differ."""
        os.write(1, b"noise")
        print("more noise")  # noqa: T201
        return super().distance(one, other)


class Nameless(StandIn):
    """One that says no width."""

    width = 0


class Broken:
    """One that does not start."""

    def __init__(self) -> None:
        raise OSError("no licence")
