"""The contents of one file of a file system: its data, its alternate streams, and how to read each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import pytsk3

from luwte.lab.carriers.carrier import CarrierFile, State, Unreadable, chunks_of
from luwte.lab.carriers.names import printable
from luwte.lab.carriers.tsk import TROUBLE, TskImage

NTFS_DATA: Final = int(pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA)
TOO_LARGE: Final = "claims more bytes than the carrier can hold"
_DATA = frozenset({int(pytsk3.TSK_FS_ATTR_TYPE_DEFAULT), NTFS_DATA, int(pytsk3.TSK_FS_ATTR_TYPE_HFS_DATA)})
_RESOURCE_FORK = int(pytsk3.TSK_FS_ATTR_TYPE_HFS_RSRC)
_ENCRYPTED, _SPARSE = int(pytsk3.TSK_FS_ATTR_ENC), int(pytsk3.TSK_FS_ATTR_SPARSE)
_MAY_EXPAND = _SPARSE | int(pytsk3.TSK_FS_ATTR_COMP)
_RUN_WITHOUT_BLOCKS = int(pytsk3.TSK_FS_ATTR_RUN_FLAG_SPARSE) | int(pytsk3.TSK_FS_ATTR_RUN_FLAG_FILLER)
_LARGEST_EXPANSION = 16
_COMPACT = "WofCompressedData"


@dataclass(frozen=True, slots=True)
class Found:
    """One content: what the library needs to read it, and its first block, which gives the order of reading.

    `flaw` says why it cannot be read, when that is known beforehand; `own` is False for a named stream.
    `slack` is where its last block goes on behind its end, and for how long, both in bytes.
    """

    path: str
    state: State
    size: int
    file: pytsk3.File
    kind: int
    identity: int
    first_block: int
    flaw: str | None
    own: bool = True
    slack: tuple[int, int] = (0, 0)


def stretches(file: pytsk3.File, block: int) -> Iterator[tuple[int, int]]:
    """Give start and end, in bytes of the file system, of all that `file` takes up with its content.

    `block` is the size of a block. Blocks that were kept for it behind its end do not count.
    """
    for attribute in file:
        size = int(attribute.info.size)
        for run in _runs(attribute):
            if int(run.offset) * block < size:
                yield int(run.addr) * block, (int(run.addr) + int(run.len)) * block


def contents(file: pytsk3.File, path: str, state: State, most: int, block: int) -> Iterator[Found]:
    """Give the content of `file` and its named streams.

    `most` is the size of the medium in bytes: what claims more than can lie there is not read. `block` is the
    size of a block of the file system.
    """
    parts = [
        part
        for part in (_Part(attribute, block) for attribute in file)
        if part.kind in _DATA or part.kind == _RESOURCE_FORK
    ]
    compact = any(part.name == _COMPACT for part in parts)
    for part in parts:
        if part.name == _COMPACT or (part.kind == _RESOURCE_FORK and part.size == 0):
            continue
        own = part.kind != _RESOURCE_FORK and not (part.kind == NTFS_DATA and part.name)
        flaw = _flaw(part, most, compact and own)
        shown = path if own else f"{path}:{part.name or 'rsrc'}"
        kept: State = state if own or state == "deleted" else "stream"
        yield Found(
            shown, kept, part.size, file, part.kind, part.identity, part.first_block, flaw, own, part.slack
        )


def carrier_file(found: Found, image: TskImage) -> CarrierFile:
    """Return `found` as a file of the carrier."""
    read = partial(_read, found, image)
    return CarrierFile(found.path, found.state, found.size, partial(chunks_of, read, found.size), read)


class _Part:
    """What matters of one attribute."""

    def __init__(self, attribute: pytsk3.Attribute, block: int) -> None:
        info = attribute.info
        self.kind, self.identity, self.flags = int(info.type), int(info.id), int(info.flags)
        self.size = int(info.size)
        self.name = printable(info.name) if info.name else ""
        self.first_block, self.slack = -1, (0, 0)
        for run in _runs(attribute):
            if self.first_block < 0:
                self.first_block = int(run.addr)
            start, length = int(run.offset) * block, int(run.len) * block
            if start < self.size < start + length and not self.flags & _MAY_EXPAND:
                self.slack = (int(run.addr) * block + self.size - start, start + length - self.size)
        self.first_block = max(0, self.first_block)


def _runs(attribute: pytsk3.Attribute) -> Iterator[pytsk3.TSK_FS_ATTR_RUN]:
    """Give the runs of blocks of an attribute, but for those that stand for zeros."""
    return (run for run in attribute if not int(run.flags) & _RUN_WITHOUT_BLOCKS)


def _flaw(part: _Part, most: int, compact: bool) -> str | None:
    if part.flags & _ENCRYPTED:
        return "is encrypted by Windows (EFS)"
    if compact:
        return "is compressed by Windows (CompactOS), which is not read"
    if part.size > most * (_LARGEST_EXPANSION if part.flags & _MAY_EXPAND else 1):
        return TOO_LARGE
    return None


def _read(found: Found, image: TskImage, offset: int, size: int) -> bytes:
    if found.flaw:
        raise Unreadable(found.flaw)
    size = min(size, found.size - offset)
    if size <= 0:
        return b""
    try:
        return bytes(found.file.read_random(offset, size, found.kind, found.identity))
    except TROUBLE as error:
        raise Unreadable(image.take_failure("its place in the file system is damaged")) from error
