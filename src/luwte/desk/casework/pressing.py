"""What waits for an account, most pressing first, each with the reason why."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luwte.desk.accounts.accounts import known, named
from luwte.desk.casework import roles, words
from luwte.desk.casework.cases import gaps_before_a_hearing, waiting_cases
from luwte.desk.casework.roles import Role
from luwte.desk.casework.uploads import FAILED, REFUSED, WAITS, Upload
from luwte.desk.findings.models import Objection, Quarantine
from luwte.desk.findings.quarantine import MOSTLY_REJECTED
from luwte.desk.review import authority, people, proposals, services
from luwte.desk.review.errors import ReviewerUnknown
from luwte.desk.review.hours import NotNow
from luwte.desk.review.kept import stakes
from luwte.desk.review.learning import prior
from luwte.desk.review.proposals import OF_AUTHORITY, OF_SIGNERS, Waiting
from luwte.desk.review.queue import waiting
from luwte.desk.review.rules import queue
from luwte.desk.review.values import Candidate

SOON = timedelta(days=7)


class Rank(IntEnum):
    """What presses more comes first; within one rank the oldest."""

    BEFORE_YOU = 0
    RIGHT_LAPSES = 1
    SECOND_PERSON = 2
    ACUTE = 3
    QUARANTINE = 4
    DISPUTE = 5
    CASE = 6
    FAILED = 7
    REVIEW = 8
    NO_WORK = 9
    IN_PROGRESS = 10
    NOT_NOW = 11


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: what, why now, since when if known, and the address of its page."""

    rank: Rank
    what: str
    why: str
    since: datetime | None
    link: str


def pressing(
    user: User, held: Collection[Role], sent: Collection[Upload], now: datetime, *, leads: bool = False
) -> list[Item]:
    """Return what waits for an account with the roles `held`; `sent`: the reports that were sent in.

    `leads`: it is an administrator's.
    """
    found = [*_items(user, held, sent, now), *(_without_work() if leads else ())]
    return sorted(found, key=lambda one: (one.rank, one.since or now, one.what))


def _items(user: User, held: Collection[Role], sent: Collection[Upload], now: datetime) -> Iterator[Item]:
    if Role.REVIEWER in held:
        yield from _review(user.username, now)
    if Role.LIST_MANAGER in held:
        yield from _quarantine()
        yield from _disputes()
    if {Role.LIST_MANAGER, Role.CASE_OFFICER} & set(held):
        yield from _second(held, named(user.pk), now)
    if Role.CASE_OFFICER in held and authority.limits().acute:
        yield Item(
            Rank.ACUTE, _("Acute work"), _("Nobody reviews while it waits."), None, reverse("staff:limits")
        )
    if Role.CASE_OFFICER in held:
        yield from _cases(now)
    if {Role.EXAMINER, Role.CASE_OFFICER} & set(held):
        yield from _reports(sent)


def _review(name: str, now: datetime) -> Iterator[Item]:
    """One line: what comes before it in the queue nobody chooses."""
    link = reverse("staff:review")
    try:
        found = services.before(name, now)
        reviewer = people.reviewer(name).id
    except ReviewerUnknown:
        return
    if isinstance(found, NotNow):
        yield Item(Rank.NOT_NOW, _("Looking at files"), words.not_now()[found.why], None, link)
        return
    if found is not None:
        until = date_format(timezone.localtime(found.until), "H:i")
        why = _("It is before you until %(time)s. After that somebody else may get it.") % {"time": until}
        yield Item(Rank.BEFORE_YOU, _("Looking at files"), why, None, link)
        return
    order = queue(waiting(stakes, now), reviewer, now, prior(), authority.version().floor)
    if order:
        yield _asked(order, link, now)


def _asked(order: list[Candidate], link: str, now: datetime) -> Item:
    lapsing = sum(any(_soon(stake.right, now) for stake in one.stakes) for one in order)
    if lapsing:
        why = ngettext(
            "A right lapses within a week, and %(number)s cluster bears on it.",
            "Rights lapse within a week, and %(number)s clusters bear on them.",
            lapsing,
        ) % {"number": lapsing}
        return Item(Rank.RIGHT_LAPSES, _("Looking at files"), why, None, link)
    why = ngettext(
        "%(number)s cluster waits of which somebody wants to hear.",
        "%(number)s clusters wait of which somebody wants to hear.",
        len(order),
    ) % {"number": len(order)}
    return Item(Rank.REVIEW, _("Looking at files"), why, min(one.since for one in order), link)


def _soon(right: datetime | None, now: datetime) -> bool:
    return right is not None and now < right <= now + SOON


def _quarantine() -> Iterator[Item]:
    for row in Quarantine.objects.filter(verdict="").order_by("since", "entry"):
        why = (
            _("Reviewers mostly reject it: nobody is told of it until you looked.")
            if row.cause == MOSTLY_REJECTED
            else _("It turns up far more often than before: nobody is told of it until you looked.")
        )
        yield Item(
            Rank.QUARANTINE, _entry(row.entry), why, row.since, reverse("staff:entry", args=[row.entry])
        )


def _cases(now: datetime) -> Iterator[Item]:
    """Steps that wait for what they rest on, and findings that nobody charged with a hearing to come."""
    for one, number, since in waiting_cases():
        why = ngettext(
            "%(number)s step waits for what it rests on.",
            "%(number)s steps wait for what they rest on.",
            number,
        ) % {"number": number}
        yield Item(Rank.CASE, _("Case %(number)s") % {"number": one.number}, why, since, _case(one.id))
    for gap in gaps_before_a_hearing(now):
        why = ngettext(
            "%(number)s entry stands on no charge sheet, and there is a hearing on %(day)s.",
            "%(number)s entries stand on no charge sheet, and there is a hearing on %(day)s.",
            len(gap.entries),
        ) % {"number": len(gap.entries), "day": date_format(gap.hearing or now, "j F Y")}
        yield Item(Rank.CASE, _("Case %(number)s") % {"number": gap.number}, why, None, _case(gap.case))


def _case(case: str) -> str:
    return reverse("staff:case", args=[case])


def _disputes() -> Iterator[Item]:
    for row in Objection.objects.filter(kind="dispute", closed=None).order_by("opened", "id"):
        why = _("Somebody says that it is wrong: nobody is told of it until that is settled.")
        yield Item(Rank.DISPUTE, _entry(row.entry), why, row.opened, reverse("staff:entry", args=[row.entry]))


def _second(held: Collection[Role], me: str, now: datetime) -> Iterator[Item]:
    for one in proposals.waiting(now):
        needed = Role.CASE_OFFICER if one.change in OF_AUTHORITY else Role.LIST_MANAGER
        if needed in held:
            rank = Rank.IN_PROGRESS if one.asked_by == me else Rank.SECOND_PERSON
            yield Item(rank, _about(one), _why(one), one.asked, _place(one))


def _about(one: Waiting) -> str:
    if one.change in OF_SIGNERS:
        return _("Lists of the key %(key)s") % {"key": one.about}
    return _("Limits of review") if one.change in OF_AUTHORITY else _entry(one.about)


def _why(one: Waiting) -> str:
    until = date_format(timezone.localtime(one.ends), "j F Y")
    change = words.changes()[one.change]
    return _("Two people do this: %(change)s. It waits for the second until %(day)s.") % {
        "change": change,
        "day": until,
    }


def _place(one: Waiting) -> str:
    if one.change in OF_AUTHORITY:
        return reverse("staff:limits")
    return reverse("staff:signer" if one.change in OF_SIGNERS else "staff:entry", args=[one.about])


def _reports(sent: Collection[Upload]) -> Iterator[Item]:
    for one in sent:
        link = reverse("staff:upload", args=[one.digest])
        if one.state == REFUSED:
            yield Item(Rank.FAILED, _("A report"), words.refused()[one.why], one.at, link)
        elif one.state == FAILED:
            yield Item(Rank.FAILED, _("A report"), _("A fault of ours. Nothing of it is lost."), one.at, link)
        elif one.state == WAITS:
            yield Item(Rank.IN_PROGRESS, _("A report"), _("It is being taken in."), one.at, link)


def _without_work() -> Iterator[Item]:
    held = roles.known()
    for one in known():
        if one.active and not one.administrator and one.name not in held:
            why = _("This account has no work. Give it some, or have it closed.")
            yield Item(Rank.NO_WORK, one.name, why, one.last, reverse("staff:one_account", args=[one.id]))


def _entry(entry: str) -> str:
    return _("Entry %(entry)s") % {"entry": entry}
