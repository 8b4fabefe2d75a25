"""The folder in which letters wait for the printer, and what stays of one that is gone: an empty mark.

<folder>/<key>.pdf          a letter that is to be printed
<folder>/printed/<key>.pdf  one that was
<folder>/made/<key>         says that a letter was made, so that none is made twice
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from luwte.base.files import make_folder, write_bytes, write_failure

PRINTED, MADE = "printed", "made"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that lies in the folder: the `key` of its contact, its `file`, and when it was `written`."""

    key: str
    file: Path
    written: datetime


@dataclass(frozen=True, slots=True)
class PrintFolder:
    """The spool `folder`, and the address to which the post returns a letter, on one line."""

    folder: Path
    sender: str = ""

    def begin(self) -> None:
        """Make the folders. Raises `Failure` when that is impossible."""
        for place in (self.folder, self.folder / PRINTED, self.folder / MADE):
            make_folder(place)

    def has(self, key: str) -> bool:
        """Return whether a letter was made under `key`, wherever it is now."""
        name = f"{key}.pdf"
        places = (self.folder / MADE / key, self.folder / name, self.folder / PRINTED / name)
        return any(place.exists() for place in places)

    def put(self, key: str, content: bytes) -> None:
        """Write a letter, whole or not at all. Raises `Failure`."""
        write_bytes(self.folder / f"{key}.pdf", content)
        self._mark(key)

    def waiting(self) -> list[Letter]:
        """Return the letters that are to be printed, oldest first."""
        return _letters(self.folder)

    def printed(self) -> list[Letter]:
        """Return the letters that were moved to where printed ones lie, oldest first."""
        return _letters(self.folder / PRINTED)

    def take(self, letters: Collection[Letter]) -> None:
        """Take letters away for good; a mark of each stays. Raises `Failure`."""
        for letter in letters:
            self._mark(letter.key)
            try:
                letter.file.unlink(missing_ok=True)
            except OSError as error:
                raise write_failure(letter.file, error) from error

    def _mark(self, key: str) -> None:
        mark = make_folder(self.folder / MADE) / key
        if not mark.exists():
            write_bytes(mark, b"")


def _letters(folder: Path) -> list[Letter]:
    return sorted(_found(folder), key=lambda one: (one.written, one.key))


def _found(folder: Path) -> Iterator[Letter]:
    for file in folder.glob("*.pdf"):
        try:
            written = datetime.fromtimestamp(file.lstat().st_mtime, UTC)
        except FileNotFoundError:  # moved or taken away meanwhile
            continue
        yield Letter(file.stem, file, written)
