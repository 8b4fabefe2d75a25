"""Write an E01 image as imaging tools do (EnCase 6 style): the demo and the tests need real carriers.

Source: Joachim Metz, "Expert Witness Compression Format" (libewf's published description). Numbers are
little-endian; every structure ends with an Adler-32 of the bytes before it. Nothing of this machine and no
time goes into the image, so the same source gives the same bytes.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path
from typing import IO, Final

from luwte.base.errors import BadInput
from luwte.base.files import replacing
from luwte.lab.carriers.ewf import SIGNATURE, segment_path

SECTOR: Final = 512
CHUNK_SECTORS: Final = 64
CHUNK_SIZE: Final = SECTOR * CHUNK_SECTORS
ENTRIES_OF_TABLE: Final = 16_375
_DESCRIPTOR_SIZE = 76
_PACKED = 0x80000000
_FIXED_MEDIUM = 1
_PHYSICAL = 3
_FAST = 1

_HEADER2 = (
    "3\nmain\na\tc\tn\te\tt\tav\tov\tm\tu\tp\n\t\t\t\t\tLuwte\t\t0\t0\t0\n\n"
    "srce\n0\t1\np\tn\tid\tev\ttb\tlo\tpo\tah\tgu\taq\n0\t0\n\t\t\t\t\t-1\t-1\t\t\t\n\n"
    "sub\n0\t1\np\tn\tid\tnu\tco\tgu\n0\t0\n\t\t\t\t1\t\n\n"
)
_HEADER = "1\r\nmain\r\nc\tn\ta\te\tt\tav\tov\tm\tu\tp\tr\r\n\t\t\t\t\tLuwte\t\t\t\t0\tf\r\n\r\n"


def write_e01(
    source: Path, target: Path, *, segment_size: int | None = None, compress: bool = True
) -> list[Path]:
    """Write the raw image `source` as the E01 image `target` and return the paths of its segments in order.

    Segments hold about `segment_size` bytes, all of it one without that. Chunks that packing does not make
    smaller are stored. Raises `BadInput` when `source` cannot be read or is no whole number of sectors.
    """
    try:
        size = source.stat().st_size
        with source.open("rb") as medium:
            if size == 0 or size % SECTOR:
                raise BadInput(f"{source} is no whole number of sectors of {SECTOR} bytes. Give a raw image.")
            return _Writer(medium, size, target, segment_size, compress).write()
    except OSError as error:
        raise BadInput(f"{source} cannot be read ({error.strerror}). Check the path.") from error


class _Writer:
    def __init__(
        self, medium: IO[bytes], size: int, target: Path, segment_size: int | None, compress: bool
    ) -> None:
        self._medium = medium
        self._target = target
        self._segment_size = segment_size
        self._compress = compress
        self._left = -(-size // CHUNK_SIZE)
        self._volume = _volume(self._left, size // SECTOR, packed=compress)
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha1 = hashlib.sha1(usedforsecurity=False)

    def write(self) -> list[Path]:
        paths: list[Path] = []
        while self._left:
            paths.append(segment_path(self._target, len(paths) + 1))
            with replacing(paths[-1]) as file:
                self._write_segment(_Segment(file, len(paths)))
        return paths

    def _write_segment(self, segment: _Segment) -> None:
        if segment.number == 1:
            header2 = zlib.compress(_HEADER2.encode("utf-16"), 9)
            segment.section("header2", header2)
            segment.section("header2", header2)
            segment.section("header", zlib.compress(_HEADER.encode("ascii"), 9))
        segment.section("volume" if segment.number == 1 else "data", self._volume)
        while self._left and not segment.is_full(self._segment_size):
            self._write_chunks(segment)
        if self._left:
            segment.end("next")
            return
        if segment.number == 1:
            segment.section("data", self._volume)
        md5, sha1 = self._md5.digest(), self._sha1.digest()
        segment.section("digest", _sealed(md5 + sha1 + bytes(40)))
        segment.section("hash", _sealed(md5 + bytes(16)))
        segment.end("done")

    def _write_chunks(self, segment: _Segment) -> None:
        """Write one `sectors` section with its two tables; it ends when a table or the segment is full."""
        base = segment.place
        segment.open_section()
        entries: list[int] = []
        while self._left and len(entries) < ENTRIES_OF_TABLE:
            content, packed = self._chunk()
            entries.append((segment.place - base) | (_PACKED if packed else 0))
            segment.put(content)
            self._left -= 1
            if segment.is_full(self._segment_size):
                break
        segment.close_section("sectors", base)
        table = _table(entries, base)
        segment.section("table", table)
        segment.section("table2", table)

    def _chunk(self) -> tuple[bytes, bool]:
        """Return the next chunk as it is put on disk, and whether it is packed."""
        plain = self._medium.read(CHUNK_SIZE)
        self._md5.update(plain)
        self._sha1.update(plain)
        packed = zlib.compress(plain, _FAST) if self._compress else plain
        return (packed, True) if len(packed) < len(plain) else (_sealed(plain), False)


class _Segment:
    """One segment file while it is written, section after section."""

    def __init__(self, file: IO[bytes], number: int) -> None:
        self._file = file
        self.number = number
        self.place = 0
        self.put(SIGNATURE + struct.pack("<BHH", 1, number, 0))

    def put(self, content: bytes) -> None:
        self._file.write(content)
        self.place += len(content)

    def is_full(self, limit: int | None) -> bool:
        return limit is not None and self.place >= limit

    def section(self, kind: str, content: bytes) -> None:
        size = _DESCRIPTOR_SIZE + len(content)
        self.put(_descriptor(kind, self.place + size, size) + content)

    def open_section(self) -> None:
        """Leave room for the description of a section whose length is not known yet."""
        self.put(bytes(_DESCRIPTOR_SIZE))

    def close_section(self, kind: str, start: int) -> None:
        self._file.seek(start)
        self._file.write(_descriptor(kind, self.place, self.place - start))
        self._file.seek(self.place)

    def end(self, kind: str) -> None:
        """Write the last section, which points to itself."""
        self.put(_descriptor(kind, self.place, _DESCRIPTOR_SIZE))


def _sealed(content: bytes) -> bytes:
    """Return `content` followed by its Adler-32."""
    return content + struct.pack("<L", zlib.adler32(content))


def _descriptor(kind: str, following: int, size: int) -> bytes:
    return _sealed(struct.pack("<16sQQ40x", kind.encode("ascii"), following, size))


def _volume(chunks: int, sectors: int, *, packed: bool) -> bytes:
    """Return the description of the medium: 1,052 bytes of which few matter."""
    shape = struct.pack("<B3xLLLQ", _FIXED_MEDIUM, chunks, CHUNK_SECTORS, SECTOR, sectors)
    content = bytearray(1048)
    content[: len(shape)] = shape
    content[36] = _PHYSICAL
    content[52] = _FAST if packed else 0
    content[56:60] = struct.pack("<L", CHUNK_SECTORS)
    return _sealed(bytes(content))


def _table(entries: list[int], base: int) -> bytes:
    head = _sealed(struct.pack("<L4xQ4x", len(entries), base))
    return head + _sealed(struct.pack(f"<{len(entries)}L", *entries))
