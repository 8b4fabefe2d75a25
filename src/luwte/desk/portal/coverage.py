"""What was searched so far, for everyone alike: "no message" is never shown without it (T13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luwte.desk.findings.models import ReportReceipt


@dataclass(frozen=True, slots=True)
class Coverage:
    """In how many investigations was looked, until when, and whether part of them could not be read."""

    investigations: int
    until: datetime | None
    incomplete: bool


def coverage() -> Coverage:
    """Return the coverage of every report that was taken in; it says nothing about any person."""
    found = list(ReportReceipt.objects.values_list("case_id", "made", "coverage"))
    return Coverage(
        len({case for case, _, _ in found}),
        max((made for _, made, _ in found), default=None),
        any(not one["complete"] or one["unreadable"] for _, _, one in found),
    )
