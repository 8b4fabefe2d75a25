"""Every act that the record knows, and what its `about` names. docs/audit.md lists them; a test holds it
so.
"""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What was done."""

    DECIDED = "telling.decided"
    HANDED_OVER = "telling.handed-over"
    TAKEN_IN = "findings.report"
