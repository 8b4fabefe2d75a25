"""What can stand in the way of deleting, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class TermWrong(BadInput):
    """A term of the authority that cannot be: unknown, unreadable, or outside its bounds."""


class ClockWrong(BadInput):
    """The clock cannot be right, so nothing is over its term."""


class NothingProven(BadInput):
    """No step of retention is known to have deleted a row with this id."""


class RestoreNotLookedAt(BadInput):
    """A backup was put back, and nobody looked yet at the time that was lost."""

    def __init__(self) -> None:
        super().__init__(
            "A backup was put back. Enter again what was lost, legal holds too, and run `luwte desk resume` "
            "first: until then nothing is deleted."
        )
