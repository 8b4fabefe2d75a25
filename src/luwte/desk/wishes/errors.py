"""What can be wrong with a wish, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class WishesAreNeverEdited(BadInput):
    """A wish that stands is never changed."""

    def __init__(self) -> None:
        super().__init__("A wish is never edited or deleted. Add a new version with `luwte desk wish set`.")


class QuietUnknown(BadInput):
    """There is no such quiet period that stands."""

    def __init__(self, quiet_id: str) -> None:
        super().__init__(
            f"There is no quiet period {quiet_id!r} that stands. "
            "`luwte desk wish show PERSON` shows which do."
        )


class WishImpossible(BadInput):
    """What was chosen cannot be kept; the sentence says what to change."""
