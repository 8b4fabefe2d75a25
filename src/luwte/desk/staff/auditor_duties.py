"""What waits for an auditor: records that do not add up or are not signed, and acts to look at.

An act leaves the list once this auditor has searched the record for its kind; others still have it on theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.audit.noticed import looked, missing, news
from luwte.desk.audit.standing import standing
from luwte.desk.staff.duties import Duties, Duty, in_order
from luwte.desk.vault.log import VAULT

BACK = timedelta(days=30)
"""Acts of so many days are put before an auditor."""
SIGNED_WITHIN = timedelta(days=2)
"""Checkpoints are made each night: one may fail, two are a reason to look."""
VERIFIED_WITHIN = timedelta(days=10)
"""Records are verified each week."""
LOGS = (DESK, VAULT)


class Rank(IntEnum):
    """What presses more comes first."""

    BROKEN = 0
    GLASS = 1
    KEYS = 2
    NOT_VERIFIED = 3
    NOT_SIGNED = 4
    NO_WITNESS = 5
    RIGHTS = 6
    SIGN_INS = 7


NOTICES: tuple[tuple[Rank, Log, Act], ...] = (
    (Rank.GLASS, VAULT, Act.GLASS_OPENED),
    (Rank.GLASS, VAULT, Act.GLASS_ASKED),
    (Rank.KEYS, DESK, Act.LOG_KEY),
    (Rank.KEYS, VAULT, Act.VAULT_LOG_KEY),
    (Rank.KEYS, DESK, Act.RESTORED),
    (Rank.KEYS, VAULT, Act.VAULT_RESTORED),
    (Rank.RIGHTS, DESK, Act.STAFF_ADMINISTRATOR),
    (Rank.RIGHTS, DESK, Act.RIGHT_GIVEN),
    (Rank.SIGN_INS, DESK, Act.LOCKED),
    (Rank.SIGN_INS, DESK, Act.RECOVERY_USED),
)
"""Which acts an auditor is to look at, and in which record they are."""


def duties(by: str, now: datetime) -> Duties:
    """Return what waits for the auditor `by` (`staff:7`). Contents of acts are not read, only their kinds."""
    seen = looked(by, now - BACK)
    found = [duty for log in LOGS for duty in _record(log, now)]
    return in_order([*found, *_notices(seen, now)], now)


def _record(log: Log, now: datetime) -> Iterator[Duty]:
    stands, link = standing(log), f"{reverse('staff:audit')}#of-{log.name}"
    what = _("The record of the desk") if log.name == DESK.name else _("The record of the vault")
    if gone := missing(log):
        why = ngettext(
            "It does not add up: %(number)s act is gone, or there twice. Have it verified today.",
            "It does not add up: %(number)s acts are gone, or there twice. Have it verified today.",
            gone,
        ) % {"number": gone}
        yield Duty(Rank.BROKEN, what, why, None, link)
    if not stands.placed and not stands.waiting:
        return
    if stands.verified is None or stands.verified <= now - VERIFIED_WITHIN:
        why = _("It is not known to have been verified in the last 10 days, on this machine.")
        yield Duty(Rank.NOT_VERIFIED, what, why, stands.verified, link)
    if stands.at is None or (stands.at <= now - SIGNED_WITHIN and stands.signed != _acts(log)):
        why = _("Its newest acts are in no checkpoint: nothing shows yet if somebody changes them.")
        yield Duty(Rank.NOT_SIGNED, what, why, stands.at, link)
    if stands.at is not None and stands.signed not in {one.size for one in stands.witnesses}:
        why = _("No witness outside signed the newest checkpoint: we could still make another one.")
        yield Duty(Rank.NO_WITNESS, what, why, stands.at, link)


def _acts(log: Log) -> int:
    return log.size() + log.waiting.objects.count()


def _notices(seen: Mapping[tuple[str, str], datetime], now: datetime) -> Iterator[Duty]:
    said = notices()
    for rank, log, act in NOTICES:
        found = news(log, act, seen.get((log.name, act.value), now - BACK))
        if found is not None:
            why = ngettext(
                "%(number)s time since you last looked, or in 30 days. Look who did it and why.",
                "%(number)s times since you last looked, or in 30 days. Look who did it and why.",
                found.count,
            ) % {"number": found.count}
            link = f"{reverse('staff:audit')}?{urlencode({'log': log.name, 'act': act.value})}"
            yield Duty(rank, said[act], why, found.last, link)


def notices() -> dict[Act, str]:
    """Return in a few words what happened, for each of these acts."""
    return {
        Act.GLASS_OPENED: _("Somebody saw who a person is, outside the usual work"),
        Act.GLASS_ASKED: _("Somebody asked to see who a person is, outside the usual work"),
        Act.LOG_KEY: _("Another key signs the record of the desk"),
        Act.VAULT_LOG_KEY: _("Another key signs the record of the vault"),
        Act.RESTORED: _("The desk was put back from a backup"),
        Act.VAULT_RESTORED: _("The vault was put back from a backup"),
        Act.STAFF_ADMINISTRATOR: _("An account became one of an administrator"),
        Act.RIGHT_GIVEN: _("An account got a right"),
        Act.LOCKED: _("Too many tries to sign in failed"),
        Act.RECOVERY_USED: _("A recovery code was used"),
    }
