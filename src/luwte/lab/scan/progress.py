"""How a scan says how far it is; who shows it, and how, is not its business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Status:
    """How far a scan is: bytes `done` of `total` (None if not known), `files` seen, what it is `doing`."""

    done: int
    total: int | None
    files: int
    doing: str


class Progress(Protocol):
    """Is told of a scan's status several times a second."""

    def show(self, status: Status) -> None:
        """Show `status`."""
        ...


class Silent:
    """Shows nothing."""

    def show(self, status: Status) -> None:
        """Show nothing of `status`."""
