"""What can be wrong with a case or an event, each as one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from luwte.base.errors import BadInput

STEP_FAULTS: Mapping[str, str] = {
    "step": "There is no such step. Choose one of those that docs/cases.md lists.",
    "ancient": "No step is of before 1900. Check its year.",
    "unknown_yet": "Nobody knows this yet: the day on which it was known is still to come.",
    "to_come": "This step is still to come. Tell it when it has happened.",
    "far": "This day is too far away. Check its year.",
    "known_before": "This was known before it happened. Change one of the two days.",
    "hearing_missing": "Say which hearing it is: give it an id of its own that its moves have too.",
    "back_missing": "Say which step did not happen: name the one that this corrects.",
    "corrects": "The step that this corrects is named by its id: 32 digits and letters a to f.",
    "both": "Name a series or one person, not both.",
    "series": "The name of the series is at most 200 printable characters.",
    "said_many": "At most 20 things are said of one step.",
    "said": (
        "What is said of a step has a name of small letters and _, and is yes or no, a whole number, or "
        "a code of at most 100 characters. Names and sentences do not belong here."
    ),
    "court": "No court that is known here has this code. docs/cases.md says which there are.",
    "time": "The time is written as HH:MM, such as 09:30.",
    "no_sheet": "Only a charge has a charge sheet. Leave the counts out.",
    "sheet_large": "A charge sheet has at most 100 counts and 5000 entries.",
    "article": "The article and the offence are each a code of at most 100 characters.",
    "offence_days": "An offence has a first and a last day, in that order, neither to come.",
    "entry": "An entry on a charge sheet is named by its id: 32 digits and letters a to f.",
    "entry_twice": "An entry stands twice in one count. List each once.",
    "reference": "The reference is at most 64 letters, digits and ._:/- without blanks.",
    "hearing": "The id of the hearing is at most 64 letters, digits and ._:/- without blanks.",
    "circle": "These corrections go round in a circle. Correct the step that was told first.",
    "too_many": "This case has as many steps as a case can have. Ask who looks after this machine.",
    "before_offence": (
        "A step would lie before the first day of the offence on the charge sheet. Correct one of the "
        "two days."
    ),
    "day": "A day is written as YYYY-MM-DD, and is one of the calendar.",
    "counts": "A count is one line: article; offence; first day; last day; ids of entries.",
    "why": "Say why in at most 500 printable characters.",
}
PARTY_FAULTS: Mapping[str, str] = {
    "defendant": (
        "This may be somebody's name. Call a defendant by a number: at most 40 letters, digits and "
        "./_-, with a digit, and never more than three letters in a row."
    ),
    "agency": "An agency is named by at most 60 small letters, digits, blanks and .-",
    "law": "No law of this country is known here. Choose NL or US.",
    "agency_reference": "What the agency calls the case is at most 100 printable characters.",
    "status": "There is no such status. Choose presumed, contested or recognised.",
    "source": "Say who decided this: a code or the name of an office, at most 100 characters.",
    "status_days": "A status is decided first and known then, and neither is still to come.",
    "whom": "Say of whom: one person, or those whom one series shows.",
}


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


class StepImpossible(BadInput):
    """This cannot be a step of a case; `cause` is one of `STEP_FAULTS`, which says what to change."""

    def __init__(self, cause: str) -> None:
        super().__init__(STEP_FAULTS[cause])
        self.cause = cause


class StepDiffers(BadInput):
    """The same step was told before, otherwise."""

    def __init__(self) -> None:
        super().__init__(
            "A step with this reference was told before, and it said something else. What was told stays; "
            "tell a correction, with a reference of its own."
        )


class StepUnknown(BadInput):
    """There is no such step in this case."""

    def __init__(self, step: str) -> None:
        super().__init__(
            f"No step {step!r} stands in this case. `luwte desk case show` prints the ids of its steps."
        )


class NothingWaits(BadInput):
    """The step that somebody dismisses does not wait."""

    def __init__(self) -> None:
        super().__init__("This step does not wait, so it cannot be dismissed. Correct it, or take it back.")


class PartyImpossible(BadInput):
    """An agency, a defendant or the status of a victim that cannot be; `cause` is one of `PARTY_FAULTS`."""

    def __init__(self, cause: str) -> None:
        super().__init__(PARTY_FAULTS[cause])
        self.cause = cause
