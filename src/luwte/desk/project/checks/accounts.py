"""Accounts of the staff: enough administrators that two can decide when one is away or leaves."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage

from luwte.desk.project.checks import Check, finding

ENOUGH = 3


def administrators_can_decide() -> Iterator[CheckMessage]:
    """With one left nobody is reset and no third is made: then the owner of the database has to help."""
    from luwte.desk.accounts.accounts import known

    here = [one for one in known() if one.active]
    able = sum(one.administrator and bool(set(one.factors) - {"recovery_codes"}) for one in here)
    if here and able < ENOUGH:
        yield finding(
            "accounts.administrators",
            f"{able} administrators can decide; two do it together, and one may be away.",
            f"Make it {ENOUGH} (`luwte desk staff add NAME --administrator`), each with a second factor.",
        )


CHECKS: tuple[Check, ...] = (administrators_can_decide,)
