"""Who looked at what is kept of a person, read from both records, for the person who asks.

It gives days and sorts of acts, never an account. What the desk takes in, decides and hands over is left out,
as is whoever signed in: from that one could read that there is something, or how somebody lives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from luwte.desk.audit.actors import COMMAND
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault.log import VAULT
from luwte.desk.wishes.rules import PERSON

MOST_ACTS = 2_000
"""As many acts of each record are read for a page, the newest ones."""


class Sort(StrEnum):
    """What was done: looked at who the person is, at why they are told or not, outside one's usual work;
    changed what is known of them, made a link to sign in, or changed how the person comes in without one."""

    WHO = "who"
    WHY = "why"
    OUTSIDE = "outside"
    CHANGED = "changed"
    LINK = "link"
    WAY = "way"


class House(StrEnum):
    """Who did it, as far as the person is told: somebody of the staff, who keeps the desk running, or whoever
    was signed in as the person."""

    STAFF = "staff"
    KEEPER = "keeper"
    SELF = "self"


@dataclass(frozen=True, slots=True, order=True)
class Looked:
    """On which day (in the person's zone) somebody did what."""

    day: date
    sort: Sort
    by: House


_AT_THE_DESK = {Act.DOSSIER_VIEWED: Sort.WHY}
_IN_THE_VAULT = {
    Act.PERSON_VIEWED: Sort.WHO,
    Act.LOOKED_UP: Sort.WHO,
    Act.GLASS_OPENED: Sort.OUTSIDE,
    Act.PERSON_ADDED: Sort.CHANGED,
    Act.PERSON_CHANGED: Sort.CHANGED,
    Act.ADDRESS_CHANGED: Sort.CHANGED,
    Act.ADDRESS_REMOVED: Sort.CHANGED,
    Act.ACTING_ADDED: Sort.CHANGED,
    Act.ACTING_CHANGED: Sort.CHANGED,
    Act.ASSESSED: Sort.CHANGED,
    Act.LINK_MADE: Sort.LINK,
    Act.WAY_IN_ADDED: Sort.WAY,
    Act.WAY_IN_REMOVED: Sort.WAY,
    Act.RECOVERY_MADE: Sort.WAY,
    Act.VISITS_ENDED: Sort.WAY,
}
_NOT_STAFF = re.compile(r"person|representative|link|visitor|telling|retention|[0-9a-f]{32}")
"""Who else acts in the records; 32 digits are the pseudonym of someone who acts for a person."""


def looked(person_id: str, zone: ZoneInfo, most: int | None = MOST_ACTS) -> list[Looked]:
    """Return who looked, each sort once a day, newest first. Raises `PersonUnknown` for no id.

    `most`: how many acts of each record are read, None for no limit. Acts whose content was forgotten do not
    say any more who acted, and are left out.
    """
    found = {
        Looked(at.astimezone(zone).date(), sort, house)
        for log, sorts, about in (
            (DESK, _AT_THE_DESK, subject_of(person_id)),
            (VAULT, _IN_THE_VAULT, person_id),
        )
        for at, sort, by in _acts(log, sorts, about, most)
        if (house := _house(by, sort)) is not None
    }
    return sorted(found, reverse=True)


def _acts(
    log: Log, sorts: Mapping[Act, Sort], about: str, most: int | None
) -> Iterator[tuple[datetime, Sort, str]]:
    rows = log.leaf.objects.filter(about=about, act__in=list(sorts), content__isnull=False).order_by("-id")
    for at, act, content in rows.values_list("at", "act", "content")[:most]:
        if content is not None:
            yield at, sorts[Act(act)], str(json.loads(bytes(content))["by"])


def _house(by: str, sort: Sort) -> House | None:
    """Of what somebody did in the person's name only what another could have done: changing ways in."""
    if by == COMMAND:
        return House.KEEPER
    if by == PERSON and sort == Sort.WAY:
        return House.SELF
    return None if _NOT_STAFF.fullmatch(by) else House.STAFF
