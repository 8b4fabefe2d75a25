"""What can be wrong with a wish, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class WishesAreNeverEdited(BadInput):
    """A wish that stands is never changed."""

    def __init__(self) -> None:
        super().__init__("A wish is never edited or deleted. Add a new version with `luwte desk wish set`.")


class WishImpossible(BadInput):
    """What was chosen cannot be kept; the sentence says what to change."""
