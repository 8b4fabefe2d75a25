"""All files of one file system: live and deleted ones, each inode once, in the order of their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final

import pytsk3

from luwte.lab.carriers import listing, ntfs
from luwte.lab.carriers.carrier import CarrierFile, ProblemList, State
from luwte.lab.carriers.contents import TOO_LARGE, Found, carrier_file, contents, stretches
from luwte.lab.carriers.names import joined, printable
from luwte.lab.carriers.tsk import TROUBLE, TskImage
from luwte.lab.carriers.unallocated import Unallocated

LARGEST_TOTAL: Final = 64
"""Times the medium's own size that all files together may claim; a real one stays near 1."""

_UNDEFINED = int(pytsk3.TSK_FS_META_TYPE_UNDEF)
_REGULAR = int(pytsk3.TSK_FS_META_TYPE_REG)
_FOLDERS = frozenset({int(pytsk3.TSK_FS_META_TYPE_DIR), int(pytsk3.TSK_FS_META_TYPE_VIRT_DIR)})
_VIRTUAL_FOLDER = int(pytsk3.TSK_FS_META_TYPE_VIRT_DIR)
_LIVE = int(pytsk3.TSK_FS_META_FLAG_ALLOC)
_NAME_LIVE = int(pytsk3.TSK_FS_NAME_FLAG_ALLOC)
_NAMES = frozenset({int(pytsk3.TSK_FS_NAME_TYPE_REG), int(pytsk3.TSK_FS_NAME_TYPE_DIR)})
_SORTED_AT_ONCE = 65536
_EXT_RESERVED = 10
_EMPTIED = "a deleted file whose place the file system no longer knows"
_DAMAGED = "its place in the file system is damaged"
_DAMAGED_FOLDER = "a folder of the file system is damaged"
_DAMAGED_METADATA = "the metadata of a live file or folder is damaged"
_VOLUME_LABEL = b" (Volume Label Entry)"


class Walk:
    """Goes once through the file system at `start` of a medium of `size` bytes; paths start with `label`."""

    def __init__(
        self,
        system: pytsk3.FS_Info,
        image: TskImage,
        label: str,
        start: int,
        size: int,
        problems: ProblemList,
    ) -> None:
        self._system = system
        self._image = image
        self._start = start
        self._block = int(system.info.block_size)
        self._search: Unallocated | None = None
        self.label = label
        self._size = size
        self._problems = problems
        self._is_ntfs = int(system.info.ftype) == int(pytsk3.TSK_FS_TYPE_NTFS)
        self._is_ext = int(system.info.ftype) in listing.EXT
        self._seen: set[int] = set()
        self._folders: dict[int, str] = {}

    @property
    def span(self) -> tuple[int, int]:
        """Return from where to where in the medium the file system reaches, in bytes."""
        return self._start, self._start + self._block * (int(self._system.info.last_block) + 1)

    def files(self, search: Unallocated | None = None) -> Iterator[CarrierFile]:
        """Give every file, some thousands at a time in the order of their blocks.

        So the medium is read forward, and a compressed image is inflated once. `search` is told what live
        files use and what deleted ones were given; it searches what stands behind the end of a live one.
        """
        self._search = search
        left = max(self._size, 1 << 20) * LARGEST_TOTAL
        everything = self._everything()
        while batch := sorted(islice(everything, _SORTED_AT_ONCE), key=lambda found: found.first_block):
            for found in batch:
                left -= 0 if found.flaw else found.size
                if left < 0:
                    self._problems.lose("the files claim more bytes together than the carrier can hold")
                    return
                file = carrier_file(found, self._image)
                if search and not found.flaw:
                    if found.state == "deleted":
                        search.give(self._start + found.first_block * self._block, found.size)
                    else:
                        file = replace(file, behind=partial(self._slack, found, search))
                yield file

    def _slack(self, found: Found, search: Unallocated) -> Iterator[CarrierFile]:
        place, size = found.slack
        return search.slack(self._start + place, size, found.path)

    def _use(self, file: pytsk3.File) -> None:
        """Note which blocks belong to the live `file`; those of a damaged one count as free."""
        if self._search is None:
            return
        try:
            self._search.use(stretches(file, self._block), self._start)
        except TROUBLE:
            self._image.take_failure("")

    def _use_tables(self) -> None:
        """Note which blocks belong to the tables of the file system that are files themselves."""
        if self._search is None:
            return
        tables = ntfs.TABLES if self._is_ntfs else listing.EXT_TABLES if self._is_ext else ()
        for inode in (*tables, int(self._system.info.root_inum)):
            try:
                file = self._system.open_meta(inode=inode)
            except TROUBLE:
                continue
            if file.info.meta is not None and int(file.info.meta.size) <= self._size:
                self._use(file)

    def _everything(self) -> Iterator[Found]:
        self._use_tables()
        for file, path, state in self._named():
            yield from self._contents(file, path, state)
        if self._is_ntfs:
            for file, path, state in ntfs.without_live_name(
                self._system, self._seen, self._folders, self.label
            ):
                yield from self._contents(file, path, state)

    def _contents(self, file: pytsk3.File, path: str, state: State) -> Iterator[Found]:
        """Give the contents of `file`; a live one without any is still a file, with nothing to read."""
        is_folder, size = int(file.info.meta.type) in _FOLDERS, int(file.info.meta.size)
        if state == "live" and (self._is_ntfs or size <= self._size):
            self._use(file)
        if is_folder and not self._is_ntfs:
            return
        if size > self._size and not self._is_ntfs:
            # Not even its attributes are asked for: the library then goes through every claimed block.
            yield Found(path, state, size, file, 0, 0, 0, TOO_LARGE)
            return
        own = False
        try:
            for found in contents(file, path, state, self._size, self._block):
                own = own or found.own
                if not (is_folder and found.own) and (found.size or state == "live"):
                    yield found
        except TROUBLE:
            self._problems.add(self._image.take_failure("the attributes of a file are damaged"))
        if state == "deleted" and not size and self._is_ext:
            self._problems.add(_EMPTIED)
        if not own and not is_folder and state == "live":
            yield Found(path, state, size, file, 0, 0, 0, _DAMAGED if size else None)

    def _named(self) -> Iterator[tuple[pytsk3.File, str, State]]:
        """Give every file and folder that has a name, from the root down; no folder is entered twice."""
        waiting: list[tuple[int, str, bool]] = [(int(self._system.info.root_inum), self.label, True)]
        self._seen.add(waiting[0][0])
        while waiting:
            inode, folder, live = waiting.pop()
            self._folders[inode] = folder
            for entry in self._entries(inode, live):
                found = self._described(entry, live)
                if found is None:
                    continue
                file, name, state = found
                path = joined(folder, name)
                if int(file.info.meta.type) in _FOLDERS:
                    waiting.append((int(file.info.meta.addr), path, state == "live"))
                    yield file, path, state
                elif not (self._is_ntfs and ntfs.is_system(file, path, self.label)):
                    yield file, path, state
                else:
                    self._use(file)

    def _entries(self, inode: int, live: bool) -> Iterator[pytsk3.File]:
        try:
            yield from self._system.open_dir(inode=inode)
            whole = not live or listing.is_whole(self._system, inode)
        except TROUBLE:
            whole = False
        if not whole:
            note = self._problems.lose if live else self._problems.add
            note(self._image.take_failure(_DAMAGED_FOLDER))

    def _described(self, entry: pytsk3.File, live: bool) -> tuple[pytsk3.File, str, State] | None:
        """Return file, shown name and state of a directory entry, or None when it is not to be reported.

        A deleted name whose inode lives again belongs to another file by now. NTFS keeps names in the files
        themselves, so there all deleted ones come from `ntfs.without_live_name`. Parts of the index of a
        large ext folder look like live names to the library now and then; they lead to reserved inodes.
        """
        name = entry.info.name
        if name is None or not name.name or name.name in (b".", b".."):
            return None
        if self._is_ext and int(name.meta_addr) <= _EXT_RESERVED:
            return None
        name_live = live and bool(int(name.flags) & _NAME_LIVE)
        file = entry if entry.info.meta is not None else self._reopened(int(name.meta_addr))
        if file is None or int(file.info.meta.type) == _UNDEFINED:
            if name_live and int(name.type) in _NAMES:
                self._problems.lose(_DAMAGED_METADATA)
            return None
        meta = file.info.meta
        inode, kind, meta_live = int(meta.addr), int(meta.type), bool(int(meta.flags) & _LIVE)
        if kind != _REGULAR and kind not in _FOLDERS:
            return None
        if name.name.endswith(_VOLUME_LABEL) and not int(meta.size):
            return None
        if self._is_ntfs and (not name_live or kind == _VIRTUAL_FOLDER):
            return None
        if inode in self._seen or (meta_live and not name_live and kind != _VIRTUAL_FOLDER):
            return None
        self._seen.add(inode)
        state: State = "live" if name_live and meta_live and kind != _VIRTUAL_FOLDER else "deleted"
        return file, printable(name.name), state

    def _reopened(self, inode: int) -> pytsk3.File | None:
        """Return the file at `inode`: a deleted name comes without it when its sequence number moved on."""
        if inode == 0:
            return None
        try:
            file = self._system.open_meta(inode=inode)
        except TROUBLE:
            return None
        return file if file.info.meta is not None else None
