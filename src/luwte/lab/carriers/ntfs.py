"""NTFS files that no folder names: the deleted ones, and those whose folder is damaged.

Their names stand in the files themselves ($FILE_NAME, type 48: parent reference at 0, name length at 64,
namespace at 65, UTF-16 name from 66). Source: Brian Carrier, File System Forensic Analysis, chapter 13.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import pytsk3

from luwte.lab.carriers.carrier import State
from luwte.lab.carriers.names import joined, printable
from luwte.lab.carriers.tsk import TROUBLE

ORPHANS: Final = "$OrphanFiles"
_FILE_NAME = int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_FNAME)
_REGULAR, _FOLDER = int(pytsk3.TSK_FS_META_TYPE_REG), int(pytsk3.TSK_FS_META_TYPE_DIR)
_LIVE = int(pytsk3.TSK_FS_META_FLAG_ALLOC)
_FIRST_USER_INODE = 24
TABLES: Final = range(_FIRST_USER_INODE)
"""The inodes of the volume's own tables."""
_LONGEST_NAME = 66 + 2 * 255
_DOS_NAMESPACE = 2
_DEEPEST = 64
_EXTENSIONS = frozenset({"$ObjId", "$Quota", "$Reparse", "$RmMetadata", "$UsnJrnl"})


def is_system(file: pytsk3.File, path: str, label: str) -> bool:
    """Return whether `file` is one of the volume's own tables, which hold no file's content."""
    if int(file.info.meta.addr) < _FIRST_USER_INODE:
        return True
    top, _, name = path.removeprefix(f"{label}/").partition("/")
    return top == "$Extend" and name.split("/")[0] in _EXTENSIONS


def without_live_name(
    system: pytsk3.FS_Info, seen: set[int], folders: dict[int, str], label: str
) -> Iterator[tuple[pytsk3.File, str, State]]:
    """Give each file whose inode is not in `seen`, with its shown path and state.

    `folders` maps the inode of each live folder to its path; `label` is the path of the volume itself.
    A live inode without a name counts only if it is a whole file: other ones continue a file's attributes.
    """
    first = max(int(system.info.first_inum), _FIRST_USER_INODE)
    for inode in range(first, int(system.info.last_inum)):
        if inode in seen:
            continue
        try:
            file = system.open_meta(inode=inode)
            meta = file.info.meta
            if meta is None or int(meta.type) not in (_REGULAR, _FOLDER):
                continue
            parent, name = _name(file)
        except TROUBLE:
            continue
        live = bool(int(meta.flags) & _LIVE)
        if live and name is None:
            continue
        folder = _folder(system, parent, folders, joined(label, ORPHANS))
        yield file, joined(folder, printable(name or f"inode {inode}")), "live" if live else "deleted"


def _folder(system: pytsk3.FS_Info, inode: int, folders: dict[int, str], orphans: str) -> str:
    """Return the path of the folder at `inode`, also a deleted one, and remember it in `folders`."""
    climbed: list[tuple[int, str]] = []
    while inode not in folders and len(climbed) < _DEEPEST:
        try:
            file = system.open_meta(inode=inode)
            parent, name = _name(file)
            is_folder = file.info.meta is not None and int(file.info.meta.type) == _FOLDER
        except TROUBLE:
            break
        if name is None or not is_folder:
            break
        climbed.append((inode, printable(name)))
        inode = parent
    path = folders.get(inode, orphans)
    for climbed_inode, name in reversed(climbed):
        path = folders[climbed_inode] = joined(path, name)
    return path


def _name(file: pytsk3.File) -> tuple[int, str | None]:
    """Return inode of the folder and name, as the file itself states them; a long name before a short one."""
    best: tuple[int, str | None] = (-1, None)
    for attribute in file:
        if int(attribute.info.type) != _FILE_NAME:
            continue
        size = min(int(attribute.info.size), _LONGEST_NAME)
        content = bytes(file.read_random(0, size, _FILE_NAME, int(attribute.info.id)))
        if len(content) < 66:
            continue
        (parent,) = struct.unpack_from("<Q", content)
        name = content[66 : 66 + 2 * content[64]].decode("utf-16-le", "replace")
        if content[65] != _DOS_NAMESPACE:
            return parent & 0xFFFFFFFFFFFF, name
        best = (parent & 0xFFFFFFFFFFFF, name)
    return best
