"""The bytes of a foreign list: UTF-8 without its mark, whatever the file was, and never much at once."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from luwte.base.files import open_plain
from luwte.exchange.errors import BadList, unreadable

LINE_LIMIT = 2**20
ITEM_LIMIT = 16 * 2**20
HEAD_BYTES = 65_536
_BLOCK = 2**16

Progress = Callable[[int], None]


class Source:
    """A list open for reading. `position` is how many bytes of the file were taken so far.

    `progress` is told the position now and then. Between two calls of `item_done` at most 16 MiB are read:
    a single value without end, or without limit, costs no memory.
    """

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self.path = path
        self.position = 0
        self._since = 0
        self.progress = progress
        try:
            self._file: IO[bytes] = open_plain(path)
        except OSError as error:
            raise unreadable(path, error) from None
        self._decoder = self._recoder()

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, size: int = _BLOCK) -> bytes:
        """Return the next bytes as UTF-8, about `size` of them; nothing at the end of the file."""
        while size:
            block = self._take(size)
            if self._decoder is None:
                return block
            try:
                recoded = self._decoder.decode(block, final=not block).encode()
            except UnicodeError:
                raise BadList(f"{self.path} is not readable text. Save it as UTF-8 and try again.") from None
            if recoded or not block:
                return recoded
        return b""  # ijson asks for nothing first, to see what kind of file this is

    def lines(self) -> Iterator[str]:
        """Give each line without its end. Bytes that are no UTF-8 are read as Latin-1 (old exports)."""
        rest = b""
        while block := self.read():
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                self.item_done()
                yield _decoded(line.removesuffix(b"\r"))
            if len(rest) > LINE_LIMIT:
                raise BadList(
                    f"{self.path} has a line of more than {LINE_LIMIT} bytes. It is not a list of hashes."
                )
        if rest:
            yield _decoded(rest.removesuffix(b"\r"))

    def item_done(self) -> None:
        """Say that what was read so far has been dealt with."""
        self._since = 0

    def _take(self, size: int) -> bytes:
        try:
            block = self._file.read(size)
        except OSError as error:
            raise unreadable(self.path, error) from None
        self.position += len(block)
        self._since += len(block)
        if self._since > ITEM_LIMIT:
            raise BadList(
                f"{self.path} has an item of more than {ITEM_LIMIT} bytes. It is not a list of hashes."
            )
        if self.progress is not None:
            self.progress(self.position)
        return block

    def _recoder(self) -> codecs.IncrementalDecoder | None:
        try:
            head = self._file.read(3)
            if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                self._file.seek(0)
                return codecs.getincrementaldecoder("utf-16")()
            self._file.seek(3 if head == codecs.BOM_UTF8 else 0)
        except OSError as error:
            self._file.close()
            raise unreadable(self.path, error) from None
        return None


def head_of(path: Path) -> bytes:
    """Return the first 64 KiB of the list in `path` as UTF-8; raises `BadInput` when it cannot be read."""
    with Source(path) as source:
        return source.read(HEAD_BYTES)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
