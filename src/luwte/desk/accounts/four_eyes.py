"""Acts that two administrators do together: who becomes or stays one, and letting somebody in anew.

One asks; another approves within a day, and it is done. A link that follows comes in two halves, one for each
of them to give, so that neither comes in under that name alone. The first two administrators are made without
that: until then nobody could approve. So they are again when the desk's secret was lost, and with it all
codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

from luwte.desk.accounts import accounts
from luwte.desk.accounts.adapters import opens
from luwte.desk.accounts.errors import AccountUnknown, NothingToChange, TwoNeeded
from luwte.desk.accounts.models import Account, Request
from luwte.desk.accounts.whole import whole
from luwte.desk.audit.acts import Act
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.audit.desk import DESK

APPROVED_WITHIN = timedelta(hours=24)
LEAST = 2
"""How many administrators must be able to act after one of them goes."""


class Wanted(StrEnum):
    """What is asked for: to make an administrator, or no longer; to let somebody in anew who is shut out,
    or whose
    account was closed."""

    ADMINISTRATOR = "administrator"
    NO_ADMINISTRATOR = "no-administrator"
    RESET = "reset"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was made: its id, and the first half of the link that follows, "" when none does."""

    id: str
    half: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that nobody approved yet: what, about whom, by whom (names of accounts), until when."""

    id: str
    wanted: Wanted
    name: str
    asked_by: str
    ends: datetime


def first_ones() -> bool:
    """Whether there are fewer than two administrators, not counting those whom a lost secret shuts out."""
    found = Account.objects.filter(administrator=True).values_list("pk", flat=True)
    return sum(not _shut_out(pk) for pk in found) < 2


def able(*, without: int | None = None) -> int:
    """Return how many administrators could act today: open, with a second factor that can be used.

    `without`: an account that is not counted.
    """
    rows = Account.objects.filter(administrator=True)
    found = [pk for pk in rows.values_list("pk", flat=True) if pk != without]
    here = User.objects.filter(pk__in=found, is_active=True, is_staff=True).values_list("pk", flat=True)
    return sum(accounts.has_factor(pk) and not _shut_out(pk) for pk in here)


def _shut_out(user_id: int) -> bool:
    """Whether an account has second factors and none of them can be used any more."""
    factors = list(Authenticator.objects.filter(user_id=user_id))
    return bool(factors) and not any(map(opens, factors))


@whole()
def ask(wanted: Wanted, name: str, *, by: int, now: datetime) -> Asked:
    """Ask for an act about the account that has this `name` now, or about one that is still to be made.

    Raises `TwoNeeded` when `by` is no administrator, or when the last two would not stay; `AccountUnknown`
    when there is nobody of that name; `NothingToChange`.
    """
    check_administrator(by)
    found = User.objects.filter(username=name, is_staff=True).first()
    _check_sense(wanted, name, found)
    kept = found is not None and wanted in (Wanted.ADMINISTRATOR, Wanted.NO_ADMINISTRATOR)
    half, digest = ("", "") if kept else accounts.first_half()
    row = Request.objects.create(
        act=wanted, name=name, account=found.pk if found else None, half=digest, asked=now, asked_by=by
    )
    about = accounts.named(found.pk) if found else ""
    DESK.record(Act.STAFF_ASKED, now, by=accounts.named(by), about=about, request=row.id, wanted=str(wanted))
    return Asked(row.id, half)


@whole()
def approve(request_id: str, *, by: int, now: datetime) -> tuple[str, str]:
    """Do what another administrator asked for; return the name and the second half of the account's link.

    The half is "" when the account keeps what it signs in with. Raises `TwoNeeded` for whoever asked, for no
    administrator, for a request that is done, unknown, older than a day or from a clock that ran ahead, and
    when another account has the name by now; `AccountUnknown` when the account was closed meanwhile.
    """
    check_administrator(by)
    row = Request.objects.select_for_update().filter(pk=request_id, approved=None).first()
    if row is None or not row.asked <= now < row.asked + APPROVED_WITHIN:
        raise TwoNeeded(
            "There is no such request, it is done, or it is more than a day old. Ask anew.", "over"
        )
    if row.asked_by == by:
        raise TwoNeeded("Whoever asked cannot approve. Let another administrator look at it.", "own")
    check_administrator(row.asked_by)
    _check_same(row)
    row.approved, row.approved_by = now, by
    row.save(update_fields=["approved", "approved_by"])
    DESK.record(Act.STAFF_APPROVED, now, by=accounts.named(by), request=row.id, wanted=row.act)
    if row.act == Wanted.RESET:
        return row.name, _reset(row, by, now)
    if row.act == Wanted.REOPEN:
        return row.name, _reopen(row, by, now)
    if row.act == Wanted.NO_ADMINISTRATOR:
        return row.name, _no_administrator(row, by, now)
    return row.name, make_administrator(row.name, by=accounts.named(by), now=now, half=row.half)


def waiting(now: datetime) -> list[Waiting]:
    """Return the requests that can still be approved, oldest first."""
    rows = list(
        Request.objects.filter(approved=None, asked__gt=now - APPROVED_WITHIN, asked__lte=now).order_by(
            "asked", "id"
        )
    )
    names = {user.pk: user.username for user in User.objects.filter(pk__in=[one.asked_by for one in rows])}
    return [
        Waiting(one.id, Wanted(one.act), one.name, names.get(one.asked_by, "?"), one.asked + APPROVED_WITHIN)
        for one in rows
    ]


@whole()
def make_administrator(name: str, *, by: str, now: datetime, half: str = "") -> str:
    """Make the account `name` an administrator, a new one where there is none; return its invitation's token.

    With the digest of a first `half` that is the second half. An account that is there keeps its password and
    needs no invitation: "". Its sessions end.
    """
    user = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    if user is None and half:
        user_id = accounts.new(name, by=by, now=now, administrator=True)
        return accounts.invite_by_two(user_id, half, by=by, now=now)
    if user is None:
        return accounts.add(name, by=by, now=now, administrator=True)
    accounts.end_sessions(user.pk)
    Account.objects.filter(pk=user.pk).update(administrator=True)
    DESK.record(Act.STAFF_ADMINISTRATOR, now, by=by, about=accounts.named(user.pk))
    return ""


@whole()
def invite(name: str, *, by: str, now: datetime) -> str:
    """Return the token of a fresh invitation of an account, given by one person.

    Raises `AccountUnknown`, and `TwoNeeded` when whoever holds the link would have all that the account has:
    it has no second factor, was in use or is an administrator's, and two administrators can act.
    """
    user = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    if user is None:
        raise AccountUnknown(name)
    used = user.last_login is not None or accounts.of(user.pk).administrator
    if used and not accounts.has_factor(user.pk) and able() >= 2:
        raise TwoNeeded(
            f"The account {name!r} has no second factor, so this link alone would open it. Let two "
            "administrators give one: `luwte desk staff reset`.",
            "link",
        )
    return accounts.invite(name, by=by, now=now)


@whole()
def close(
    name: str,
    *,
    by: str,
    administrator: int | None,
    now: datetime,
    sessions_only: bool = False,
    leaving: int = 0,
) -> None:
    """Close an account, or end its sessions; `administrator`: the account that does it, if any.

    Raises `AccountUnknown`, and `TwoNeeded` when an administrator is closed without an administrator's
    account while one could act: otherwise whoever runs commands could shut all of them out; also when fewer
    than `leaving` administrators could act afterwards.
    """
    user = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    if user is None:
        raise AccountUnknown(name)
    if not sessions_only and accounts.of(user.pk).administrator and able():
        if administrator is None:
            raise TwoNeeded(
                f"{name!r} is an administrator: another one closes it. Say with --by which.", "administrator"
            )
        check_administrator(administrator)
        _check_stay(user.pk, leaving)
    accounts.close(name, by=by, now=now, sessions_only=sessions_only)


def _check_same(row: Request) -> None:
    """The approver said yes to the account that was meant, not to one that took its name since."""
    found = User.objects.filter(username=row.name, is_staff=True).values_list("pk", flat=True).first()
    if found != row.account or (row.account is None and not row.half):
        raise TwoNeeded(
            f"The account {row.name!r} is not the one that was asked about. Look who made it, and ask anew.",
            "other",
        )


def _check_sense(wanted: Wanted, name: str, found: User | None) -> None:
    if found is None and wanted != Wanted.ADMINISTRATOR:
        raise AccountUnknown(name)
    if found is not None and wanted == Wanted.REOPEN and found.is_active:
        raise NothingToChange(f"The account {name!r} is open. Leave it, or ask for something else.")
    if found is not None and wanted == Wanted.NO_ADMINISTRATOR:
        if not accounts.of(found.pk).administrator:
            raise NothingToChange(f"{name!r} is no administrator. `luwte desk staff list` shows who is.")
        _check_stay(found.pk, LEAST)


def _check_stay(user_id: int, least: int) -> None:
    """One who looks waits for another who does: otherwise both might go, each counting on the other."""
    alone(DESK.using, Lock.ADMINISTRATORS)
    if able(without=user_id) < least:
        raise TwoNeeded(
            f"Fewer than {least} administrators could act then, and nobody could approve anything. Make "
            "another one first.",
            "last",
        )


def _no_administrator(row: Request, by: int, now: datetime) -> str:
    if row.account is None:
        raise AccountUnknown(row.name)
    _check_stay(row.account, LEAST)
    Account.objects.filter(pk=row.account).update(administrator=False)
    accounts.end_sessions(row.account)
    about = accounts.named(row.account)
    DESK.record(Act.RIGHT_TAKEN, now, by=accounts.named(by), about=about, right="administrator")
    return ""


def _reopen(row: Request, by: int, now: datetime) -> str:
    """It comes back with the rights that it had, and with nothing that it signed in with."""
    if row.account is None:
        raise AccountUnknown(row.name)
    User.objects.filter(pk=row.account, is_staff=True).update(is_active=True)
    DESK.record(Act.STAFF_REOPENED, now, by=accounts.named(by), about=accounts.named(row.account))
    return _reset(row, by, now)


def _reset(row: Request, by: int, now: datetime) -> str:
    user = User.objects.filter(pk__in=[row.account], is_staff=True, is_active=True).first()
    if user is None:
        raise AccountUnknown(row.name)
    for factor in Authenticator.objects.filter(user_id=user.pk):
        factor.removed_by = accounts.named(by)
        factor.delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    accounts.end_sessions(user.pk)
    return accounts.invite_by_two(user.pk, row.half, by=accounts.named(by), now=now)


def check_administrator(user_id: int) -> None:
    """Raise `TwoNeeded` unless the account is an open one of an administrator."""
    active = User.objects.filter(pk=user_id, is_staff=True, is_active=True).exists()
    if not active or not Account.objects.filter(pk=user_id, administrator=True).exists():
        raise TwoNeeded(
            "Two administrators do this, and this account is none. The first two are made with "
            "`luwte desk staff add NAME --administrator`.",
            "none",
        )
