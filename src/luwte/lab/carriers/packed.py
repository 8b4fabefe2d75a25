"""Archives that libarchive reads: tar, 7z, rar, and what gzip, bzip2, xz and Zstandard packed.

They can only be read from front to back, so each member is kept in memory as it comes, or, when it is large,
read once as it passes. The library is loaded when the first archive is met.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from luwte.lab.carriers.archive import BadArchive
from luwte.lab.carriers.carrier import CHUNK_SIZE, Read, Unreadable, chunks_of
from luwte.lab.carriers.names import printable

LARGEST_IN_MEMORY: Final = 64 << 20
HEAD_SIZE: Final = 262
"""Bytes from the beginning of a file that show whether it is such an archive."""

# Where, the mark, and the name. Sources: POSIX pax, RFC 1952, RFC 8878, the texts of bzip2, xz, 7z and rar.
_MARKS: Final = (
    (257, b"ustar", "tar"),
    (0, b"\x1f\x8b\x08", "gzip"),
    (4, b"1AY&SY", "bzip2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"7z\xbc\xaf'\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
)
_FORMATS = ("tar", "7zip", "rar", "rar5", "raw")
_FILTERS = ("gzip", "bzip2", "xz", "zstd")
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_EACH = 4 << 10  # bytes that a member counts for whatever its size: a directory of nothing has an end too
_FATAL = -30
_ENCRYPTED = "is encrypted inside its archive"

Spend = Callable[[int], None]
"""Takes note of that many bytes more that an archive expanded to. Raises `BadArchive` when it is too much."""


class NoLibrary(BadArchive):
    """libarchive is not on this machine."""

    def __init__(self) -> None:
        super().__init__("libarchive is not installed")


class Encrypted(BadArchive):
    """Not even the names in the archive can be read without its password."""

    def __init__(self) -> None:
        super().__init__("it is encrypted")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: printable name, size in bytes as far as known, content, and a way to any place.

    `read` is None for a member too large for memory; its `chunks` can be asked for once.
    """

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]]
    read: Read | None


def kind_of_archive(head: bytes) -> str | None:
    """Return what archive the file that begins with `head` is, or None."""
    return next((name for at, mark, name in _MARKS if head[at : at + len(mark)] == mark), None)


def members(read: Read, size: int, name: str, spend: Spend) -> Generator[Member, None, None]:
    """Give the files of the archive `name` of `size` bytes behind `read`; use each before the next.

    Raises `BadArchive` where it cannot be read on: `NoLibrary`, `Encrypted`, or damaged.
    """
    with closing(_Archive(read, size)) as archive:
        for entry in archive.entries():
            spend(_EACH)
            if archive.is_file(entry):
                yield archive.member(entry, _plain_name(name), spend)
    archive.check()


class _Archive:
    """One archive on its way through libarchive."""

    def __init__(self, read: Read, size: int) -> None:
        self._library = library()
        self._source, self._size, self._place = read, size, 0
        self._held: Any = None
        self._failure: Unreadable | None = None
        self._pointer: Any = None
        ffi = self._library
        # The callbacks must live as long as the archive does.
        self._callbacks = ffi.READ_CALLBACK(self._give), ffi.SEEK_CALLBACK(self._seek)
        self._pointer = ffi.read_new()
        try:
            for filter_name in _FILTERS:
                ffi.get_read_filter_function(filter_name)(self._pointer)
            for format_name in _FORMATS:
                ffi.get_read_format_function(format_name)(self._pointer)
            ffi.read_set_seek_callback(self._pointer, self._callbacks[1])
            ffi.read_open(self._pointer, None, ffi.NO_OPEN_CB, self._callbacks[0], ffi.NO_CLOSE_CB)
        except ffi.ArchiveError as error:
            self.close()
            raise self._bad(error) from None

    def close(self) -> None:
        if self._pointer is not None:
            with suppress(self._library.ArchiveError):
                self._library.read_free(self._pointer)
            self._pointer = None

    def check(self) -> None:
        """Raise what the medium raised while the archive was read."""
        if self._failure is not None:
            raise BadArchive(self._failure.reason)

    def entries(self) -> Iterator[Any]:
        from libarchive.read import ArchiveRead

        found = iter(ArchiveRead(self._pointer))
        while True:
            try:
                entry = next(found, None)
            except (self._library.ArchiveError, UnicodeError) as error:
                raise self._bad(error) from None
            if entry is None:
                return
            yield entry

    def is_file(self, entry: Any) -> bool:
        """Return whether `entry` has content of its own: a hard link in a tar is one more name of a file."""
        return bool(entry.isfile) and self._library.entry_hardlink(entry._entry_p) is None

    def member(self, entry: Any, plain: str, spend: Spend) -> Member:
        ffi, pointer = self._library, entry._entry_p
        text = ffi.entry_pathname_w(pointer) or (ffi.entry_pathname(pointer) or b"").decode(
            "utf-8", "replace"
        )
        raw = ffi.format_name(self._pointer) == b"raw"
        name = printable(plain if raw else text or "unnamed", separators=True)
        stated = entry.size if ffi.entry_size_is_set(pointer) else 0
        if _is_encrypted(pointer):
            return Member(name, stated, partial(_broken, [], Unreadable(_ENCRYPTED)), None)
        return _kept(name, stated, self._blocks(entry, spend))

    def _blocks(self, entry: Any, spend: Spend) -> Iterator[bytes]:
        try:
            for block in entry.get_blocks(CHUNK_SIZE):
                spend(len(block))
                yield bytes(block)
        except BadArchive as error:
            raise Unreadable(error.args[0]) from None
        except self._library.ArchiveError as error:
            said = str(error).lower()
            raise Unreadable(
                _ENCRYPTED if _tells_of_password(said) else "its archive is damaged here"
            ) from None

    def _give(self, _archive: Any, _data: Any, target: Any) -> int:
        """Hand the next bytes to the library; nothing may be raised into it."""
        try:
            piece = self._source(self._place, CHUNK_SIZE)
        except Unreadable as failure:
            self._failure = failure
            return _FATAL
        self._place += len(piece)
        self._held = ctypes.create_string_buffer(piece, len(piece))
        target[0] = ctypes.cast(self._held, ctypes.c_void_p)
        return len(piece)

    def _seek(self, _archive: Any, _data: Any, offset: int, whence: int) -> int:
        self._place = max(0, offset + (0, self._place, self._size)[whence])
        return self._place

    def _bad(self, error: Exception) -> BadArchive:
        if self._failure is not None:
            return BadArchive(self._failure.reason)
        return (
            Encrypted() if _tells_of_password(str(error).lower()) else BadArchive("it is damaged or cut off")
        )


def _kept(name: str, stated: int, blocks: Iterator[bytes]) -> Member:
    """Return a member with its content in memory, or, where that is too much, as the stream that it is."""
    early: list[bytes] = []
    length = 0
    try:
        for block in blocks:
            early.append(block)
            length += len(block)
            if length > LARGEST_IN_MEMORY:
                return Member(name, max(stated, length), _once(early, blocks), None)
    except Unreadable as failure:
        return Member(name, max(stated, length), partial(_broken, early, failure), None)
    content = memoryview(b"".join(early))

    def read(offset: int, size: int) -> bytes:
        return bytes(content[offset : offset + size])

    return Member(name, length, lambda: chunks_of(read, length), read)


def _once(early: list[bytes], rest: Iterator[bytes]) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        if not early:
            raise Unreadable("is too large to be read twice from its archive")
        while early:
            yield early.pop(0)
        yield from rest

    return chunks


def _broken(early: list[bytes], failure: Unreadable) -> Iterator[bytes]:
    yield from early
    raise Unreadable(failure.reason)


def _plain_name(name: str) -> str:
    """Return what a file is called that was packed alone: the name of its archive without the last suffix."""
    own = name.rpartition("/")[2]
    suffix = next((suffix for suffix in _SUFFIXES if own.lower().endswith(suffix)), "")
    return own[: len(own) - len(suffix)] or "unnamed"


def _tells_of_password(said: str) -> bool:
    return "encrypt" in said or "passphrase" in said


def _is_encrypted(pointer: Any) -> bool:
    return bool(_asks()(pointer))


@cache
def _asks() -> Any:
    asks = library().libarchive.archive_entry_is_encrypted
    asks.argtypes, asks.restype = [ctypes.c_void_p], ctypes.c_int
    return asks


@cache
def library() -> ModuleType:
    """Return the binding of libarchive. Raises `NoLibrary` where the library or its binding is missing."""
    try:
        return import_module("libarchive.ffi")
    except (ImportError, OSError, AttributeError, TypeError):
        raise NoLibrary from None
