"""What can be done with cases; one function per act."""

from __future__ import annotations

from datetime import datetime

from luwte.desk.cases.errors import CaseUnknown
from luwte.desk.cases.models import Case
from luwte.desk.cases.rules import case_number


def case_for(number: str | None, now: datetime) -> Case:
    """Return the case with this `number`, opened at `now` if it is new. Raises `CaseUnknown` without one."""
    wanted = case_number(number)
    if wanted is None:
        raise CaseUnknown("The report names no case. Say which one it belongs to with `--case NUMBER`.")
    return Case.objects.get_or_create(number=wanted, defaults={"opened": now})[0]
