"""The steps of a criminal case in words that fit every country, and a step as it was told. Plain values.

This room knows nothing of what the case is about: the steps are those of any serious offence. What follows
from a step (which rights open, move or close) is law, and stands as data in `luwte.desk.rights`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Step(StrEnum):
    """What can happen in a case."""

    OFFENCE_ENDED = "offence_ended"
    FIRST_CONTACT = "first_contact"
    REPORT_FILED = "report_filed"
    VICTIM_IDENTIFIED = "victim_identified"
    INFORMATION_REQUESTED = "information_requested"
    REPRESENTATIVE_SET = "representative_set"
    REPRESENTATIVE_ENDED = "representative_ended"
    INVESTIGATION_DROPPED = "investigation_dropped"
    FILE_SENT = "file_sent"
    PROSECUTION_DECLINED = "prosecution_declined"
    PENAL_ORDER = "penal_order"
    COMPLAINT_FILED = "complaint_filed"
    COMPLAINT_DECIDED = "complaint_decided"
    AWARE = "aware"
    SUSPECT_ARRESTED = "suspect_arrested"
    CHARGED = "charged"
    CHARGE_CHANGED = "charge_changed"
    RELEASE_HEARING_SET = "release_hearing_set"
    RELEASED = "released"
    LEAVE = "leave"
    ESCAPED = "escaped"
    TRANSFERRED = "transferred"
    PLEA_OFFERED = "plea_offered"
    PLEA_HEARING = "plea_hearing"
    HEARING_SET = "hearing_set"
    HEARING_MOVED = "hearing_moved"
    HEARING_CANCELLED = "hearing_cancelled"
    HEARING_STARTED = "hearing_started"
    VICTIM_SPOKE = "victim_spoke"
    CLOSING_SPEECH = "closing_speech"
    SENTENCING_SET = "sentencing_set"
    JUDGMENT = "judgment"
    APPEAL_FILED = "appeal_filed"
    APPEAL_DECIDED = "appeal_decided"
    JUDGMENT_FINAL = "judgment_final"
    CLAIM_FILED = "claim_filed"
    PAYMENT_RECEIVED = "payment_received"
    LOSS_DISCOVERED = "loss_discovered"
    RIGHT_DENIED = "right_denied"
    ASSISTANCE_ORDERED = "assistance_ordered"
    TAKEN_BACK = "taken_back"
    """An earlier step did not happen: it was told by mistake. Always a correction, and no step of its own."""


CUSTODY = frozenset({Step.RELEASED, Step.LEAVE, Step.ESCAPED, Step.TRANSFERRED})
"""The steps that are a matter of safety, and nothing else is (T14)."""
HEARINGS = frozenset(
    {Step.HEARING_SET, Step.HEARING_MOVED, Step.RELEASE_HEARING_SET, Step.PLEA_HEARING, Step.SENTENCING_SET}
)
"""The steps that set a day in court; that day may still be to come."""
OF_A_HEARING = HEARINGS | {Step.HEARING_CANCELLED, Step.HEARING_STARTED}
"""The steps that say which hearing they are about."""
CHARGES = frozenset({Step.CHARGED, Step.CHARGE_CHANGED})
"""The steps that carry a charge sheet."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A step as somebody told it; one that is told anew, corrected, `supersedes` the earlier one.

    `occurred`: the day on which it happens, for a hearing the day in court. `known`: the day on which it was
    known to whoever must pass it on. `defendant`: whom it is about, by pseudonym, "" for the case as a whole.
    `hearing`: what a hearing is called among its moves, "" for another step. `said`: what more was told of it
    (`amount` in cents, `offence`, `served`, ...), as the law's data asks for it; of `AWARE` (the person
    came to know of a step) `of` is the id of that step.
    """

    id: str
    step: Step
    occurred: date
    known: date
    defendant: str = ""
    hearing: str = ""
    supersedes: str = ""
    said: Mapping[str, str | int | bool] = field(default_factory=lambda: MappingProxyType({}))


def standing(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return the facts that nothing superseded, by day and then in the order in which they were given."""
    gone = {fact.supersedes for fact in facts if fact.supersedes}
    return tuple(sorted((fact for fact in facts if fact.id not in gone), key=lambda fact: fact.occurred))
