"""What can be wrong with an act of review, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class ReviewerUnknown(BadInput):
    """Nobody with this name reviews here."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nobody called {name!r} reviews here. `luwte desk review reviewer add NAME` adds a reviewer."
        )


class ReviewerImpossible(BadInput):
    """This cannot be the name of a reviewer, or of one more."""


class LookOver(BadInput):
    """A reviewer answers a question that is not before them, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing is before you, or its time is over. Take the next one with `luwte desk review next`."
        )


class NothingToUndo(BadInput):
    """A cluster that nobody answered, or that is not known."""

    def __init__(self, cluster: str) -> None:
        super().__init__(
            f"Of cluster {cluster!r} nothing was decided. Give the id that `luwte desk review next` showed."
        )


class ProposalImpossible(BadInput):
    """A change that is not asked for, or not approved, like this."""


class LimitsImpossible(BadInput):
    """Limits of review that cannot be kept."""


class FloorImpossible(BadInput):
    """A floor that cannot be kept, or that nobody sets."""
