"""Whether a folder of a file system lists all it should: the library skips damaged entries without a word.

Sources: Linux Documentation/filesystems/ext4/directory.rst; Microsoft, FAT32 File System Specification,
section 6. Other file systems are not checked here. NTFS needs no check: its files are found without folders.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import pytsk3

from luwte.lab.carriers.carrier import CHUNK_SIZE

EXT: Final = frozenset(map(int, (pytsk3.TSK_FS_TYPE_EXT2, pytsk3.TSK_FS_TYPE_EXT3, pytsk3.TSK_FS_TYPE_EXT4)))
EXT_TABLES: Final = range(1, 11)
"""The inodes that ext keeps for itself: the journal and the space to grow in."""
_FAT = frozenset(map(int, (pytsk3.TSK_FS_TYPE_FAT12, pytsk3.TSK_FS_TYPE_FAT16, pytsk3.TSK_FS_TYPE_FAT32)))
_EXT_ENTRY = struct.Struct("<LHB")
_EXT_HEADER, _EXT_SHORTEST = 8, 12
_EXT_LARGEST_BLOCK = 32 << 10
_FAT_ENTRY = 32
_FAT_ITSELF = b".          "
_FAT_DELETED = 0xE5
_FAT_ATTRIBUTES, _FAT_RESERVED = 11, 0xC0


def is_whole(system: pytsk3.FS_Info, inode: int) -> bool:
    """Return whether no entry of the folder at `inode` is damaged. Raises what `TROUBLE` names."""
    kind = int(system.info.ftype)
    if kind not in EXT | _FAT:
        return True
    folder = system.open_meta(inode=inode)
    if kind in _FAT:
        return _fat_is_whole(folder, is_root=inode == int(system.info.root_inum))
    return _ext_is_whole(folder, int(system.info.block_size), int(system.info.last_inum))


def _ext_is_whole(folder: pytsk3.File, block_size: int, last_inode: int) -> bool:
    """Entries fill each block to its end. A folder inside its inode has no blocks; large blocks count
    lengths differently: both are taken as they are."""
    if int(folder.info.meta.size) % block_size or block_size > _EXT_LARGEST_BLOCK:
        return True
    return all(_ext_block_is_whole(block, last_inode) for block in _parts(folder, block_size))


def _ext_block_is_whole(block: bytes, last_inode: int) -> bool:
    place = 0
    while place < len(block):
        if place + _EXT_SHORTEST > len(block):
            return False
        inode, length, name_length = _EXT_ENTRY.unpack_from(block, place)
        least = max(_EXT_SHORTEST, _EXT_HEADER + name_length)
        if length < least or place + length > len(block) or inode > last_inode:
            return False
        place += length
    return True


def _fat_is_whole(folder: pytsk3.File, *, is_root: bool) -> bool:
    """The first entry of a folder, unless it is the root, is the folder itself; a zero ends the entries."""
    entries = _parts(folder, _FAT_ENTRY)
    if not is_root and not next(entries, b"").startswith(_FAT_ITSELF):
        return False
    for entry in entries:
        if not entry[0]:
            break
        if entry[0] != _FAT_DELETED and entry[_FAT_ATTRIBUTES] & _FAT_RESERVED:
            return False
    return True


def _parts(folder: pytsk3.File, size: int) -> Iterator[bytes]:
    """Give the content of `folder` in parts of `size` bytes."""
    whole = int(folder.info.meta.size)
    for start in range(0, whole, CHUNK_SIZE):
        piece = bytes(folder.read_random(start, min(CHUNK_SIZE, whole - start)))
        for place in range(0, len(piece), size):
            yield piece[place : place + size]
