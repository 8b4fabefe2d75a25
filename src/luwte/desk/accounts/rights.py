"""What an account may do here: care for people, look after accounts, or audit the record.

One administrator gives and takes the first and the last, of others alone. That somebody is an administrator
takes two (`luwte.desk.accounts.four_eyes`).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User

from luwte.desk.accounts import accounts
from luwte.desk.accounts.errors import AccountUnknown, NothingToChange, TwoNeeded
from luwte.desk.accounts.four_eyes import check_administrator
from luwte.desk.accounts.models import Account
from luwte.desk.accounts.whole import whole
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK


class Right(StrEnum):
    """What an account may see and do: people and their calls; accounts; the record, without names."""

    CARE = "care"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


BY_ONE = (Right.CARE, Right.AUDITOR)
"""What one administrator gives and takes."""


def rights_of(user_id: int) -> frozenset[Right]:
    """Return the rights that an account has now."""
    found = Account.objects.filter(pk=user_id).first() or Account()
    return frozenset(right for right in Right if getattr(found, right.value))


@whole()
def give(name: str, right: Right, *, by: int, now: datetime) -> None:
    """Give the account `name` a right, and end its sessions. See `take` for what it raises."""
    _change(name, right, by, now, has=True)


@whole()
def take(name: str, right: Right, *, by: int, now: datetime) -> None:
    """Take a right back from the account `name`, and end its sessions, from the next request on.

    `by`: the primary key of an administrator's account. Raises `AccountUnknown`, `NothingToChange`, and
    `TwoNeeded` when `by` is none or is the account itself, and for the right of an administrator.
    """
    _change(name, right, by, now, has=False)


def _change(name: str, right: Right, by: int, now: datetime, *, has: bool) -> None:
    check_administrator(by)
    user = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    if user is None:
        raise AccountUnknown(name)
    _check_may(user.pk, right, by)
    if (right in rights_of(user.pk)) == has:
        raise NothingToChange(f"The account {name!r} has that right already, or does not have it.")
    Account.objects.filter(pk=user.pk).update(**{right.value: has})
    accounts.end_sessions(user.pk)
    act = Act.RIGHT_GIVEN if has else Act.RIGHT_TAKEN
    DESK.record(act, now, by=accounts.named(by), about=accounts.named(user.pk), right=right.value)


def _check_may(user_id: int, right: Right, by: int) -> None:
    if right not in BY_ONE:
        raise TwoNeeded(
            "Two administrators decide who is one: one asks and another approves. See `luwte desk staff "
            "give NAME administrator` and `luwte desk staff take NAME administrator`.",
            "two",
        )
    if user_id == by:
        raise TwoNeeded("Nobody changes their own rights. Let another administrator do it.", "self")
