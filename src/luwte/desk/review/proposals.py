"""Changes that two people make: one asks and says why, another one looks at what follows and approves.

They are those after which people are told, or not told any more. What was asked is over after a week. A
proposal says nothing of people: it is about an entry, or about what the authority sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.findings import lists
from luwte.desk.findings import services as register
from luwte.desk.findings.gate import enter
from luwte.desk.findings.provenance import Of
from luwte.desk.review import authority
from luwte.desk.review.errors import ProposalImpossible
from luwte.desk.review.floors import Floor
from luwte.desk.review.hours import Limits
from luwte.desk.review.models import Proposal

WITHIN = timedelta(days=7)
LONGEST_REASON = 500
LONGEST_SOURCE = 200
_KEY = re.compile(r"[0-9a-f]{16}")
PROPOSAL_POINTS = ("proposal.asked", "proposal.approved")
DONE, DECLINED, LAPSED = "done", "declined", "lapsed"


class Change(StrEnum):
    """What is asked for."""

    RELEASE = "release"
    KEEP = "keep"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    WRONG = "wrong"
    SOUND = "sound"
    VOUCH = "vouch"
    FOREIGN = "foreign"
    OWN = "own"
    LIMITS = "limits"
    FLOOR = "floor"


OF_AUTHORITY = (Change.LIMITS, Change.FLOOR)
"""These are about no entry; `about` is the change itself, so that only one of each is asked at a time."""
OF_SIGNERS = (Change.FOREIGN, Change.OWN)
"""These are about all lists that a key signs; `about` is the id of the key."""
OF_SOURCES = (Change.VOUCH, Change.FOREIGN)
"""These name whose list it is, or who else says the same."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that nobody closed: what, about which entry, key or its own name, with which values, why, by
    whom (as the record names them), since when and until when. `source`: for those `OF_SOURCES`."""

    id: str
    change: Change
    about: str
    said: Mapping[str, int]
    reason: str
    asked_by: str
    asked: datetime
    ends: datetime
    source: str = ""


@transaction.atomic
def ask(
    change: Change, about: str, reason: str, *, by: str, now: datetime, source: str = "", **said: int
) -> str:
    """Ask for a change and return the id of the proposal. `by`: the account that asks.

    Raises `ProposalImpossible` for a reason or a source that is none, or while another proposal about the
    same waits; `EntryUnusable`, `EntryNotForeign`, `SourceKnown`, `LimitsImpossible` or `FloorImpossible` for
    what could never be done.
    """
    enter()
    source = " ".join(source.split())
    _check(change, about, reason, said)
    _check_source(change, about, source)
    _lapse(now)
    if Proposal.objects.filter(about=about, closed=None).exists():
        raise ProposalImpossible("Somebody asked for a change here already. Approve or decline that first.")
    values = dict(said) | ({"source": source} if source else {})
    row = Proposal.objects.create(
        act=change, about=about, said=values, reason=reason.strip(), asked=now, asked_by=by
    )
    DESK.record(Act.PROPOSED, now, by=actor(), about=_entry(row), proposal=row.id, change=str(change))
    fault_point("proposal.asked")
    return row.id


@transaction.atomic
def approve(proposal: str, *, by: str, now: datetime) -> Waiting:
    """Do what somebody else asked for, all of it or nothing; return what that was.

    Raises `ProposalImpossible` for whoever asked, and for one that is closed, over or unknown; and what the
    change itself raises where it cannot be done any more.
    """
    enter()
    row = _row(proposal, now)
    if row.asked_by == by:
        raise ProposalImpossible("Whoever asked cannot approve. Let a colleague look at it.")
    _close(row, DONE, by, now)
    _DO[Change(row.act)](row, f"{row.asked_by}, {by}", now)
    fault_point("proposal.approved")
    return _waiting(row)


@transaction.atomic
def decline(proposal: str, *, by: str, now: datetime) -> Waiting:
    """Close a proposal and change nothing; whoever asked may do it too. Raises `ProposalImpossible`."""
    enter()
    row = _row(proposal, now)
    _close(row, DECLINED, by, now)
    return _waiting(row)


def waiting(now: datetime) -> list[Waiting]:
    """Return the proposals that can still be approved, oldest first."""
    rows = Proposal.objects.filter(closed=None, asked__gt=now - WITHIN).order_by("asked", "id")
    return [_waiting(row) for row in rows]


def about(what: str, now: datetime) -> Waiting | None:
    """Return the proposal about an entry, or about what the authority sets, that can still be approved."""
    return next((one for one in waiting(now) if one.about == what), None)


def _check(change: Change, about: str, reason: str, said: Mapping[str, int]) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON or not reason.strip().isprintable():
        raise ProposalImpossible(f"Say why in 1 to {LONGEST_REASON} characters, on one line.")
    if change == Change.LIMITS:
        authority.check_limits(_limits(said))
    elif change == Change.FLOOR:
        authority.check_floor(_floor(said))
    elif change in OF_SIGNERS:
        if not _KEY.fullmatch(about):
            raise ProposalImpossible("This is no id of a key. Give the 16 digits behind the dash of a list.")
    else:
        lists.check_entry(about)
    if (change in OF_AUTHORITY) != (about == change):
        raise ProposalImpossible("This change is about something else. Begin anew on its page.")


def _check_source(change: Change, about: str, source: str) -> None:
    wanted = change in OF_SOURCES
    if bool(source) != wanted or len(source) > LONGEST_SOURCE or not source.isprintable():
        raise ProposalImpossible(f"Name the source in 1 to {LONGEST_SOURCE} characters, where one is asked.")
    if change == Change.VOUCH:
        lists.check_vouch(about, source)


def _limits(said: Mapping[str, int]) -> Limits:
    """Acute work is not in it: that is said at once, by one alone."""
    return authority.with_numbers(authority.limits(), said)


def _floor(said: Mapping[str, int]) -> Floor:
    return Floor(**{name: said.get(name, held) for name, held in asdict(authority.version().floor).items()})


def _row(proposal: str, now: datetime) -> Proposal:
    row = Proposal.objects.filter(pk=proposal, closed=None).first()
    if row is None or not row.asked <= now < row.asked + WITHIN:
        raise ProposalImpossible("This was done, declined or asked more than a week ago. Ask anew.")
    return row


def _lapse(now: datetime) -> None:
    for row in Proposal.objects.filter(closed=None, asked__lte=now - WITHIN):
        _close(row, LAPSED, "", row.asked + WITHIN)


def _close(row: Proposal, result: str, by: str, at: datetime) -> None:
    row.closed, row.closed_by, row.result = at, by, result
    row.save(update_fields=["closed", "closed_by", "result"])
    DESK.record(Act.PROPOSAL_CLOSED, at, by=actor(), about=_entry(row), proposal=row.id, result=result)


def _entry(row: Proposal) -> str:
    """What it is about as the record may name it: an entry or the id of a key."""
    return "" if row.act in OF_AUTHORITY else row.about


def _waiting(row: Proposal) -> Waiting:
    said = {name: value for name, value in row.said.items() if name != "source"}
    source = str(row.said.get("source", ""))
    ends = row.asked + WITHIN
    return Waiting(
        row.id, Change(row.act), row.about, said, row.reason, row.asked_by, row.asked, ends, source
    )


def _set_limits(row: Proposal, _by: str, now: datetime) -> None:
    authority.set_limits(_limits(row.said), now)


def _set_floor(row: Proposal, by: str, now: datetime) -> None:
    authority.set_floor(_floor(row.said), by, now)


def _declare(row: Proposal, by: str, now: datetime) -> None:
    lists.declare_foreign(Of.SIGNER, row.about, row.said["source"], by, now)


_DO: Mapping[Change, Callable[[Proposal, str, datetime], Any]] = {
    Change.RELEASE: lambda row, by, now: register.release(row.about, by, now),
    Change.KEEP: lambda row, by, now: register.keep(row.about, by, now),
    Change.WITHDRAW: lambda row, by, now: lists.withdraw(row.about, by, row.reason, now),
    Change.REINSTATE: lambda row, by, now: lists.reinstate(row.about, by, now),
    Change.WRONG: lambda row, by, now: lists.settle_dispute(row.about, True, by, now),
    Change.SOUND: lambda row, by, now: lists.settle_dispute(row.about, False, by, now),
    Change.VOUCH: lambda row, by, now: lists.vouch(row.about, row.said["source"], by, now),
    Change.FOREIGN: _declare,
    Change.OWN: lambda row, _by, now: lists.declare_own(Of.SIGNER, row.about, now),
    Change.LIMITS: _set_limits,
    Change.FLOOR: _set_floor,
}
