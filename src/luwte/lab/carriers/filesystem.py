"""Images with file systems as carriers: partitions or none, each file system walked with the Sleuth Kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytsk3

from luwte.lab.carriers import embedded
from luwte.lab.carriers.carrier import CarrierFile, Kind, ProblemList, ReadOnlyCarrier
from luwte.lab.carriers.carving import Limits, pictures
from luwte.lab.carriers.errors import CarrierIsEncrypted, CarrierIsUnknown
from luwte.lab.carriers.tsk import TROUBLE, Image, TskImage
from luwte.lab.carriers.unallocated import Unallocated
from luwte.lab.carriers.volumes import Place, encryption_at, looks_random, places, unread_kind_at
from luwte.lab.carriers.walk import Walk

_TRIED: Final = (
    pytsk3.TSK_FS_TYPE_NTFS_DETECT,
    pytsk3.TSK_FS_TYPE_FAT_DETECT,
    pytsk3.TSK_FS_TYPE_EXT_DETECT,
    pytsk3.TSK_FS_TYPE_HFS_DETECT,
    pytsk3.TSK_FS_TYPE_ISO9660_DETECT,
    pytsk3.TSK_FS_TYPE_FFS_DETECT,
)
_NAMES: Final = {
    int(pytsk3.TSK_FS_TYPE_NTFS): "NTFS",
    int(pytsk3.TSK_FS_TYPE_FAT12): "FAT12",
    int(pytsk3.TSK_FS_TYPE_FAT16): "FAT16",
    int(pytsk3.TSK_FS_TYPE_FAT32): "FAT32",
    int(pytsk3.TSK_FS_TYPE_EXFAT): "exFAT",
    int(pytsk3.TSK_FS_TYPE_EXT2): "ext2",
    int(pytsk3.TSK_FS_TYPE_EXT3): "ext3",
    int(pytsk3.TSK_FS_TYPE_EXT4): "ext4",
    int(pytsk3.TSK_FS_TYPE_HFS): "HFS+",
    int(pytsk3.TSK_FS_TYPE_ISO9660): "ISO 9660",
}
_OTHER = "UFS"
_PROBED: Final = 256 << 20


Check = Callable[[Callable[[int], None]], bool | None]
"""Compares an image with the hash stored in it, as `Carrier.verify` does."""


def open_image(
    kind: Kind,
    path: Path,
    image: Image,
    *,
    check: Check | None = None,
    notes: Sequence[tuple[str, int]] = (),
    searched: bool = True,
) -> ImageCarrier:
    """Return the image at `path` as a carrier; the image is closed when that fails.

    `check` compares it with a stored hash; `notes` are reasons and counts of what is missing from it already.
    Without `searched` the space outside its files is never searched for pictures.
    Raises `CarrierIsEncrypted` when all in it is encrypted, `CarrierIsUnknown` when no file system in it is
    known and it does not look as if pictures could be carved from it.
    """
    carrier = ImageCarrier(kind, image, check)
    if not searched:
        carrier.leave_space("the free space of a disk that is mostly empty was not searched")
    for reason, count in notes:
        carrier.found_problems.add(reason, count)
    if carrier.walks or (not carrier.encryption and carrier.may_hold_pictures()):
        return carrier
    carrier.close()
    if carrier.encryption:
        raise CarrierIsEncrypted(path, " and ".join(sorted(carrier.encryption)))
    raise CarrierIsUnknown(path, "; ".join(problem.reason for problem in carrier.problems))


class ImageCarrier(ReadOnlyCarrier):
    """All file systems of one image."""

    def __init__(self, kind: Kind, image: Image, check: Check | None = None) -> None:
        super().__init__()
        self._check = check
        self.kind: Kind = kind
        self.size = image.size
        self.walks: list[Walk] = []
        self.encryption: set[str] = set()
        self._closed: list[tuple[int, int]] = []
        self._image = image
        self._searched = True
        self._search: Unallocated | None = None
        self._tsk = TskImage(image)
        self._opener = embedded.Opener(self.inner_problems, limit=4 * self.size)
        for place in places(self._tsk, image.size):
            self._look_at(place)

    def roots(self) -> Iterator[CarrierFile]:
        """Give every file of every file system."""
        self._search = self._new_search()
        for walk in self.walks:
            yield from walk.files(self._search)

    def within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        """Give `root`, after an archive its members, and, if asked for, the pictures behind its end."""
        yield from self._opener.with_members(root)
        if root.behind:
            yield from root.behind()

    def space(self) -> Iterator[CarrierFile]:
        """Give, if asked for, the pictures in what no live file uses."""
        if self._search:
            self._search.use(self._closed)
            yield from self._search.files((*walk.span, walk.label) for walk in self.walks)

    def may_hold_pictures(self) -> bool:
        """Return whether pictures can be carved from an image that holds no known file system.

        They can when there is one near its start, or when it is large and its bytes are not like random ones.
        """
        limits = Limits(ProblemList(), self.size)
        if next(pictures(self._image.read, 0, min(self.size, _PROBED), limits), None) is None and (
            self.size <= _PROBED or looks_random(self._tsk, Place("", 0, self.size))
        ):
            return False
        self.found_problems.lose("only pictures could be carved from it")
        return True

    def leave_space(self, reason: str) -> None:
        """Never search the space outside of files, for `reason`."""
        self._searched = False
        self.found_problems.add(reason)

    def _new_search(self) -> Unallocated | None:
        if self.carving is None or not self._searched:
            return None
        limits = Limits(self.inner_problems, self.size, self.carving)
        return Unallocated(self._image.read, self.size, limits)

    def verify(self, progress: Callable[[int], None]) -> bool | None:
        """Compare the image with the hash stored in it; None when there is none. Reads the whole image."""
        return self._check(progress) if self._check else None

    def close(self) -> None:
        """Close the image."""
        self._image.close()

    def _look_at(self, place: Place) -> None:
        """Note what lies at `place`: file systems to walk, or why nothing there can be read."""
        if encryption := encryption_at(self._tsk, place):
            self.encryption.add(encryption)
            self._closed.append((place.start, place.start + place.size))
            self.found_problems.add(f"a part of the carrier is encrypted ({encryption})")
            return
        systems = list(_systems_at(self._tsk, place))
        for system in systems:
            self._add(system, place, several=len(systems) > 1)
        if systems or (place.is_whole and self.walks):
            return
        unread = unread_kind_at(self._tsk, place)
        if failure := self._tsk.take_failure(""):
            self.found_problems.add(failure)
        what = f"is of a kind that is not read ({unread})" if unread else "holds no known file system"
        self.found_problems.add(f"{'the image' if place.is_whole else 'a partition'} {what}")

    def _add(self, system: pytsk3.FS_Info, place: Place, *, several: bool) -> None:
        name = _NAMES.get(int(system.info.ftype), _OTHER)
        self.file_systems.append(name)
        if int(system.info.last_block_act) < int(system.info.last_block):
            self.found_problems.add("a file system is larger than the carrier: its end is cut off")
        label = f"{place.label} ({name})".strip() if several else place.label
        self.walks.append(Walk(system, self._tsk, label, place.start, self.size, self.found_problems))


def _systems_at(image: TskImage, place: Place) -> Iterator[pytsk3.FS_Info]:
    """Give each file system that opens at `place`.

    One at a time: left to detect, the library refuses a place with the marks of two, and takes compressed
    bytes for encryption.
    """
    for kind in _TRIED:
        try:
            yield pytsk3.FS_Info(image, place.start, kind)
        except TROUBLE:
            continue
