"""How a backup is written and read: lines of JSON, packed (gzip), in an age file.

The first line names the format. Then, for each table, a line with its name and columns, and one for each row;
then a line for each key of another house that is trusted; last the signed manifest. `age -d` and `gunzip`
show it without Luwte.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO

from isal import isal_zlib

from luwte.crypto.streams import decrypt_into
from luwte.desk.backup.errors import NotABackup
from luwte.exchange.documents import compact

LONGEST_LINE = 64 << 20
_GZIP = 31
_PIECE = 1 << 18


def packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give `lines` together as a gzip file, in pieces."""
    pack = isal_zlib.compressobj(level=1, wbits=_GZIP)
    waiting: list[bytes] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= _PIECE:
            yield pack.compress(b"".join(waiting))
            waiting, size = [], 0
    yield pack.compress(b"".join(waiting)) + pack.flush()


def table_line(label: str, columns: Sequence[str]) -> bytes:
    """Return the line before the rows of a table."""
    return compact({"table": label, "columns": list(columns)}) + b"\n"


def file_line(name: str, content: bytes) -> bytes:
    """Return the line that holds a file."""
    return compact({"file": name, "content": b64encode(content).decode()}) + b"\n"


def read_lines(
    file: IO[bytes], secret_keys: Sequence[str], path: Path, take: Callable[[bytes], None]
) -> tuple[bytes, str]:
    """Give `take` every line but the last; return the last one, and the SHA-256 over all before it (hex).

    Raises `BadInput` when it cannot be opened or is not whole; what `take` raises comes out as it is.
    """
    lines = _Lines(path, take)
    decrypt_into(file, lines, secret_keys, str(path))
    return lines.end()


class _Lines:
    """Unpacks what it is given and cuts it into lines; keeps one back, as it may be the last."""

    def __init__(self, path: Path, take: Callable[[bytes], None]) -> None:
        self._path, self._take = path, take
        self._unpack = zlib.decompressobj(_GZIP)
        self._digest = sha256()
        self._begun: list[bytes] = []
        self._size = 0
        self._kept: bytes | None = None

    def write(self, content: bytes, /) -> int:
        if self._unpack.eof and content:
            raise self._longer()
        try:
            self._cut(self._unpack.decompress(bytes(content)))
        except zlib.error:
            raise NotABackup(self._path, "it is not packed as a backup is") from None
        if self._unpack.unused_data:
            raise self._longer()
        return len(content)

    def flush(self) -> None:
        """Nothing is written anywhere."""

    def end(self) -> tuple[bytes, str]:
        if not self._unpack.eof or self._begun or self._kept is None:
            raise NotABackup(self._path, "it is cut off")
        return self._kept, self._digest.hexdigest()

    def _longer(self) -> NotABackup:
        """What follows the end is kept by the unpacker and copied with each piece: it is refused at once."""
        return NotABackup(self._path, "something follows its end")

    def _cut(self, content: bytes) -> None:
        first, *rest = content.split(b"\n")
        self._begin(first)
        for part in rest:
            self._line(b"".join(self._begun))
            self._begun, self._size = [], 0
            self._begin(part)

    def _begin(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > LONGEST_LINE:
            raise NotABackup(self._path, "it holds a row that is longer than any can be")
        if part:
            self._begun.append(part)

    def _line(self, line: bytes) -> None:
        if self._kept is not None:
            self._digest.update(self._kept + b"\n")
            self._take(self._kept)
        self._kept = line


def parsed(line: bytes, path: Path) -> dict[str, object]:
    """Return the object in a line that is not a row. Raises `NotABackup` for anything else."""
    try:
        found = json.loads(line)
        if not isinstance(found, dict):
            raise ValueError("object")
    except (ValueError, RecursionError):
        raise NotABackup(path, "a line of it is damaged") from None
    return found
