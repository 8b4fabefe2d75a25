"""The keys of other houses in a backup: which of them a restore trusts again, and which were forgotten since.

Trust that was ended after the backup must not come back with it. The home remembers what was forgotten; a new
home cannot, so every key that is trusted again is named for whoever restores.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from luwte.base.errors import BadInput
from luwte.crypto.identity import PublicIdentity
from luwte.desk.backup.document import parsed
from luwte.desk.backup.errors import NotABackup
from luwte.exchange.home import Home, parse_public

MOST_BYTES = 16 << 20
"""More than all lines of a backup that are no rows have together."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of other houses in a backup: those to `trust` again, those `forgotten` here since it was made,
    and the names of files that hold no key (`unread`)."""

    trust: Sequence[tuple[PublicIdentity, bytes]] = ()
    forgotten: Sequence[PublicIdentity] = ()
    unread: Sequence[str] = ()

    def put_back(self, home: Home) -> None:
        """Trust them again; done twice, nothing changes."""
        for public, content in self.trust:
            home.put_back(public, content)


class Finder:
    """Takes every line of a backup and keeps those that are no rows: few, until the end shows who signed."""

    def __init__(self, path: Path) -> None:
        self._path, self._size = path, 0
        self._lines: list[bytes] = []

    def take(self, line: bytes) -> None:
        """Take a line. Raises `NotABackup` when there are more than can be."""
        if line.startswith(b"["):
            return
        self._size += len(line)
        if self._size > MOST_BYTES:
            raise NotABackup(self._path, "it holds more beside its rows than any can")
        self._lines.append(line)

    def found(self, home: Home) -> Keys:
        """Return the keys in them; only of a backup whose signature was checked. Raises `NotABackup`."""
        trust, forgotten, unread = [], [], []
        for name, content in self._files():
            try:
                public = parse_public(b64decode(content, validate=True), Path(name))
            except (BadInput, ValueError):
                unread.append(name)
                continue
            if home.was_forgotten(public.id):
                forgotten.append(public)
            elif public.id != home.identity.public.id:
                trust.append((public, b64decode(content)))
        return Keys(trust, forgotten, unread)

    def _files(self) -> list[tuple[str, str]]:
        lines = [parsed(line, self._path) for line in self._lines]
        return [(Path(str(one["file"])).name, str(one.get("content"))) for one in lines if "file" in one]
