"""What waits for an administrator: what a colleague asked for, accounts to look at, texts to sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import IntEnum

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luwte.desk.accounts import accounts, four_eyes, tries
from luwte.desk.accounts.accounts import Known
from luwte.desk.accounts.four_eyes import LEAST
from luwte.desk.staff import account_words
from luwte.desk.staff.duties import Duties, Duty, in_order
from luwte.desk.words import proposals
from luwte.desk.words.registry import templates
from luwte.desk.words.services import unsigned

UNUSED = timedelta(days=90)
"""An account in which nobody signed in for so long may be left over: nobody may know any more that it is."""


class Rank(IntEnum):
    """What presses more comes first."""

    SECOND = 0
    TOO_FEW = 1
    TRIED = 2
    NEW_TEXT = 3
    TEXTS = 4
    NOT_ENTERED = 5
    UNUSED = 6
    IN_PROGRESS = 7


def duties(user_id: int, name: str, now: datetime) -> Duties:
    """Return what waits for the administrator with this account and `name`."""
    found = [*_asked(name, now), *_few(), *_texts(accounts.named(user_id)), *_accounts(now)]
    return in_order(found, now)


def _asked(name: str, now: datetime) -> Iterator[Duty]:
    link = f"{reverse('staff:accounts')}#waiting"
    for one in four_eyes.waiting(now):
        own, until = one.asked_by == name, date_format(localtime(one.ends), "j F Y, H:i")
        why = (
            _("You asked for it. It waits for a second administrator until %(time)s.")
            if own
            else _("It waits for you as the second administrator until %(time)s.")
        ) % {"time": until}
        rank = Rank.IN_PROGRESS if own else Rank.SECOND
        asked = one.ends - four_eyes.APPROVED_WITHIN
        yield Duty(rank, account_words.wanted(one), why, asked, link)


def _few() -> Iterator[Duty]:
    if four_eyes.able() < LEAST:
        why = _("Fewer than two are able to sign in, so nobody can approve anything. Make another one.")
        yield Duty(Rank.TOO_FEW, _("Administrators"), why, None, reverse("staff:accounts"))


def _texts(signer: str) -> Iterator[Duty]:
    for template_id in sorted(proposals.waiting()):
        found = proposals.proposal(template_id)
        if found is not None and unsigned(found.texts, signer):
            why = _("A new version is proposed. Two people sign it, and you did not yet.")
            link = reverse("staff:text", args=[template_id])
            yield Duty(Rank.NEW_TEXT, _("The text %(id)s") % {"id": template_id}, why, found.at, link)
    count = len({one.id for one in unsigned(templates(), signer)})
    if count:
        why = ngettext(
            "%(number)s text has fewer than two signatures, and not yours.",
            "%(number)s texts have fewer than two signatures, and not yours.",
            count,
        ) % {"number": count}
        yield Duty(Rank.TEXTS, _("Texts"), why, None, reverse("staff:texts"))


def _accounts(now: datetime) -> Iterator[Duty]:
    tried = tries.too_many(now)
    for one in accounts.known():
        link = reverse("staff:one_account", args=[one.id])
        if one.active and one.name in tried:
            why = _("Too many tries to sign in failed. Ask the owner, not by e-mail: was it you?")
            yield Duty(Rank.TRIED, one.name, why, tried[one.name], link)
        if one.active and (said := _left(one, now)):
            yield Duty(said[0], one.name, said[1], one.last or one.open_until, link)


def _left(one: Known, now: datetime) -> tuple[Rank, str] | None:
    """What nobody uses: an invitation that is over, or an account that nobody came back to."""
    if not one.factors and one.open_until is not None and one.open_until <= now:
        why = _("The time to set up a second factor is over. Invite again, or close the account.")
        return Rank.NOT_ENTERED, why
    if one.last is not None and one.last <= now - UNUSED:
        why = _("Nobody signed in for more than 90 days. Close it if nobody needs it.")
        return Rank.UNUSED, why
    return None
