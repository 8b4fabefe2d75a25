"""A raw image as a carrier: one file (.raw, .dd, .img, .iso), a device, or segments (.000 or .001 and on)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from luwte.lab.carriers.errors import NotTheFirstSegment, SegmentIsMissing
from luwte.lab.carriers.segments import Segments

if TYPE_CHECKING:
    from luwte.lab.carriers.filesystem import ImageCarrier

_NUMBERED = re.compile(r"(?P<stem>.+)\.(?P<number>\d{3})", re.DOTALL)


def detect(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the face of all formats
    """Return True: any file may be a raw image; whether it holds anything shows when it is opened."""
    return True


def open_path(path: Path, keys: Sequence[str] = ()) -> ImageCarrier:
    """Open the raw image that is `path` or starts with it; `keys` are for encrypted volumes in it.

    Raises `SegmentIsMissing` for a gap between its segments, `NotTheFirstSegment` for a later one, and
    as `filesystem.open_image` does when nothing in it can be read.
    """
    from luwte.lab.carriers.filesystem import open_image

    return open_image("raw", path, Segments(segment_paths(path)), keys=keys)


def segment_paths(path: Path) -> list[Path]:
    """Return the files of the image that starts with `path`, in order: only itself when it has no number."""
    match = _NUMBERED.fullmatch(path.name)
    if match is None:
        return [path]
    stem = match["stem"]
    present = {int(other["number"]) for other in _numbered(path.parent) if other["stem"] == stem}
    first = 0 if 0 in present else 1
    for number in range(first, max(present, default=0)):
        if number not in present:
            raise SegmentIsMissing(path.with_name(f"{stem}.{number:03d}"))
    if int(match["number"]) > first:
        raise NotTheFirstSegment(path, path.with_name(f"{stem}.{first:03d}"))
    return [path.with_name(f"{stem}.{number:03d}") for number in sorted(present)] or [path]


def _numbered(folder: Path) -> list[re.Match[str]]:
    return [match for entry in folder.iterdir() if (match := _NUMBERED.fullmatch(entry.name))]
