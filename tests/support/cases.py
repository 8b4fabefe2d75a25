"""Steps of invented cases, as somebody tells them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from luwte.desk.cases.given import Count, Given
from luwte.desk.cases.register import Kept, step_id, tell_step
from tests.support.desk import NOON, entry_id

CASE = "C-1"


def count(*entries: str, first: date = date(2024, 1, 5), last: date = date(2024, 3, 1)) -> Count:
    """Return a count with these entries, by short name."""
    return Count("252 Sr", "possession", first, last, tuple(entry_id(one) for one in entries))


def given(step: str, occurred: str, known: str = "", **more: Any) -> Given:
    """Return a step of a day (YYYY-MM-DD), known on that day or, for one to come, on the first of February.

    `corrects`: the reference of the step that it corrects.
    """
    day = date.fromisoformat(occurred)
    seen = date.fromisoformat(known) if known else day if day <= NOON.date() else date(2026, 2, 1)
    values = {"reference": f"{step}-{occurred}"} | more
    if corrects := values.get("corrects"):
        values["corrects"] = step_id(CASE, values.pop("told_by", "command"), corrects)
    return Given(step, day, seen, **values)


def tell(step: str, occurred: str, known: str = "", *, now: datetime = NOON, **more: Any) -> Kept:
    """Tell a step of case C-1."""
    return tell_step(CASE, given(step, occurred, known, **more), now)
