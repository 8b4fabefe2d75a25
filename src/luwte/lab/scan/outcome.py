"""How reading one carrier went: what the feeder notes while the scan goes on."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from luwte.lab.scan.reading import Done

ImageHash = Literal["matches", "differs", "absent", "not checked"]


class Outcome:
    """Bytes `read` or searched, and compared, so far; `problems` by reason; and whether all was read."""

    def __init__(self) -> None:
        self.read = 0
        self.verified_bytes = 0
        self.problems: Counter[str] = Counter()
        self.file_systems: tuple[str, ...] | None = None
        self.verified: bool | None = None
        self.complete = False

    def broke(self, reason: str) -> None:
        """Note that reading ended before its end, and why."""
        self.problems[reason] += 1

    def done(self, event: Done) -> None:
        """Note what the reader said at its end."""
        self.file_systems = event.file_systems
        self.verified = event.verified
        self.complete = event.whole and event.verified is not False

    def image_hash(self, *, asked: bool) -> ImageHash:
        """Return how the hash stored in the carrier compares with its content, if that was `asked`."""
        if self.verified is not None:
            return "matches" if self.verified else "differs"
        return "absent" if asked and self.file_systems is not None else "not checked"
