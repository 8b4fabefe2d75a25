"""Zip files that lie on a carrier: their members are files of the carrier too, one level deep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from luwte.lab.carriers.archive import ALWAYS_ALLOWED, Archive, BadArchive
from luwte.lab.carriers.carrier import CarrierFile, ProblemList, Read, Unreadable
from luwte.lab.carriers.names import joined

LARGEST_IN_MEMORY: Final = 64 << 20
_MAGIC = b"PK\x03\x04"


class Opener:
    """Puts after each zip file its members, until they would expand to more than `limit` bytes together."""

    def __init__(self, problems: ProblemList, limit: int | None) -> None:
        self._problems = problems
        self._left = max(ALWAYS_ALLOWED, limit or 0)

    def with_members(self, file: CarrierFile) -> Iterator[CarrierFile]:
        """Give `file` and then, when it is a zip, its members.

        What it is shows while its reader goes through it, so no file is read twice for this.
        """
        head = _Head(file)
        yield replace(file, chunks=head.chunks)
        if head.first() == _MAGIC:
            yield from self._members(file)

    def _members(self, file: CarrierFile) -> Iterator[CarrierFile]:
        try:
            archive = Archive(_random_access(file), file.size)
            for member in archive.members():
                self._left -= member.size
                if self._left < 0:
                    raise BadArchive("the zip files on this carrier expand to too much")
                if member.name.lower().endswith(".zip"):
                    self._problems.add("a zip file inside another zip file inside the carrier was not opened")
                path = joined(file.path, member.name)
                yield CarrierFile(path, "embedded", member.size, partial(archive.chunks, member))
        except (BadArchive, Unreadable) as error:
            self._problems.add(f"a zip file on the carrier could not be opened ({error.args[0]})")


class _Head:
    """Keeps the first bytes of a file as they pass by."""

    def __init__(self, file: CarrierFile) -> None:
        self._file = file
        self._first: bytes | None = None

    def chunks(self) -> Iterator[bytes]:
        for piece in self._file.chunks():
            if self._first is None:
                self._first = piece[: len(_MAGIC)]
            yield piece

    def first(self) -> bytes:
        if self._first is None:
            try:
                self._first = next(self._file.chunks(), b"")[: len(_MAGIC)]
            except Unreadable:
                self._first = b""
        return self._first


def _random_access(file: CarrierFile) -> Read:
    if file.read is not None:
        return file.read
    if file.size > LARGEST_IN_MEMORY:
        raise BadArchive(f"it is packed itself and larger than {LARGEST_IN_MEMORY >> 20} MiB")
    content = memoryview(b"".join(file.chunks()))
    return lambda offset, size: bytes(content[offset : offset + size])
