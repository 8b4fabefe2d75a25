"""When to look again: the first moment at which time alone may change what is decided for a subject. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from luwte.desk.telling.ages import birthday
from luwte.desk.telling.dossier import Dossier, file
from luwte.desk.telling.obstacles import View, unopened_since, view_of_person
from luwte.desk.telling.values import Born, Decision, Event, Ladder, Limits, Recipient, Told
from luwte.desk.telling.windows import start_of
from luwte.desk.wishes.rules import Hold, Quiet, Wish

_DAY = timedelta(days=1)
_CALENDAR = (date.min + 7 * _DAY, date.max - 7 * _DAY)
"""Every day between these two begins somewhere in every time zone."""


def next_look(
    decisions: Iterable[Decision],
    recipients: Sequence[Recipient],
    wishes: Iterable[Wish],
    limits: Limits,
    now: datetime,
    *,
    events: Iterable[Event],
    history: Iterable[Told],
    holds: Iterable[Hold | Quiet],
) -> datetime | None:
    """Return the first moment after `now` at which time alone may change an outcome for one subject.

    None when it never will. `decisions` are those that `plan` gives at `now` for the same values. Of
    `RHYTHM`, `CEILING`, `QUIET` and `HOURS` one may take another's place before that: all of them wait.
    """
    dossiers = file(wishes, (), events, history, holds, recipients, now)
    return next((_look(dossier, decisions, limits, now) for dossier in dossiers.values()), None)


def next_looks(
    decisions: Iterable[Decision],
    recipients: Sequence[Recipient],
    wishes: Iterable[Wish],
    limits: Limits,
    now: datetime,
    *,
    events: Iterable[Event],
    history: Iterable[Told],
    holds: Iterable[Hold | Quiet],
) -> dict[str, datetime | None]:
    """Return `next_look` for each subject that has a recipient."""
    decided: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        decided[decision.subject].append(decision)
    dossiers = file(wishes, (), events, history, holds, recipients, now)
    return {
        subject: _look(dossier, decided[subject], limits, now)
        for subject, dossier in dossiers.items()
        if dossier.recipients
    }


def _look(dossier: Dossier, decisions: Iterable[Decision], limits: Limits, now: datetime) -> datetime | None:
    view = view_of_person(dossier, limits, now)
    moments = [decision.next_at for decision in decisions if decision.next_at is not None]
    days = (day for day in _days(dossier, view, limits.ladder) if _CALENDAR[0] < day < _CALENDAR[1])
    moments += [start_of(day, view.recipient.zone) for day in days]
    moments += _moments(dossier, view, limits)
    return min((moment for moment in moments if moment > now), default=None)


def _moments(dossier: Dossier, view: View, limits: Limits) -> Iterator[datetime]:
    """Yield when rights lapse, pauses begin or end, wishes begin, covers are due, silence gets long."""
    yield from (item.lapses for item in dossier.items if item.lapses is not None)
    for hold in dossier.holds:
        yield from (hold.starts, hold.ends)
    yield from (wish.since for wish in dossier.given)
    for source, _ in view.covers():
        found = view.of(source)
        if found is not None and found.next_at is not None:
            yield found.next_at
    since = unopened_since(view)
    if since is not None:
        yield since + limits.patience


def _days(dossier: Dossier, view: View, ladder: Ladder) -> Iterator[date]:
    """Yield the days on the person's calendar that begin or end something."""
    yield from _birthdays(view.circle.life.born, ladder)
    for wish in dossier.wishes.values():
        if wish.choice.until is not None:
            yield _after(wish.choice.until)
    for one in dossier.around:
        if one.mandate:
            yield one.mandate.begins
            if one.mandate.ends is not None:
                yield _after(one.mandate.ends)


def _after(day: date) -> date:
    return min(day, _CALENDAR[1]) + _DAY


def _birthdays(born: Born, ladder: Ladder) -> Iterator[date]:
    """Yield the days on which a step of the ladder may be reached, by both readings of 29 February."""
    for years in (ladder.both, ladder.alone, ladder.adult):
        if born.earliest is not None:
            year = born.earliest.year + years
            yield date(year, *birthday(born.earliest, year, early=True))
        if born.latest is not None:
            year = born.latest.year + years
            yield date(year, *birthday(born.latest, year, early=False))
