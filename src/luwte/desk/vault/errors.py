"""What can be wrong in the vault, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class PersonUnknown(BadInput):
    """There is no such person, or the person was erased."""

    def __init__(self, person_id: str) -> None:
        super().__init__(f"There is no person {person_id!r} here. `luwte desk person list` shows who is.")


class RepresentativeUnknown(BadInput):
    """There is no such representative."""

    def __init__(self, representative_id: str) -> None:
        super().__init__(
            f"There is no representative {representative_id!r} here. "
            "`luwte desk person show PERSON` shows who is."
        )


class PersonDied(PersonUnknown):
    """Nobody signs in as someone who has died: for that, there is no such person any more."""

    def __init__(self) -> None:
        BadInput.__init__(
            self,
            "This person has died: nobody signs in in their name. If that was recorded by mistake, run "
            "`luwte desk person deceased PERSON --mistaken`.",
        )


class MayNotRead(BadInput):
    """A representative who may see nothing of the person today."""

    def __init__(self) -> None:
        super().__init__(
            "This representative may see nothing now: the mandate does not hold today, there is a "
            "conflict, they do not know yet, or the person has died. Look at `luwte desk person show PERSON`."
        )


class PersonImpossible(BadInput):
    """What is said of a person cannot be; the sentence says what to change."""


class LinkSpent(BadInput):
    """A sign-in link that is unknown, used or too old: all three look the same from outside."""

    def __init__(self) -> None:
        super().__init__("This link does not work any more. Ask for a new one.")


class AccountTaken(BadInput):
    """An account at the broker that is somebody else's here already."""

    def __init__(self) -> None:
        super().__init__(
            "This account is already that of another person here. Look which of the two it belongs to, and "
            "take it from the other first."
        )


class LookUpImpossible(BadInput):
    """What is given to look someone up by is too little; the sentence says what to add."""


class GlassUnknown(BadInput):
    """There is no such request to open who a person is."""

    def __init__(self) -> None:
        super().__init__(
            "There is no such request. `luwte desk person break-glass list PERSON` shows which there are."
        )


class GlassClosed(BadInput):
    """This request cannot be approved or opened now; the sentence says why."""


class KeysNeeded(BadInput):
    """An old key of the ring cannot be dropped yet; the sentence says why."""
