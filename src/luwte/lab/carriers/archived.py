"""An archive (tar, 7z, rar, or packed tar) as a carrier: its members are the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from luwte.lab.carriers import embedded
from luwte.lab.carriers.archive import ALWAYS_ALLOWED, LARGEST_EXPANSION, BadArchive
from luwte.lab.carriers.carrier import CarrierFile, Kind, ReadOnlyCarrier, Unreadable
from luwte.lab.carriers.errors import CarrierIsDamaged, CarrierIsEncrypted, LibraryIsMissing
from luwte.lab.carriers.packed import Encrypted, Member, NoLibrary, kind_of_archive, members
from luwte.lab.carriers.segments import Segments


def detect(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the face of all formats
    """Return whether `head`, the first bytes of the file, are those of an archive."""
    return kind_of_archive(head) is not None


def open_path(path: Path, keys: Sequence[str] = ()) -> Archived:  # noqa: ARG001 - the face of all formats
    """Open the archive `path`.

    Raises `LibraryIsMissing` without libarchive, `CarrierIsDamaged` when not one member can be read, and
    `CarrierIsEncrypted` when not even the names can.
    """
    file = Segments([path])
    try:
        return Archived(file, path.name)
    except BadArchive as error:
        file.close()
        if isinstance(error, NoLibrary):
            raise LibraryIsMissing(path, "libarchive (Debian: libarchive13)") from error
        if isinstance(error, Encrypted):
            raise CarrierIsEncrypted(path, "an archive password", Archived.kind, file.size) from error
        raise CarrierIsDamaged(path, error.args[0]) from error
    except Unreadable as error:
        file.close()
        raise CarrierIsDamaged(path, error.reason) from error


class Archived(ReadOnlyCarrier):
    """The members of an archive, read once from front to back. Raises `BadArchive` when the first fails."""

    kind: Kind = "archive"

    def __init__(self, file: Segments, name: str) -> None:
        super().__init__()
        self._file = file
        self.size = file.size
        self._left = max(ALWAYS_ALLOWED, LARGEST_EXPANSION * file.size)
        self._members = members(file.read, file.size, name, self._spend)
        first = next(self._members, None)
        self._all = chain([] if first is None else [first], self._members)
        self._opener = embedded.Opener(self.inner_problems, limit=4 * file.size)

    def roots(self) -> Iterator[CarrierFile]:
        """Give every member."""
        try:
            for member in self._all:
                yield _file(member)
        except BadArchive as error:
            self.found_problems.lose(f"the archive could not be read to its end ({error.args[0]})")

    def within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        """Give `root`, and after an archive its members."""
        return self._opener.with_members(root, depth=1)

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise BadArchive("it expands to too much")

    def close(self) -> None:
        """Close the file."""
        self._members.close()
        self._file.close()


def _file(member: Member) -> CarrierFile:
    return CarrierFile(member.name, "live", member.size, member.chunks, member.read)
