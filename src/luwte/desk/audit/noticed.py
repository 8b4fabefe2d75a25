"""What an auditor did not look at yet: acts of one kind since they searched a record for that kind.

That they searched is itself in the record, so nothing more has to be kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.audit.rules import actor_of, details_of

MOST = 2_000
"""As many searches of everyone are read, the newest ones; who searched before that is asked to look again."""
_WHOLE = {"log", "act"}


@dataclass(frozen=True, slots=True)
class News:
    """How many acts of one kind there are since somebody looked, and when the last one was."""

    count: int
    last: datetime


def looked(by: str, since: datetime) -> Mapping[tuple[str, str], datetime]:
    """Return when `by` last searched for each kind of act alone and nothing narrower, by record and act."""
    rows = DESK.leaf.objects.filter(act=Act.RECORD_SEARCHED.value, at__gte=since, content__isnull=False)
    found: dict[tuple[str, str], datetime] = {}
    for at, content in rows.order_by("-id").values_list("at", "content")[:MOST]:
        said = details_of(bytes(content or b""))
        if said.keys() == _WHOLE and actor_of(bytes(content or b"")) == by:
            found.setdefault((str(said["log"]), str(said["act"])), at)
    return found


def news(log: Log, act: Act, after: datetime) -> News | None:
    """Return the acts of this kind after a moment, None when there are none. Who did them is not read."""
    rows = log.leaf.objects.filter(act=act.value, at__gt=after)
    last = rows.order_by("-at").values_list("at", flat=True).first()
    return None if last is None else News(rows.count(), last)


def missing(log: Log) -> int:
    """Return how many acts are gone, or are there twice: 0 where the record adds up.

    What was changed is not seen by it; `luwte audit verify` reads the whole record.
    """
    size, signed = log.size(), log.checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    gaps = abs(size - log.place.objects.count())
    unplaced = abs(log.leaf.objects.count() - log.place.objects.count() - log.waiting.objects.count())
    return max(gaps, unplaced, (signed or 0) - size)
