"""Samples of a picture made a file: PGM or PPM (Netpbm), whose bytes follow from the samples alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from luwte.lab.carriers.carrier import Unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGEST_SIDE: Final = 0xFFFF
MOST_SAMPLES: Final = 512 << 20
TOO_MUCH: Final = "expands to too much inside its document"
_DEPTHS = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Layout:
    """How samples are laid out: `colours` of them a pixel, each of `bits` bits, each row from a new byte on.

    Four colours are inks. `palette` holds red, green and blue of each value of one colour. `inverted` is
    whether 0 is the most of a colour.
    """

    width: int
    height: int
    bits: int
    colours: int
    palette: bytes | None = None
    inverted: bool = False


def as_picture(layout: Layout, samples: bytes) -> tuple[str, bytes]:
    """Return the suffix and the content of the picture; where it breaks off the rest is 0.

    Raises `Unreadable` for measures that make no sense, and where less than half of the samples is there.
    """
    import numpy as np

    width, height, colours = layout.width, layout.height, layout.colours
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE) or layout.bits not in _DEPTHS:
        raise Unreadable("has measures that make no sense inside its document")
    if colours not in (1, 3, 4) or width * height * max(3, colours) > MOST_SAMPLES:
        raise Unreadable(TOO_MUCH)
    row = (width * colours * layout.bits + 7) // 8
    if 2 * len(samples) < row * height:
        raise Unreadable("breaks off inside its document")
    whole = np.frombuffer(samples[: row * height].ljust(row * height, b"\0"), np.uint8)
    values = _bytes(whole.reshape(height, row), layout)[:, : width * colours].reshape(height, width, colours)
    if layout.palette is not None:
        table = np.frombuffer(layout.palette[:768].ljust(768, b"\0"), np.uint8).reshape(256, 3)
        values = table[values[:, :, 0]]
    values = _light(255 - values if layout.inverted else values)
    kind, suffix = (b"P5", "pgm") if values.shape[2] == 1 else (b"P6", "ppm")
    return suffix, b"%b %d %d 255\n" % (kind, width, height) + values.tobytes()


def palette_of(entries: bytes, colours: int) -> bytes:
    """Return red, green and blue of each of `entries`, which have so many `colours` each: 1, 3 or 4."""
    import numpy as np

    count = len(entries) // colours
    values = np.frombuffer(entries[: count * colours], np.uint8).reshape(1, count, colours)
    return np.broadcast_to(_light(values), (1, count, 3)).tobytes()


def _bytes(rows: NDArray[np.uint8], layout: Layout) -> NDArray[np.uint8]:
    """Return rows of samples as rows of bytes: stretched to 0 to 255, but for the numbers of a palette."""
    import numpy as np

    if layout.bits == 8:
        return rows
    if layout.bits == 16:
        return rows[:, ::2]
    shifts = np.arange(8 - layout.bits, -1, -layout.bits, dtype=np.uint8)
    most = (1 << layout.bits) - 1
    values = (rows[:, :, None] >> shifts & np.uint8(most)).reshape(len(rows), -1)
    stretch = 1 if layout.palette is not None else 255 // most
    return (values * np.uint8(stretch)).astype(np.uint8)


def _light(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return inks (the fourth black) as red, green and blue; other colours as they are."""
    import numpy as np

    if values.shape[2] != 4:
        return values
    light = 255 - values.astype(np.uint16)
    return (light[:, :, :3] * light[:, :, 3:] // 255).astype(np.uint8)
