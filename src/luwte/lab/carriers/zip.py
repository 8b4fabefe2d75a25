"""A zip file as a carrier: its members are the files, and archives among them are opened, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from luwte.lab.carriers import embedded
from luwte.lab.carriers.archive import Archive, BadArchive
from luwte.lab.carriers.carrier import CarrierFile, Kind, ReadOnlyCarrier, Unreadable
from luwte.lab.carriers.errors import CarrierIsDamaged, CarrierIsEncrypted, CarrierIsNotSupported
from luwte.lab.carriers.segments import Segments

# Sources: the AFF4 standard, 1.0: a volume is a zip with these; the medium in it is in pieces of its own.
_AFF4 = frozenset({"container.description", "information.turtle"})


def detect(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the face of all formats
    """Return whether `head`, the first bytes of the file, are those of a zip file."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def open_path(path: Path, keys: Sequence[str] = ()) -> Zip:  # noqa: ARG001 - the face of all formats
    """Open the zip file `path`.

    Raises `CarrierIsDamaged` when its directory is missing or contradicts itself, `CarrierIsEncrypted`
    when every member is encrypted, `CarrierIsNotSupported` for an AFF4 image.
    """
    file = Segments([path])
    try:
        carrier = Zip(file)
        if carrier.is_aff4:
            raise CarrierIsNotSupported(path, "an AFF4 image")
        if carrier.wholly_encrypted:
            raise CarrierIsEncrypted(path, "zip password", carrier.kind, carrier.size)
    except (BadArchive, Unreadable) as error:
        file.close()
        raise CarrierIsDamaged(path, f"{error.args[0]}, or the file was cut off") from error
    except (CarrierIsEncrypted, CarrierIsNotSupported):
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
        self.is_aff4 = False
        for member in self._archive.members():
            self.size += member.size
            members += 1
            open_members += not member.encrypted
            self.is_aff4 |= member.name in _AFF4
        self.wholly_encrypted = members > 0 and open_members == 0
        self._opener = embedded.Opener(self.inner_problems, limit=4 * file.size)

    def roots(self) -> Iterator[CarrierFile]:
        """Give every member."""
        for member in self._archive.members():
            chunks, read = partial(self._archive.chunks, member), self._archive.reader(member)
            yield CarrierFile(member.name, "live", member.size, chunks, read)

    def within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        """Give `root`, and after an archive its members."""
        return self._opener.with_members(root, depth=1)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
