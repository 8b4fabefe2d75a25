"""APFS: the volumes of a container and all live files of each, through libfsapfs of libyal.

Of a hard link one name is given, and a symbolic link is not followed. Compressed files are read as they were
before. What was deleted, and what only a snapshot still has, is found where it lies when space is searched.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, Final

from luwte.lab.carriers.carrier import CarrierFile, ProblemList, Read, State, chunks_of, refused
from luwte.lab.carriers.contents import TOO_LARGE
from luwte.lab.carriers.libyal import TROUBLE, Plain, Source
from luwte.lab.carriers.locks import Keys
from luwte.lab.carriers.names import joined, printable
from luwte.lab.carriers.unallocated import Unallocated
from luwte.lab.carriers.walk import LARGEST_TOTAL

MARK: Final = (32, b"NXSB")
_MOST_VOLUMES = 100
_LARGEST_EXPANSION = 16
_SMALLEST_ENTRY = 16
_SORTED_AT_ONCE = 4096
_DEEPEST = 1024
_MOST_EXTENTS = 1 << 16
_FORK, _COMPRESSED = "com.apple.ResourceFork", "com.apple.decmpfs"
_LEFT_OUT = "deleted files and snapshots of APFS are found only where free space is searched"
_DAMAGED = "its place in the file system is damaged, or it is compressed in a way that is not read"
_DAMAGED_FOLDER = "a folder of the file system is damaged"


class Container:
    """The APFS container in the `size` bytes from `start` behind `read`. Raises `OSError` when it is none."""

    def __init__(self, read: Read, start: int, size: int, keys: Keys) -> None:
        import pyfsapfs

        self._container = pyfsapfs.container()
        self._container.open_file_object(Source(read, start, size))
        self.span = (start, start + int(self._container.get_size()))
        self._keys = keys
        self.locked = self.damaged = 0
        self.open_without_key = False

    def walks(self, label: str, size: int, problems: ProblemList) -> list[Walk]:
        """Return how to walk each volume that is open; those that are not are counted in `locked`."""
        count = min(_MOST_VOLUMES, int(self._container.get_number_of_volumes()))
        volumes = [volume for volume in map(self._volume, range(count)) if volume is not None]
        names = _distinct([printable(volume.get_name() or "") for volume in volumes])
        labels = [joined(label, name) if count > 1 else label for name in names]
        return [
            Walk(volume, shown, self.span, size, problems)
            for volume, shown in zip(volumes, labels, strict=True)
        ]

    def _volume(self, number: int) -> Any:
        def attempt(key: str | None) -> Any:
            volume = self._container.get_volume(number)
            if not volume.is_locked():
                self.open_without_key = self.open_without_key or key is None
                return volume
            if key is None:
                return None
            volume.set_password(key)
            volume.set_recovery_password(key)
            return volume if volume.unlock() else None

        try:
            opened = self._keys.open(attempt)
        except TROUBLE:
            self.damaged += 1
            return None
        self.locked += opened is None
        return opened


class Walk:
    """Goes once through an opened `volume` of the container at `span` of a medium of `size` bytes."""

    def __init__(
        self, volume: Any, label: str, span: tuple[int, int], size: int, problems: ProblemList
    ) -> None:
        self._volume, self._size, self._problems = volume, size, problems
        self.label, self.span = label, span

    def files(self, search: Unallocated | None = None) -> Iterator[CarrierFile]:
        """Give every live file, some thousands at a time in the order of their place.

        `search` is told where their contents lie.
        """
        self._problems.add(_LEFT_OUT)
        left = max(self._size, 1 << 20) * LARGEST_TOTAL
        everything = self._everything()
        while batch := list(islice(everything, _SORTED_AT_ONCE)):
            placed = sorted(((self._place(entry, search), path, entry) for path, entry in batch), key=_first)
            for _, path, entry in placed:
                for file in self._contents(path, entry):
                    left -= file.size if file.read else 0
                    if left < 0:
                        self._problems.lose("the files claim more bytes together than the carrier can hold")
                        return
                    yield file

    def _everything(self) -> Iterator[tuple[str, Any]]:
        """Give every regular file with its path, from the root down; nothing is entered twice."""
        left = self._size // _SMALLEST_ENTRY
        waiting = [(self._volume.get_root_directory(), self.label, 0)]
        seen = {waiting[0][0].get_identifier()}
        while waiting:
            folder, path, depth = waiting.pop()
            for entry in self._entries(folder):
                left -= 1
                if left < 0 or depth > _DEEPEST:
                    self._problems.lose("there are more or deeper folders than the carrier can hold")
                    return
                try:
                    identity, mode = entry.get_identifier(), entry.get_file_mode()
                    name = joined(path, printable(entry.get_name() or ""))
                except TROUBLE:
                    self._problems.lose("the metadata of a live file or folder is damaged")
                    continue
                if identity in seen:
                    continue
                seen.add(identity)
                if stat.S_ISDIR(mode):
                    waiting.append((entry, name, depth + 1))
                elif stat.S_ISREG(mode):
                    yield name, entry

    def _entries(self, folder: Any) -> Iterator[Any]:
        try:
            for number in range(folder.get_number_of_sub_file_entries()):
                yield folder.get_sub_file_entry(number)
        except TROUBLE:
            self._problems.lose(_DAMAGED_FOLDER)

    def _place(self, entry: Any, search: Unallocated | None) -> int:
        """Return where the content of `entry` starts, and tell `search` all of where it is."""
        try:
            count = min(_MOST_EXTENTS, entry.get_number_of_extents())
            extents = [entry.get_extent(number) for number in range(count if search else min(1, count))]
        except TROUBLE:
            return 0
        if search:
            search.use(((start, start + size) for start, size, _ in extents if start), self.span[0])
        return int(extents[0][0]) if extents else 0

    def _contents(self, path: str, entry: Any) -> Iterator[CarrierFile]:
        """Give the content of `entry`, and its resource fork where that is one."""
        try:
            yield self._file(path, "live", entry, int(entry.get_size()))
            if entry.has_extended_attribute_by_name(_COMPRESSED):
                return
            if entry.has_extended_attribute_by_name(_FORK):
                fork = entry.get_extended_attribute_by_name(_FORK)
                yield self._file(f"{path}:rsrc", "stream", fork, int(fork.get_size()))
        except TROUBLE:
            self._problems.add("the attributes of a file are damaged")

    def _file(self, path: str, state: State, content: Any, size: int) -> CarrierFile:
        if size > self._size * _LARGEST_EXPANSION:
            return CarrierFile(path, state, size, partial(refused, TOO_LARGE))
        read = Plain(content, size, _DAMAGED).read
        return CarrierFile(path, state, size, partial(chunks_of, read, size), read)


def _first(placed: tuple[int, str, Any]) -> int:
    return placed[0]


def _distinct(names: list[str]) -> list[str]:
    """Return `names` with a number behind those that are there twice."""
    return [f"{name} {number}" if names.count(name) > 1 else name for number, name in enumerate(names, 1)]
