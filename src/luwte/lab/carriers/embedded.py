"""Files on a carrier that hold others: what an archive, a compound file or a PDF holds is on the carrier too.

They are opened three deep at most. One that cannot be opened whole says so itself, in its `inside`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from luwte.lab.carriers import compound, packed, pdf
from luwte.lab.carriers.archive import ALWAYS_ALLOWED, Archive, BadArchive, TooLarge
from luwte.lab.carriers.carrier import CarrierFile, Inside, ProblemList, Read, Unreadable
from luwte.lab.carriers.names import joined

DEEPEST: Final = 3
LARGEST_IN_MEMORY: Final = 64 << 20
EXPANDS: Final = "the archives on this carrier expand to too much"
TOO_LARGE: Final = "archive or document too large to be opened whole"
TOO_DEEP: Final = f"archive or document inside {DEEPEST} others, which was not opened"
NOT_WHOLE: Final = "archive or document that could not be opened whole"
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
        yield replace(file, chunks=head.chunks, inside=head.inside)
        first = head.first()
        if not head.inside.begun:
            return
        head.inside.reason = f"{NOT_WHOLE} (reading it broke off)"  # whatever else may end this
        try:
            if depth >= DEEPEST:
                self._problems.add(f"an archive inside {DEEPEST} others was not opened")
                head.inside.reason = TOO_DEEP
                return
            for member in self._members(file, first):
                yield from self.with_members(member, depth + 1)
            head.inside.reason = None
        except (BadArchive, Unreadable) as error:
            why = error.args[0]
            self._problems.add(f"an archive on the carrier could not be opened whole ({why})")
            head.inside.reason = TOO_LARGE if isinstance(error, TooLarge) else f"{NOT_WHOLE} ({why})"
        finally:
            head.inside.ended = True

    def _members(self, file: CarrierFile, first: bytes) -> Iterator[CarrierFile]:
        if first.startswith(_ZIP):
            return self._zipped(file)
        if first.startswith(compound.MAGIC):
            return self._compound(file)
        return self._document(file) if pdf.is_pdf(first) else self._packed(file)

    def _zipped(self, file: CarrierFile) -> Iterator[CarrierFile]:
        archive = Archive(_random_access(file), file.size)
        for member in archive.members():
            self._spend(member.size)
            path, chunks = joined(file.path, member.name), partial(archive.chunks, member)
            yield CarrierFile(path, "embedded", member.size, chunks, archive.reader(member))

    def _compound(self, file: CarrierFile) -> Iterator[CarrierFile]:
        opened = compound.Compound(_random_access(file), file.size)
        yield from (_member_of(file, member) for member in opened.members(self._spend))
        if opened.encrypted:
            raise packed.Encrypted

    def _document(self, file: CarrierFile) -> Iterator[CarrierFile]:
        for member in pdf.members(_random_access(file), file.size, self._spend):
            yield _member_of(file, member)

    def _packed(self, file: CarrierFile) -> Iterator[CarrierFile]:
        for member in packed.members(_random_access(file), file.size, file.path, self._spend):
            yield _member_of(file, member)

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise TooLarge(EXPANDS)


class _Head:
    """Keeps the first bytes of a file as they pass by, and notes in `inside` whether it is an archive."""

    def __init__(self, file: CarrierFile) -> None:
        self.inside = Inside()
        self._file = file
        self._first: bytes | None = None

    def chunks(self) -> Iterator[bytes]:
        for piece in self._file.chunks():
            if self._first is None:
                self._settle(piece)
            yield piece

    def first(self) -> bytes:
        if self._first is None:
            try:
                self._settle(next(self._file.chunks(), b""))
            except Unreadable:
                self._settle(b"")
        return self._first or b""

    def _settle(self, piece: bytes) -> None:
        self._first = piece[: packed.HEAD_SIZE]
        self.inside.open = pdf.is_pdf(self._first)
        self.inside.begun = (
            self.inside.open
            or self._first.startswith((_ZIP, compound.MAGIC))
            or packed.kind_of_archive(self._first) is not None
        )


def _member_of(file: CarrierFile, member: packed.Member) -> CarrierFile:
    return CarrierFile(joined(file.path, member.name), "embedded", member.size, member.chunks, member.read)


def _random_access(file: CarrierFile) -> Read:
    if file.read is not None:
        return file.read
    if file.size > LARGEST_IN_MEMORY:
        raise TooLarge(f"it is packed itself and larger than {LARGEST_IN_MEMORY >> 20} MiB")
    content = memoryview(b"".join(file.chunks()))
    return lambda offset, size: bytes(content[offset : offset + size])
