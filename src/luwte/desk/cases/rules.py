"""What a case number is, and which events there are. Plain values: no framework, no clock, no database."""

from __future__ import annotations

from datetime import datetime, timedelta

from luwte.desk.cases.errors import CaseUnknown, EventImpossible

LONGEST = 100
AHEAD = timedelta(days=10 * 366)
"""Events further away than this are a slip of the pen."""
KINDS = {
    "events": (
        "charge", "no_prosecution", "hearing", "hearing_moved", "hearing_cancelled", "verdict", "final",
        "appeal",
    ),
    "rights": ("information", "claim", "statement", "file_access", "complaint", "restitution", "advance"),
    "takedown": ("requested", "removed", "back"),
    "safety": ("release", "leave", "escape", "transfer"),
}  # fmt: skip
"""Which kinds of event each source has; findings (case, internet) are no events."""
NOTICES = ("seen",)
"""What the house itself owes a person to say, under the source of rights; it belongs to no case."""
LAPSING = "rights"
"""The source whose events end: a right lapses."""
_FORESEEN = ("hearing", "hearing_moved", "hearing_cancelled", "release", "leave", "transfer")


def case_number(text: str | None) -> str | None:
    """Return `text` without blanks around it, None when nothing is left."""
    number = (text or "").strip()
    if len(number) > LONGEST or not number.isprintable():
        raise CaseUnknown(f"A case number is at most {LONGEST} printable characters. Give the number only.")
    return number or None


def check_event(source: str, kind: str, at: datetime, lapses: datetime | None, now: datetime) -> None:
    """Raise `EventImpossible` unless this can have happened, or be foreseen, at `now`.

    T14: release and escape are of the source `safety` alone, and nothing else is.
    """
    if source not in KINDS:
        raise EventImpossible(f"Of {source!r} there are no events. Choose one of: {', '.join(KINDS)}.")
    if kind not in KINDS[source]:
        raise EventImpossible(
            f"There is no event {kind!r} of {source}. Choose one of: {', '.join(KINDS[source])}."
        )
    if at > now and kind not in _FORESEEN:
        raise EventImpossible("This event is still to come. Record it when it has happened.")
    if at > now + AHEAD or (lapses is not None and lapses > at + 10 * AHEAD):
        raise EventImpossible("This day is too far away. Check its year.")
    if lapses is not None and source != LAPSING:
        raise EventImpossible("Only a right lapses. Leave the day out, or record this as a right.")
    if lapses is not None and lapses <= at:
        raise EventImpossible("This right lapses before it begins. Change one of the two moments.")
