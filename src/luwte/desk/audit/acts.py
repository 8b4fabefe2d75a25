"""Every act that the record knows; docs/audit.md says what each is about, and a test holds it so."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What was done: the room, and what happened there."""

    TAKEN_IN = "findings.report-taken-in"
    DECIDED = "telling.decided"
    HANDED_OVER = "telling.handed-over"
    OUTCOME_UNKNOWN = "telling.outcome-unknown"
    COVERAGE_STATED = "telling.coverage-stated"
