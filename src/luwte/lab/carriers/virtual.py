"""Virtual disks as carriers: VMDK, VHD and VHDX through the libraries of libyal, QCOW2 by `qcow`.

Only a disk that is whole by itself is read: one that lies on top of another (a snapshot) is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

from luwte.lab.carriers.carrier import Kind, Read, Unreadable
from luwte.lab.carriers.errors import CarrierIsDamaged, CarrierIsEncrypted, CarrierIsNotSupported
from luwte.lab.carriers.libyal import Plain
from luwte.lab.carriers.qcow import SIGNATURE, Qcow, QcowIsDamaged, QcowIsNotRead
from luwte.lab.carriers.segments import Segments

if TYPE_CHECKING:
    from luwte.lab.carriers.filesystem import ImageCarrier

LARGEST: Final = 64 << 40
"""Bytes that a virtual disk may claim to hold: no such format's own tools make a larger one."""
MOST_EMPTY: Final = 1 << 40
"""Bytes that a disk may hold beyond what is in its files, and still be searched for pictures as a whole."""
_MOST_EXTENTS = 4096
_FOOTER = 512
_DAMAGED = "a part of the virtual disk that cannot be read"
_MARKS: tuple[tuple[bytes, Kind], ...] = (
    (b"KDMV", "vmdk"),
    (b"# Disk DescriptorFile", "vmdk"),
    (SIGNATURE, "qcow2"),
    (b"conectix", "vhd"),
    (b"vhdxfile", "vhd"),
)


def detect(path: Path, head: bytes) -> bool:
    """Return whether the file is a virtual disk: by its first bytes `head`, or a VHD by its last sector."""
    return bool(head) and _kind(path, head) is not None


def open_path(path: Path, keys: Sequence[str] = ()) -> ImageCarrier:
    """Open the virtual disk `path`, with the files beside it that it is made of.

    `keys` are for encrypted volumes in it.

    Raises `CarrierIsDamaged` for one that cannot be read, `CarrierIsEncrypted`, `CarrierIsNotSupported` for
    one that lies on top of another, and as `filesystem.open_image` does when nothing in it can be read.
    """
    from luwte.lab.carriers.filesystem import open_image

    with path.open("rb") as file:
        kind = _kind(path, file.read(len(_MARKS[1][0])))
    if kind is None:
        raise CarrierIsDamaged(path, "it is no virtual disk any more")
    try:
        disk = VirtualDisk(path, kind)
    except (OSError, ValueError, OverflowError, MemoryError) as error:
        raise CarrierIsDamaged(path, "it cannot be read as a virtual disk, or is a part of one") from error
    if not 0 < disk.size <= LARGEST:
        disk.close()
        raise CarrierIsDamaged(path, f"it claims to hold {disk.size} bytes")
    searched = disk.size <= disk.written + MOST_EMPTY
    return open_image(kind, path, disk, searched=searched, keys=keys)


class Medium(Protocol):
    """What a disk holds: `size` bytes, read from any place."""

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end. May raise `Unreadable`."""
        ...


class VirtualDisk:
    """The medium in the virtual disk `path`: `size` bytes, of which `written` lie in its files.

    Raises `OSError` when it cannot be read as one, and as `open_path` does.
    """

    def __init__(self, path: Path, kind: Kind) -> None:
        self._path = path
        self._closing: list[Callable[[], None]] = []
        self.written = 0
        try:
            disk = {"vmdk": self._vmdk, "qcow2": self._qcow, "vhd": self._vhd}[kind]()
        except BaseException:
            self.close()
            raise
        self.size: int = disk.size
        self._read: Read = disk.read

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end. Raises `Unreadable` where it is damaged."""
        return self._read(offset, size)

    def close(self) -> None:
        """Close the disk and its files."""
        while self._closing:
            self._closing.pop()()

    def _open(self, path: Path) -> BinaryIO:
        file = path.open("rb")
        self._closing.append(file.close)
        self.written += path.stat().st_size
        return file

    def _vmdk(self) -> Medium:
        import pyvmdk

        disk = pyvmdk.handle()
        self._closing.append(disk.close)
        disk.open_file_object(self._open(self._path))
        if disk.get_parent_filename():
            raise CarrierIsNotSupported(self._path, "a snapshot of another virtual disk")
        if disk.get_number_of_extents() > _MOST_EXTENTS:
            raise OSError("too many extents")
        extents = [disk.get_extent_descriptor(number) for number in range(disk.get_number_of_extents())]
        disk.open_extent_data_files_as_file_objects([self._open(path) for path in self._extents(extents)])
        return Plain(disk, int(disk.get_media_size()), _DAMAGED)

    def _extents(self, extents: Sequence[Any]) -> list[Path]:
        """Return the files with the data: never one outside of the folder, whatever the disk says."""
        names = [extent.get_filename() for extent in extents]
        if len(names) == 1 and not _is_text(self._path):
            return [self._path]
        if any(name is None or "/" in name or "\\" in name or name in (".", "..") for name in names):
            raise CarrierIsNotSupported(self._path, "a virtual disk with parts in other folders")
        return [self._path.with_name(name) for name in names]

    def _qcow(self) -> Medium:
        file = Segments([self._path])
        self._closing.append(file.close)
        try:
            disk = Qcow(file.read, file.size)
        except QcowIsNotRead as error:
            raise CarrierIsNotSupported(self._path, error.args[0]) from error
        except (QcowIsDamaged, Unreadable) as error:
            raise OSError from error
        if disk.encrypted:
            raise CarrierIsEncrypted(self._path, "a QCOW2 password", "qcow2", disk.size)
        self.written = file.size
        return disk

    def _vhd(self) -> Medium:
        import pyvhdi

        disk = pyvhdi.file()
        self._closing.append(disk.close)
        disk.open_file_object(self._open(self._path))
        if disk.get_disk_type() == pyvhdi.disk_types.DIFFERENTIAL:
            raise CarrierIsNotSupported(self._path, "a snapshot of another virtual disk")
        return Plain(disk, int(disk.get_media_size()), _DAMAGED)


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1) == b"#"


def _kind(path: Path, head: bytes) -> Kind | None:
    found = next((kind for mark, kind in _MARKS if head.startswith(mark)), None)
    return "vhd" if found is None and _footer(path).startswith(b"conectix") else found


def _footer(path: Path) -> bytes:
    """Return the last sector: a VHD of fixed size has its mark there alone."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _FOOTER))
            return file.read(_FOOTER)
    except OSError:
        return b""
