"""Archives that lie on a carrier: their members are files of the carrier too, three archives deep at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from luwte.lab.carriers import packed
from luwte.lab.carriers.archive import ALWAYS_ALLOWED, Archive, BadArchive
from luwte.lab.carriers.carrier import CarrierFile, ProblemList, Read, Unreadable
from luwte.lab.carriers.names import joined

DEEPEST: Final = 3
LARGEST_IN_MEMORY: Final = 64 << 20
_ZIP = b"PK\x03\x04"


class Opener:
    """Puts after each archive its members, until they would expand to more than `limit` bytes together."""

    def __init__(self, problems: ProblemList, limit: int | None) -> None:
        self._problems = problems
        self._left = max(ALWAYS_ALLOWED, limit or 0)

    def with_members(self, file: CarrierFile, depth: int = 0) -> Iterator[CarrierFile]:
        """Give `file`, which lies in `depth` archives, and then, when it is an archive, its members.

        What it is shows while its reader goes through it, so no file is read twice for this.
        """
        head = _Head(file)
        yield replace(file, chunks=head.chunks)
        first = head.first()
        if not first.startswith(_ZIP) and packed.kind_of_archive(first) is None:
            return
        if depth >= DEEPEST:
            self._problems.add(f"an archive inside {DEEPEST} others was not opened")
            return
        try:
            for member in self._zipped(file) if first.startswith(_ZIP) else self._packed(file):
                yield from self.with_members(member, depth + 1)
        except (BadArchive, Unreadable) as error:
            self._problems.add(f"an archive on the carrier could not be opened whole ({error.args[0]})")

    def _zipped(self, file: CarrierFile) -> Iterator[CarrierFile]:
        archive = Archive(_random_access(file), file.size)
        for member in archive.members():
            self._spend(member.size)
            path, chunks = joined(file.path, member.name), partial(archive.chunks, member)
            yield CarrierFile(path, "embedded", member.size, chunks, archive.reader(member))

    def _packed(self, file: CarrierFile) -> Iterator[CarrierFile]:
        for member in packed.members(_random_access(file), file.size, file.path, self._spend):
            yield CarrierFile(
                joined(file.path, member.name), "embedded", member.size, member.chunks, member.read
            )

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise BadArchive("the archives on this carrier expand to too much")


class _Head:
    """Keeps the first bytes of a file as they pass by."""

    def __init__(self, file: CarrierFile) -> None:
        self._file = file
        self._first: bytes | None = None

    def chunks(self) -> Iterator[bytes]:
        for piece in self._file.chunks():
            if self._first is None:
                self._first = piece[: packed.HEAD_SIZE]
            yield piece

    def first(self) -> bytes:
        if self._first is None:
            try:
                self._first = next(self._file.chunks(), b"")[: packed.HEAD_SIZE]
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
