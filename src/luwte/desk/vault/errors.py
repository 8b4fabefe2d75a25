"""What can be wrong in the vault, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput

_WAYS = {
    "code": "The code does not fit. Take the one that the app shows now.",
    "taken": "There is one already. Take it away first.",
    "many": "There are as many passkeys as there may be. Take one away first.",
    "none": "There is no app and no passkey. Set one up first.",
}


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


class NoWayIn(BadInput):
    """Nobody comes in by this: whatever was wrong, it looks the same from outside."""

    def __init__(self) -> None:
        super().__init__(
            "Number and code do not go together, or were used. Try once more, or ask for a link."
        )


class WayImpossible(BadInput):
    """A way in that cannot be added or changed; `cause`: code, taken, many or none."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(_WAYS[cause])


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


class SearchesSpent(BadInput):
    """Somebody searched as often as one may within an hour."""

    def __init__(self, most: int) -> None:
        super().__init__(f"You searched {most} times within an hour. Go on in an hour, or ask a colleague.")


class DraftUnknown(BadInput):
    """There is no such conversation of this worker, or it was finished or dropped."""

    def __init__(self) -> None:
        super().__init__("This conversation is not here: it was finished or dropped. Begin a new one.")


class DraftTooLarge(BadInput):
    """A conversation holds too much, or a worker has too many; the sentence says what to do."""


class KeysNeeded(BadInput):
    """An old key of the ring cannot be dropped yet; the sentence says why."""
