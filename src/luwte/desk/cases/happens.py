"""Which event a step is for those whom it concerns, and at what moment. Pure.

A step without an event is kept, and opens or closes rights; nobody hears of it as news.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from luwte.desk.cases.rules import KINDS
from luwte.desk.cases.vocabulary import CUSTODY, Step

MOVED, CANCELLED = "hearing_moved", "hearing_cancelled"
OF_HEARINGS = ("hearing", MOVED)
"""The kinds of event that say on which day a hearing is."""
EVENTS: Mapping[Step, str] = {
    Step.INVESTIGATION_DROPPED: "no_prosecution",
    Step.PROSECUTION_DECLINED: "no_prosecution",
    Step.CHARGED: "charge",
    Step.CHARGE_CHANGED: "charge",
    Step.PENAL_ORDER: "charge",
    Step.RELEASE_HEARING_SET: "hearing",
    Step.PLEA_HEARING: "hearing",
    Step.HEARING_SET: "hearing",
    Step.SENTENCING_SET: "hearing",
    Step.HEARING_MOVED: MOVED,
    Step.HEARING_CANCELLED: CANCELLED,
    Step.JUDGMENT: "verdict",
    Step.APPEAL_FILED: "appeal",
    Step.APPEAL_DECIDED: "verdict",
    Step.JUDGMENT_FINAL: "final",
    Step.RELEASED: "release",
    Step.LEAVE: "leave",
    Step.ESCAPED: "escape",
    Step.TRANSFERRED: "transfer",
}
"""Step -> the kind of event. 51ac Sv (a)-(h) and (4)-(6); a penal order starts a prosecution, as a charge."""
SOURCES: Mapping[str, str] = {kind: source for source, kinds in KINDS.items() for kind in kinds}
"""Kind of event -> its source; T14: custody is of safety, and nothing else is."""


def moment_of(step: Step, occurred: date, at: object, zone: ZoneInfo) -> datetime:
    """Return when the event is: the hour `at` (HH:MM) of a day in court, else the day's beginning."""
    hour = time.fromisoformat(at) if EVENTS.get(step) in OF_HEARINGS and isinstance(at, str) else time()
    return datetime.combine(occurred, hour, zone)


if {step for step, kind in EVENTS.items() if SOURCES[kind] == "safety"} != CUSTODY:
    raise TypeError("the steps of custody are not those of safety")
