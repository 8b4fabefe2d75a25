"""A zip file as a carrier: its members are the files, and archives among them are opened, too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from luwte.lab.carriers import embedded
from luwte.lab.carriers.archive import Archive, BadArchive
from luwte.lab.carriers.carrier import CarrierFile, Kind, ReadOnlyCarrier, Unreadable
from luwte.lab.carriers.errors import CarrierIsDamaged, CarrierIsEncrypted
from luwte.lab.carriers.segments import Segments


def detect(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the face of all formats
    """Return whether `head`, the first bytes of the file, are those of a zip file."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def open_path(path: Path) -> Zip:
    """Open the zip file `path`.

    Raises `CarrierIsDamaged` when its directory is missing or contradicts itself, `CarrierIsEncrypted`
    when every member is encrypted.
    """
    file = Segments([path])
    try:
        carrier = Zip(file)
        if carrier.wholly_encrypted:
            raise CarrierIsEncrypted(path, "zip password")
    except (BadArchive, Unreadable) as error:
        file.close()
        raise CarrierIsDamaged(path, f"{error.args[0]}, or the file was cut off") from error
    except CarrierIsEncrypted:
        file.close()
        raise
    return carrier


class Zip(ReadOnlyCarrier):
    """The members of a zip file; opening it goes through its directory once. Raises `BadArchive`."""

    kind: Kind = "zip"

    def __init__(self, file: Segments) -> None:
        super().__init__()
        self._file = file
        self._archive = Archive(file.read, file.size)
        self.size = 0
        open_members = members = 0
        for member in self._archive.members():
            self.size += member.size
            members += 1
            open_members += not member.encrypted
        self.wholly_encrypted = members > 0 and open_members == 0

    def files(self) -> Iterator[CarrierFile]:
        """Give every member, and after each archive among them its members."""
        opener = embedded.Opener(self.found_problems, limit=4 * self._file.size)
        for member in self._archive.members():
            chunks, read = partial(self._archive.chunks, member), self._archive.reader(member)
            file = CarrierFile(member.name, "live", member.size, chunks, read)
            yield from opener.with_members(file, depth=1)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
