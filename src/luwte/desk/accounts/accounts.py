"""Accounts of the staff: made by invitation, closed at once, and whose sessions end when anything changes.

Who acts is named `staff:7` by the primary key of the account (in the world of casework `casework:7`), or
`command`. Every act is recorded with it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import translation

from luwte.desk.accounts.errors import AccountTaken, AccountUnknown, AccountWrong, InvitationSpent
from luwte.desk.accounts.models import Account
from luwte.desk.accounts.whole import whole
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK

COMMAND = "command"
INVITED_FOR = timedelta(hours=72)
TOKEN_BYTES = 32
HALF_BYTES = 16
BETWEEN = "~"
"""What stands between the halves of a token that two people give, and in no token of one alone."""


@dataclass(frozen=True, slots=True)
class Known:
    """An account as administrators see it; `factors`: kinds of second factors; the rest as in `Account`."""

    id: int
    name: str
    active: bool
    administrator: bool
    care: bool
    auditor: bool
    factors: tuple[str, ...]
    last: datetime | None
    open_until: datetime | None


def named(user_id: int) -> str:
    """Return how the record names an account."""
    return f"{settings.ACCOUNTS_CALLED}:{user_id}"


@whole()
def add(name: str, *, by: str, now: datetime, administrator: bool = False) -> str:
    """Add an account and return the token of its invitation. Raises `AccountTaken`, `AccountWrong`."""
    return _invite(new(name, by=by, now=now, administrator=administrator), by, now)


@whole()
def new(name: str, *, by: str, now: datetime, administrator: bool = False) -> int:
    """Add an account that nobody can enter yet; return its key. Raises `AccountTaken`, `AccountWrong`."""
    if User.objects.filter(username__iexact=name).exists():
        raise AccountTaken(name)
    user = User(username=name, is_staff=True)
    _check(user)
    user.set_unusable_password()
    user.save()
    Account.objects.create(id=user.pk, administrator=administrator)
    DESK.record(Act.STAFF_ADDED, now, by=by, about=named(user.pk), administrator=administrator)
    return user.pk


@whole()
def invite(name: str, *, by: str, now: datetime) -> str:
    """Return the token of a fresh invitation to choose a password; earlier ones work no more.

    A second factor that the account has is still asked for. Raises `AccountUnknown`.
    """
    user = _open(name)
    of(user.pk)
    return _invite(user.pk, by, now)


@whole()
def invite_by_two(user_id: int, half: str, *, by: str, now: datetime) -> str:
    """Invite an account by a link in two halves and return the second.

    `half`: the digest of the first, which another person has; neither of the two can enter alone.
    """
    second = secrets.token_urlsafe(HALF_BYTES)
    _open_door(user_id, _digest(half + BETWEEN + second), by, now)
    return second


def first_half() -> tuple[str, str]:
    """Return the first half of the token of an invitation, and its digest."""
    half = secrets.token_urlsafe(HALF_BYTES)
    return half, _digest(half)


@whole()
def invited(token: str, now: datetime) -> str:
    """Return the name of the account that `token` invites. Raises `InvitationSpent`."""
    return _invited(token, now).username


@whole()
def use_invitation(token: str, password: str, now: datetime) -> User:
    """Give the invited account its password and return it; the link works no more, all sessions end.

    Raises `InvitationSpent`, or Django's `ValidationError` for a password that may not be.
    """
    user = _invited(token, now)
    validate_password(password, user)
    Account.objects.filter(pk=user.pk).update(invitation="")
    DESK.record(Act.STAFF_ENTERED, now, by=named(user.pk), about=named(user.pk))
    return set_password(user, password, now)


@whole()
def set_password(user: User, password: str, now: datetime) -> User:
    """Change the password of an account, and end its sessions."""
    user.set_password(password)
    user.save(update_fields=["password"])
    DESK.record(Act.PASSWORD_CHANGED, now, by=named(user.pk), about=named(user.pk))
    end_sessions(user.pk)
    return user


@whole()
def close(name: str, *, by: str, now: datetime, sessions_only: bool = False) -> None:
    """End the sessions of an account at once and, unless `sessions_only`, let it in no more.

    Raises `AccountUnknown`.
    """
    user = _open(name)
    of(user.pk)
    if not sessions_only:
        User.objects.filter(pk=user.pk).update(is_active=False)
        Account.objects.filter(pk=user.pk).update(invitation="")
    end_sessions(user.pk)
    act = Act.SESSIONS_ENDED if sessions_only else Act.STAFF_CLOSED
    DESK.record(act, now, by=by, about=named(user.pk))


def end_sessions(user_id: int) -> int:
    """End every session of an account, from its next request on; return the epoch that counts now."""
    of(user_id)
    Account.objects.filter(pk=user_id).update(epoch=F("epoch") + 1)
    return Account.objects.values_list("epoch", flat=True).get(pk=user_id)


def of(user_id: int) -> Account:
    """Return what the desk knows of an account; of one that is older than this, nothing yet."""
    return Account.objects.get_or_create(pk=user_id)[0]


def may_enter(user_id: int, now: datetime) -> bool:
    """Whether an account has a second factor, or may set one up today.

    An account of an earlier version may for as long as after an invitation, from its first sign-in on.
    """
    if has_factor(user_id):
        return True
    account = of(user_id)
    if account.open_until is None:
        Account.objects.filter(pk=user_id).update(open_until=now + INVITED_FOR)
        return True
    return bool(now < account.open_until <= now + INVITED_FOR)


def has_factor(user_id: int) -> bool:
    """Whether an account has a second factor that is not a recovery code."""
    codes = Authenticator.Type.RECOVERY_CODES
    return bool(Authenticator.objects.filter(user_id=user_id).exclude(type=codes).exists())


def some_show_codes() -> bool:
    """Whether an open account of the staff has a second factor that shows codes: an app, or a list."""
    able = User.objects.filter(is_active=True, is_staff=True).values("pk")
    shown = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    return bool(shown.filter(user_id__in=able).exists())


def has_passkey(user_id: int) -> bool:
    """Whether an account has a passkey."""
    kind = Authenticator.Type.WEBAUTHN
    return bool(Authenticator.objects.filter(user_id=user_id, type=kind).exists())


def known() -> list[Known]:
    """Return every account of the staff, by name."""
    accounts = {one.pk: one for one in Account.objects.all()}
    factors: dict[int, list[str]] = {}
    for user_id, kind in Authenticator.objects.order_by("type").values_list("user_id", "type"):
        factors.setdefault(user_id, []).append(kind)
    return [
        Known(
            user.pk,
            user.username,
            user.is_active,
            account.administrator,
            account.care,
            account.auditor,
            tuple(factors.get(user.pk, ())),
            user.last_login,
            account.open_until,
        )
        for user in User.objects.filter(is_staff=True).order_by("username")
        for account in [accounts.get(user.pk) or Account()]
    ]


def _check(user: User) -> None:
    with translation.override("en"):
        try:
            User.username_validator(user.username)
            user.clean_fields(exclude=["password"])
        except ValidationError as error:
            raise AccountWrong(f"{' '.join(error.messages)} Choose another one.") from None


def _invite(user_id: int, by: str, now: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _open_door(user_id, _digest(token), by, now)
    return token


def _open_door(user_id: int, digest: str, by: str, now: datetime) -> None:
    Account.objects.filter(pk=user_id).update(invitation=digest, open_until=now + INVITED_FOR)
    DESK.record(Act.STAFF_INVITED, now, by=by, about=named(user_id))


def _invited(token: str, now: datetime) -> User:
    """One that ends later than any made now could was made by a clock that ran ahead."""
    first, halved, second = token.partition(BETWEEN)
    digest = _digest(_digest(first) + BETWEEN + second) if halved else _digest(token)
    lasting = Account.objects.filter(open_until__gt=now, open_until__lte=now + INVITED_FOR)
    row = lasting.select_for_update().filter(invitation=digest).first()
    user = User.objects.filter(pk=row.pk, is_active=True, is_staff=True).first() if row else None
    if user is None:
        raise InvitationSpent
    return user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _open(name: str) -> User:
    user = User.objects.filter(username=name, is_staff=True, is_active=True).first()
    if user is None:
        raise AccountUnknown(name)
    return user
