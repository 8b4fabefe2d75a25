"""What can be wrong in telling, each as one sentence."""

from __future__ import annotations

from datetime import UTC, datetime

from luwte.base.errors import BadInput


class NothingToCall(BadInput):
    """There is nothing to tell this person in a call."""

    def __init__(self) -> None:
        super().__init__("There is nothing to tell this person by phone now. Look at `luwte desk why`.")


class TaskUnknown(BadInput):
    """There is no such task, or somebody did it."""

    def __init__(self) -> None:
        super().__init__("This task is not on the list any more: somebody did it. Load the list again.")


class MessageUnknown(BadInput):
    """There is no such message for this person."""

    def __init__(self) -> None:
        super().__init__("There is no such message here. Go back to your messages.")


class CallImpossible(BadInput):
    """A call cannot be accepted, booked or closed like this; the sentence says what to do.

    `cause`, for pages that say it in their own language: taken, full, past, not_yours, no_call,
    first.
    """

    def __init__(self, cause: str, sentence: str) -> None:
        super().__init__(sentence)
        self.cause = cause


class FirstContactImpossible(BadInput):
    """A decision about a first contact that cannot be taken like this; the sentence says what to do.

    `cause`, for pages that say it in their own language: why, until, taken, own.
    """

    def __init__(self, cause: str, sentence: str) -> None:
        super().__init__(sentence)
        self.cause = cause


class ItemUnknown(BadInput):
    """There is no such finding or event of this person."""

    def __init__(self, item: str) -> None:
        super().__init__(
            f"There is no finding or event {item!r} of this person. `luwte desk why` names them."
        )


class CauseUnknown(BadInput):
    """There is no such cause for which a channel stops."""

    def __init__(self, cause: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no cause {cause!r}. Choose one of: {', '.join(known)}.")


class PeriodTooLong(BadInput):
    """A coverage statement on more searches than one holds."""


class StatementUnknown(BadInput):
    """A coverage statement that was never made for this person, or cannot be made again."""


class NotProvenYet(BadInput):
    """A coverage statement that no checkpoint covers yet."""


class TextUnsigned(BadInput):
    """A text that leaves the desk and that two people have not signed."""


class TellingHeld(BadInput):
    """The desk was restored, and nobody looked at the time that was lost."""

    def __init__(self, made: datetime, restored: datetime) -> None:
        since, until = (one.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") for one in (made, restored))
        super().__init__(
            f"Nobody is told anything: what happened from {since} until {until} was lost when the desk was "
            "restored. Enter again what was withdrawn or changed in that time, take in its reports, and then "
            "run `luwte desk resume`."
        )


class NothingHeld(BadInput):
    """Telling is free."""

    def __init__(self) -> None:
        super().__init__("Telling is not held: the desk was not restored since it was resumed last.")
