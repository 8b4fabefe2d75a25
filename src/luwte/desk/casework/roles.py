"""Who does what in casework. A role is a group of Django's, so an account may have more than one, or none."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import Group, User

from luwte.desk.accounts import accounts
from luwte.desk.accounts.errors import AccountUnknown, TwoNeeded
from luwte.desk.accounts.four_eyes import check_administrator
from luwte.desk.accounts.whole import whole
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.review import people
from luwte.desk.review.errors import ReviewerImpossible, ReviewerUnknown
from luwte.desk.review.names import name_key


class Role(StrEnum):
    """The work of an account: reports come in by an examiner, reviewers look, list managers keep the lists,
    case officers set the limits."""

    EXAMINER = "examiner"
    REVIEWER = "reviewer"
    CASE_OFFICER = "case-officer"
    LIST_MANAGER = "list-manager"


def of(user_id: int) -> frozenset[Role]:
    """Return the roles of an account."""
    names = Group.objects.filter(user=user_id, name__in=list(Role)).values_list("name", flat=True)
    return frozenset(map(Role, names))


def known() -> dict[str, list[str]]:
    """Return the roles of every account that has any, by its name."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = Group.objects.filter(name__in=list(Role)).order_by("name").values_list("user__username", "name")
    for name, role in rows:
        if name is not None:
            found[name].append(role)
    return dict(found)


@whole()
def give(name: str, role: Role, *, by: str, now: datetime) -> list[Role]:
    """Give an account a role and return those that it has now; its sessions end. Twice changes nothing.

    Raises `AccountUnknown`; and `ReviewerImpossible` where the name is that of another reviewer, however it
    is written: two answers must be those of two people.
    """
    user = _user(name)
    if role not in of(user.pk):
        if role == Role.REVIEWER:
            _check_apart(user)
            people.add(user.username, now)
        user.groups.add(Group.objects.get_or_create(name=role)[0])
        _changed(user, role, by, now, given=True)
    return sorted(of(user.pk))


@whole()
def take(name: str, role: Role, *, by: str, now: datetime) -> list[Role]:
    """Take a role away from an account and return those that it has now; its sessions end.

    What a reviewer answered stands. Raises `AccountUnknown`.
    """
    user = _user(name)
    if role in of(user.pk):
        if role == Role.REVIEWER:
            _leave(user.username, now)
        user.groups.remove(Group.objects.get(name=role))
        _changed(user, role, by, now, given=False)
    return sorted(of(user.pk))


@whole()
def change(name: str, role: Role, *, by: int, now: datetime, has: bool) -> list[Role]:
    """Give or take a role as the administrator with the account `by`; see `give` and `take`.

    Raises `TwoNeeded` when `by` is no administrator, or is the account itself: nobody gives themselves work.
    """
    check_administrator(by)
    if User.objects.filter(pk=by, username=name).exists():
        raise TwoNeeded("Nobody changes their own work. Let another administrator do it.", "self")
    return (give if has else take)(name, role, by=accounts.named(by), now=now)


def _user(name: str) -> User:
    user = User.objects.select_for_update().filter(username=name, is_staff=True, is_active=True).first()
    if user is None:
        raise AccountUnknown(name)
    return user


def _check_apart(user: User) -> None:
    others = User.objects.filter(groups__name=Role.REVIEWER).exclude(pk=user.pk)
    for other in others.values_list("username", flat=True):
        if name_key(other) == name_key(user.username):
            raise ReviewerImpossible(
                f"The names {user.username!r} and {other!r} look alike, and each reviewer is one person. "
                "Give one of the two accounts another name."
            )


def _leave(name: str, now: datetime) -> None:
    try:
        people.leave(name, now)
    except ReviewerUnknown:
        return  # a command said so before


def _changed(user: User, role: Role, by: str, now: datetime, *, given: bool) -> None:
    accounts.end_sessions(user.pk)
    DESK.record(Act.STAFF_ROLE, now, by=by, about=accounts.named(user.pk), role=str(role), given=given)
