"""Looking people up as a member of the staff: exact, recorded, and no more than so many times an hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from luwte.desk.audit.acts import Act
from luwte.desk.audit.rules import actor_of
from luwte.desk.vault import look_ups
from luwte.desk.vault.errors import SearchesSpent
from luwte.desk.vault.log import VAULT

MOST = 60
"""Searches of one account within an hour: more than a day of calls takes, too few to go through a list."""
WITHIN = timedelta(hours=1)


@transaction.atomic(using="vault")
def search(
    *,
    by: str,
    now: datetime,
    name: str | None = None,
    born: date | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> list[str]:
    """Return what `look_ups.find` does, unless `by` searched `MOST` times within the hour: `SearchesSpent`.

    It is counted in the record, which says who searched and by what, and never what was typed. Requests that
    come at the very same moment may each be the last.
    """
    if len(set(_moments(by, now - WITHIN))) >= MOST:
        raise SearchesSpent(MOST)
    return look_ups.find(by=by, now=now, name=name, born=born, email=email, phone=phone)


def _moments(by: str, since: datetime) -> Iterator[datetime]:
    """One search of several people is several acts of one moment."""
    rows = VAULT.leaf.objects.filter(act=Act.LOOKED_UP, at__gt=since, content__isnull=False)
    for at, content in rows.values_list("at", "content"):
        if actor_of(bytes(content or b"")) == by:
            yield at
