"""E01 images (EnCase, FTK, ewfacquire, SMART) as carriers, single or in segments .E01, .E02 ... .EAA ..."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from luwte.lab.carriers.carrier import CHUNK_SIZE, Unreadable
from luwte.lab.carriers.errors import CarrierIsDamaged, NotTheFirstSegment, SegmentIsMissing

if TYPE_CHECKING:
    from luwte.lab.carriers.ewf_chunks import Chunks
    from luwte.lab.carriers.ewf_sections import Contents
    from luwte.lab.carriers.filesystem import ImageCarrier

SIGNATURE: Final = b"EVF\t\r\n\xff\0"
_SUFFIX = re.compile(r"\.[EeSs](\d\d|[A-Za-z]{2})")


def detect(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the face of all formats
    """Return whether `head` starts as an E01 segment does."""
    return head.startswith(SIGNATURE)


def open_path(path: Path, keys: Sequence[str] = ()) -> ImageCarrier:
    """Open the E01 image that starts with the segment `path`; `keys` are for encrypted volumes in it.

    Raises `SegmentIsMissing`, `NotTheFirstSegment`, `CarrierIsDamaged` for a segment that is cut off or
    contradicts itself, and as `filesystem.open_image` does when nothing in it can be read.
    """
    from luwte.lab.carriers.filesystem import open_image

    image, contents = open_ewf(path)
    notes = []
    if contents.unread_sectors:
        notes.append(("a sector could not be read when the image was made", contents.unread_sectors))
    if contents.repaired_tables:
        notes.append(("a damaged table of the E01 image was replaced by its copy", contents.repaired_tables))

    def check(progress: Callable[[int], None]) -> bool | None:
        return same_hashes(image, contents, progress)

    return open_image("ewf", path, image, check=check, notes=notes, keys=keys)


def open_ewf(path: Path) -> tuple[Chunks, Contents]:
    """Return the medium of the E01 image at `path` and what its sections say. Raises as `open_path` does."""
    from luwte.lab.carriers.ewf_chunks import Chunks
    from luwte.lab.carriers.ewf_sections import Contents
    from luwte.lab.carriers.segments import Segments

    contents = Contents()
    paths = [path]
    while not _read_one(paths[-1], len(paths), contents):
        paths.append(segment_path(path, len(paths) + 1))
        if not paths[-1].exists():
            raise SegmentIsMissing(paths[-1])
    volume = contents.volume
    if volume is None or contents.chunks < volume.chunks:
        expected = volume.chunks if volume else "any"
        raise CarrierIsDamaged(path, f"its segments hold {contents.chunks} of {expected} chunks")
    return Chunks(volume, contents.tables, Segments(paths)), contents


def segment_path(first: Path, number: int) -> Path:
    """Return the path of segment `number` (from 1) of the image whose first segment is `first`.

    E01 to E99 are followed by EAA to EZZ, FAA and so on; capital or small as in the first.
    """
    letter = first.suffix[1:2] if _SUFFIX.fullmatch(first.suffix) else "E"
    if number < 100:
        return first.with_suffix(f".{letter}{number:02d}")
    base = ord("A") if letter.isupper() else ord("a")
    rounds, rest = divmod(number - 100, 26 * 26)
    letters = (ord(letter) - base + rounds, rest // 26, rest % 26)
    return first.with_suffix("." + "".join(chr(base + value) for value in letters))


def same_hashes(image: Chunks, contents: Contents, progress: Callable[[int], None]) -> bool | None:
    """Return whether the medium has the MD5 and SHA-1 stored in the image; None when it stores none."""
    stored = [
        (hashlib.new(name, usedforsecurity=False), value)
        for name, value in (("md5", contents.md5), ("sha1", contents.sha1))
        if value
    ]
    if not stored:
        return None
    try:
        for offset in range(0, image.size, CHUNK_SIZE):
            piece = image.read(offset, CHUNK_SIZE)
            for digest, _ in stored:
                digest.update(piece)
            progress(len(piece))
    except Unreadable:
        return False
    return all(digest.digest() == value for digest, value in stored)


def _read_one(path: Path, number: int, contents: Contents) -> bool:
    """Add what the segment `path` says to `contents`; return whether it is the last one."""
    from luwte.lab.carriers.ewf_sections import HEADER, Damaged, read_segment
    from luwte.lab.carriers.segments import Segments

    file = Segments([path])
    try:
        head = file.read(0, HEADER.size)
        if len(head) < HEADER.size or not head.startswith(SIGNATURE):
            raise Damaged("it does not start as an E01 segment does")
        _, _, stated, _ = HEADER.unpack(head)
        if stated != number and number == 1 and path != segment_path(path, 1):
            raise NotTheFirstSegment(path, segment_path(path, 1))
        if stated != number:
            raise Damaged(f"it says that it is segment {stated}, not {number}")
        return read_segment(file, number - 1, contents)
    except (Damaged, Unreadable) as error:
        raise CarrierIsDamaged(path, str(error.args[0])) from error
    finally:
        file.close()
