"""Acts that two administrators do together: making an administrator, and removing somebody's second factors.

One asks; another approves within a day, and it is done. The first two administrators are made without that:
until then nobody could approve. So they are again when the desk's secret was lost, and with it all codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.staff import accounts
from luwte.desk.staff.adapters import opens
from luwte.desk.staff.errors import AccountUnknown, TwoNeeded
from luwte.desk.staff.models import Account, Request

APPROVED_WITHIN = timedelta(hours=24)


class Wanted(StrEnum):
    """What is asked for."""

    ADMINISTRATOR = "administrator"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that nobody approved yet: what, about whom (a name), by whom (an account), until when."""

    id: str
    wanted: Wanted
    name: str
    asked_by: int
    ends: datetime


def first_ones() -> bool:
    """Whether there are fewer than two administrators, not counting those whom a lost secret shuts out."""
    found = Account.objects.filter(administrator=True).values_list("pk", flat=True)
    return sum(not _shut_out(pk) for pk in found) < 2


def _shut_out(user_id: int) -> bool:
    """Whether an account has second factors and none of them can be used any more."""
    factors = list(Authenticator.objects.filter(user_id=user_id))
    return bool(factors) and not any(map(opens, factors))


@transaction.atomic
def ask(wanted: Wanted, name: str, *, by: int, now: datetime) -> str:
    """Ask for an act about the account `name` and return the id of the request.

    Raises `TwoNeeded` when `by` is no administrator, `AccountUnknown` when there is nobody to reset.
    """
    _check_administrator(by)
    found = User.objects.filter(username=name, is_staff=True).first()
    if wanted == Wanted.RESET and found is None:
        raise AccountUnknown(name)
    row = Request.objects.create(act=wanted, name=name, asked=now, asked_by=by)
    about = accounts.named(found.pk) if found else ""
    DESK.record(Act.STAFF_ASKED, now, by=accounts.named(by), about=about, request=row.id, wanted=str(wanted))
    return row.id


@transaction.atomic
def approve(request_id: str, *, by: int, now: datetime) -> tuple[str, str]:
    """Do what another administrator asked for; return the name and the token of the account's invitation.

    Raises `TwoNeeded` for whoever asked, for no administrator, for a request that is done, unknown or older
    than a day; `AccountUnknown` when the account is gone meanwhile.
    """
    _check_administrator(by)
    row = Request.objects.select_for_update().filter(pk=request_id, approved=None).first()
    if row is None or now >= row.asked + APPROVED_WITHIN:
        raise TwoNeeded("There is no such request, it is done, or it is more than a day old. Ask anew.")
    if row.asked_by == by:
        raise TwoNeeded("Whoever asked cannot approve. Let another administrator look at it.")
    _check_administrator(row.asked_by)
    row.approved, row.approved_by = now, by
    row.save(update_fields=["approved", "approved_by"])
    DESK.record(Act.STAFF_APPROVED, now, by=accounts.named(by), request=row.id, wanted=row.act)
    if row.act == Wanted.RESET:
        return row.name, _reset(row.name, by, now)
    return row.name, make_administrator(row.name, by=accounts.named(by), now=now)


def waiting(now: datetime) -> list[Waiting]:
    """Return the requests that can still be approved, oldest first."""
    rows = Request.objects.filter(approved=None, asked__gt=now - APPROVED_WITHIN).order_by("asked", "id")
    return [
        Waiting(one.id, Wanted(one.act), one.name, one.asked_by, one.asked + APPROVED_WITHIN) for one in rows
    ]


@transaction.atomic
def make_administrator(name: str, *, by: str, now: datetime) -> str:
    """Make the account `name` an administrator, a new one where there is none; return its invitation's token.

    An account that is there keeps its password and needs no invitation: "". Its sessions end.
    """
    user = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    if user is None:
        return accounts.add(name, by=by, now=now, administrator=True)
    accounts.end_sessions(user.pk)
    Account.objects.filter(pk=user.pk).update(administrator=True)
    DESK.record(Act.STAFF_ADMINISTRATOR, now, by=by, about=accounts.named(user.pk))
    return ""


def _reset(name: str, by: int, now: datetime) -> str:
    user = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    if user is None:
        raise AccountUnknown(name)
    for factor in Authenticator.objects.filter(user_id=user.pk):
        factor.removed_by = accounts.named(by)
        factor.delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    accounts.end_sessions(user.pk)
    return accounts.invite(name, by=accounts.named(by), now=now)


def _check_administrator(user_id: int) -> None:
    active = User.objects.filter(pk=user_id, is_staff=True, is_active=True).exists()
    if not active or not Account.objects.filter(pk=user_id, administrator=True).exists():
        raise TwoNeeded(
            "Two administrators do this, and this account is none. The first two are made with "
            "`luwte desk staff add NAME --administrator`."
        )
