"""What hangs on files that nobody decided on yet: telling's side of `luwte.desk.review.ports`.

Here alone a series becomes people and their wishes. What goes back says that somebody may hear of it, never
who: review knows no person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from luwte.desk.cases.models import Event
from luwte.desk.findings.counting import linked
from luwte.desk.findings.models import Finding
from luwte.desk.review.ports import Place
from luwte.desk.review.values import Stake
from luwte.desk.telling.facts import Known
from luwte.desk.vault.batches import Opened
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Source, Wish, expired, latest

BATCH = 500


def stakes(places: Collection[Place], now: datetime) -> Mapping[Place, Stake]:
    """Return what hangs on each of `places`; one of which nobody may hear is left out."""
    shows: defaultdict[str, set[str]] = defaultdict(set)
    for subject, series in linked(series for series, _ in places):
        shows[series].add(subject)
    hear = _who_hears({subject for subjects in shows.values() for subject in subjects}, now)
    told = _tellable(hear)
    have = {subject for subject, _ in told}
    rights = _rights(hear, now)
    found = {}
    for series, case in places:
        subjects = shows[series] & hear
        if subjects:
            settled = all((subject, case) in told for subject in subjects)
            ends = [rights[subject, case] for subject in subjects if (subject, case) in rights]
            only = not subjects <= have
            found[series, case] = Stake(True, settled, min(ends, default=None), only)
    return found


def _who_hears(subjects: Collection[str], now: datetime) -> set[str]:
    """Who wants to hear of cases, or has somebody with a standing mandate; nobody who died or was erased."""
    hear: set[str] = set()
    for some in _batches(subjects):
        known = Known.of(some, ways=())
        given: defaultdict[str, list[Wish]] = defaultdict(list)
        for wish in wishes.wishes(list(known.found)):
            given[wish.subject].append(wish)
        hear.update(
            subject
            for subject, one in known.found.items()
            if not one.person.identity.deceased and (_wants(given[subject], one, now) or _stands_by(one, now))
        )
    return hear


def _wants(given: list[Wish], one: Opened, now: datetime) -> bool:
    wish = latest(given, Source.CASE, now)
    return wish is not None and wish.choice.told and not expired(wish, now, one.person.identity.zone)


def _stands_by(one: Opened, now: datetime) -> bool:
    today = now.astimezone(one.person.identity.zone).date()
    return any(each.mandate.standing and each.mandate.holds(today) for each in one.acting)


def _tellable(subjects: Collection[str]) -> set[tuple[str, str]]:
    """The (subject, case) of which something may be told already (T12)."""
    return {
        (row.subject, row.case_id)
        for some in _batches(subjects)
        for row in Finding.objects.filter(subject__in=some)
        if row.counted.identical + row.counted.confirmed > 0
    }


def _rights(subjects: Collection[str], now: datetime) -> dict[tuple[str, str], datetime]:
    """Return when the first right of a subject in a case lapses, of those that have not."""
    found: dict[tuple[str, str], datetime] = {}
    for some in _batches(subjects):
        rows = Event.objects.filter(subject__in=some, source=Source.RIGHTS.value, lapses__gt=now)
        for subject, case, lapses in rows.values_list("subject", "case_id", "lapses"):
            if lapses is not None:
                found[subject, case] = min(lapses, found.get((subject, case), lapses))
    return found


def _batches(subjects: Iterable[str]) -> Iterable[list[str]]:
    wanted = sorted(subjects)
    return [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
