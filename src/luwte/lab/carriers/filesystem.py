"""Images with file systems as carriers: partitions or none, each file system walked with the Sleuth Kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytsk3

from luwte.lab.carriers import apfs, embedded
from luwte.lab.carriers.carrier import CarrierFile, Kind, ProblemList, ReadOnlyCarrier
from luwte.lab.carriers.carving import Limits, part_of, pictures
from luwte.lab.carriers.errors import CarrierIsEncrypted, CarrierIsUnknown
from luwte.lab.carriers.libyal import TROUBLE as LIBYAL_TROUBLE
from luwte.lab.carriers.locks import Keys, StaysLocked, plain_volumes
from luwte.lab.carriers.names import joined
from luwte.lab.carriers.tsk import TROUBLE, Image, TskImage
from luwte.lab.carriers.unallocated import Unallocated
from luwte.lab.carriers.volumes import (
    Place,
    encryption_at,
    has_marks,
    looks_random,
    places,
    unread_kind_at,
)
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
_DEEPEST: Final = 3
"""Encrypted volumes that may lie in one another."""

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
    keys: Sequence[str] = (),
) -> ImageCarrier:
    """Return the image at `path` as a carrier; the image is closed when that fails.

    `check` compares it with a stored hash; `notes` are reasons and counts of what is missing from it already.
    Without `searched` the space outside its files is never searched for pictures. Each of `keys` is tried on
    each encrypted volume in it.
    Raises `CarrierIsEncrypted` when all in it is encrypted, `CarrierIsUnknown` when no file system in it is
    known and it does not look as if pictures could be carved from it.
    """
    carrier = ImageCarrier(kind, image, check, Keys(keys))
    if not searched:
        carrier.leave_space("the free space of a disk that is mostly empty was not searched")
    for reason, count in notes:
        carrier.found_problems.add(reason, count)
    if carrier.has_files or (not carrier.encryption and carrier.may_hold_pictures()):
        return carrier
    carrier.close()
    if carrier.encryption:
        how = " and ".join(sorted(carrier.encryption))
        raise CarrierIsEncrypted(path, how, kind, carrier.size, key=True)
    raise CarrierIsUnknown(path, "; ".join(problem.reason for problem in carrier.problems))


class Medium:
    """Bytes in which file systems may lie: those of the image, or of an encrypted volume that was opened.

    `label` is the path at which it stands ("" for the image), `within` how it was encrypted, and `closed`
    the stretches, in bytes, that are not searched for pictures.
    """

    def __init__(self, image: Image, label: str = "", within: tuple[str, ...] = ()) -> None:
        self.image, self.label, self.within = image, label, within
        self.tsk = TskImage(image)
        self.walks: list[Walk | apfs.Walk] = []
        self.closed: list[tuple[int, int]] = []

    def may_hold_pictures(self) -> bool:
        """Return whether pictures can be carved from it though it holds no known file system.

        They can when there is one near its start, or when it is large and its bytes are not like random ones.
        """
        image = self.image
        if self.closed:
            return False
        limits = Limits(ProblemList(), image.size)
        if next(pictures(image.read, 0, min(image.size, _PROBED), limits), None) is not None:
            return True
        return image.size > _PROBED and not looks_random(self.tsk, Place("", 0, image.size))


class ImageCarrier(ReadOnlyCarrier):
    """All file systems of one image, those in encrypted volumes that a key opens included."""

    def __init__(
        self, kind: Kind, image: Image, check: Check | None = None, keys: Keys | None = None
    ) -> None:
        super().__init__()
        self._check = check
        self.kind: Kind = kind
        self.size = image.size
        self.encryption: set[str] = set()
        self._keys = keys or Keys()
        self._image = image
        self._searched = True
        self._media: list[Medium] = []
        self._searches: list[tuple[Medium, Unallocated]] = []
        self._opener = embedded.Opener(self.inner_problems, limit=4 * self.size)
        self._look_in(Medium(image))

    @property
    def has_files(self) -> bool:
        """Return whether there is a file system in it to walk."""
        return any(medium.walks for medium in self._media)

    def roots(self) -> Iterator[CarrierFile]:
        """Give every file of every file system."""
        self._searches = []
        for medium in self._media:
            search = self._new_search(medium)
            for walk in medium.walks:
                yield from walk.files(search)

    def within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        """Give `root`, after an archive its members, and, if asked for, the pictures behind its end."""
        yield from self._opener.with_members(root)
        if root.behind:
            yield from root.behind()

    def space(self) -> Iterator[CarrierFile]:
        """Give, if asked for, the pictures in what no live file uses."""
        for medium, search in self._searches:
            search.use(medium.closed)
            labels = [(*walk.span, walk.label) for walk in medium.walks]
            yield from search.files([*labels, (0, medium.image.size, medium.label)])

    def may_hold_pictures(self) -> bool:
        """Return whether pictures can be carved from an image that holds no known file system."""
        if not any(medium.may_hold_pictures() for medium in self._media):
            return False
        self.found_problems.lose("only pictures could be carved from it")
        return True

    def leave_space(self, reason: str) -> None:
        """Never search the space outside of files, for `reason`."""
        self._searched = False
        self.found_problems.add(reason)

    def _new_search(self, medium: Medium) -> Unallocated | None:
        if self.carving is None or not self._searched:
            return None
        limits = Limits(self.inner_problems, medium.image.size, self.carving)
        search = Unallocated(medium.image.read, medium.image.size, limits)
        self._searches.append((medium, search))
        return search

    def verify(self, progress: Callable[[int], None]) -> bool | None:
        """Compare the image with the hash stored in it; None when there is none. Reads the whole image."""
        return self._check(progress) if self._check else None

    def close(self) -> None:
        """Close the image."""
        self._image.close()

    def _look_in(self, medium: Medium) -> None:
        self._media.append(medium)
        for place in places(medium.tsk, medium.image.size):
            self._look_at(medium, place)

    def _look_at(self, medium: Medium, place: Place) -> None:
        """Note what lies at `place`: file systems to walk, or why nothing there can be read."""
        label = joined(medium.label, place.label) if place.label else medium.label
        if encryption := encryption_at(medium.tsk, place):
            self._unlock(medium, place, label, encryption)
            return
        if has_marks(medium.tsk, place, (apfs.MARK,)) and self._add_container(medium, place, label):
            return
        systems = list(_systems_at(medium.tsk, place))
        for system in systems:
            self._add(system, medium, place, label, several=len(systems) > 1)
        if systems or (place.is_whole and (medium.walks or medium.closed)):
            return
        unread = unread_kind_at(medium.tsk, place)
        if failure := medium.tsk.take_failure(""):
            self.found_problems.add(failure)
        what = f"is of a kind that is not read ({unread})" if unread else "holds no known file system"
        whole = "an encrypted volume" if medium.within else "the image"
        self.found_problems.add(f"{whole if place.is_whole else 'a partition'} {what}")

    def _unlock(self, medium: Medium, place: Place, label: str, encryption: str) -> None:
        """Look in the encrypted volume at `place`, or say that it stays locked."""
        size = min(place.size, medium.image.size - place.start)
        medium.closed.append((place.start, place.start + size))
        read = part_of(medium.image.read, place.start, size)
        if len(medium.within) >= _DEEPEST:
            self._stays_locked(encryption, f": it lies in {_DEEPEST} others")
            return
        volumes = plain_volumes(encryption, read, size, self._keys)
        for number, volume in enumerate(volumes, start=1):
            if isinstance(volume, StaysLocked):
                self._stays_locked(encryption, volume.args[0])
                continue
            shown = joined(label, str(number)) if len(volumes) > 1 else label
            self._look_in(Medium(volume, shown, (*medium.within, encryption)))

    def _stays_locked(self, encryption: str, why: str) -> None:
        self.encryption.add(f"{encryption}{why}")
        self.found_problems.add(f"a part of the carrier is encrypted ({encryption}){why}")

    def _add_container(self, medium: Medium, place: Place, label: str) -> bool:
        """Add the volumes of the APFS container at `place`; return whether it is one that can be read."""
        size = min(place.size, medium.image.size - place.start)
        try:
            container = apfs.Container(medium.image.read, place.start, size, self._keys)
            walks = container.walks(label, medium.image.size, self.found_problems)
        except LIBYAL_TROUBLE:
            self.found_problems.add("a container of APFS is damaged, or one of several disks")
            return False
        medium.walks += walks
        name = "APFS" if container.open_without_key else "APFS in FileVault"
        self.file_systems += [_within(name, medium)] * len(walks)
        for _ in range(container.locked):
            self._stays_locked("FileVault", self._keys.told)
        if container.damaged:
            self.found_problems.lose("a volume of APFS cannot be opened")
        if not container.open_without_key:
            medium.closed.append((place.start, place.start + size))
            self.found_problems.add("the free space of encrypted APFS volumes was not searched")
        return True

    def _add(
        self, system: pytsk3.FS_Info, medium: Medium, place: Place, label: str, *, several: bool
    ) -> None:
        name = _NAMES.get(int(system.info.ftype), _OTHER)
        self.file_systems.append(_within(name, medium))
        if int(system.info.last_block_act) < int(system.info.last_block):
            self.found_problems.add("a file system is larger than the carrier: its end is cut off")
        shown = f"{label} ({name})".strip() if several else label
        size = medium.image.size
        medium.walks.append(Walk(system, medium.tsk, shown, place.start, size, self.found_problems))


def _within(name: str, medium: Medium) -> str:
    return " in ".join((name, *reversed(medium.within)))


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
