"""What else waits for a care worker who also looks after accounts or audits: where, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from luwte.desk.accounts.accounts import named
from luwte.desk.accounts.rights import Right, rights_of
from luwte.desk.staff import administrator_duties, auditor_duties
from luwte.desk.staff.duties import Duties


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A page where `number` things wait."""

    page: str
    link: str
    number: int


def elsewhere(user_id: int, name: str, now: datetime) -> list[Elsewhere]:
    """Return the other pages of an account on which something waits, [] for who only cares for people."""
    held, found = rights_of(user_id), list[Elsewhere]()
    if Right.ADMINISTRATOR in held:
        waits = administrator_duties.duties(user_id, name, now)
        found.append(Elsewhere(_("Accounts"), reverse("staff:accounts"), _number(waits)))
    if Right.AUDITOR in held:
        waits = auditor_duties.duties(named(user_id), now)
        found.append(Elsewhere(_("The record"), reverse("staff:audit"), _number(waits)))
    return [one for one in found if one.number]


def _number(found: Duties) -> int:
    return len(found.shown) + found.more
