"""What can be wrong with a case or an event, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class CaseUnknown(BadInput):
    """It is not known which case is meant."""


class EventImpossible(BadInput):
    """This cannot be an event; the sentence says what to change."""


class EventDiffers(BadInput):
    """The same event was recorded before with another source or another end."""

    def __init__(self) -> None:
        super().__init__(
            "This event was recorded before, with another source or another day on which the right lapses. "
            "What is recorded stays; record what changed as an event of its own."
        )


class HoldImpossible(BadInput):
    """A case cannot be held, or released, like this; the sentence says what to change."""
