"""What can stand in the way of deleting, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class TermWrong(BadInput):
    """A term of the authority that cannot be: unknown, unreadable, or outside its bounds."""


class ClockWrong(BadInput):
    """The clock cannot be right, so nothing is over its term."""


class NothingProven(BadInput):
    """No step of retention is known to have deleted a row with this id."""
