"""How long reviewers looked in the last weeks, all together and never who: as the budget of a day counts it.

Counts come from the rows; what retention took away is not in them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from luwte.desk.review.hours import MINUTE
from luwte.desk.review.models import Look

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """Minutes of looking in the week that begins on `monday`, and on the day of it that has the most."""

    monday: date
    minutes: float
    longest: float


def weeks(now: datetime) -> list[Week]:
    """Return the last weeks by the clock of the authority, this one last.

    A look counts for the day on which it began, whatever came of it; one that is not over until now.
    """
    monday = _monday(timezone.localtime(now).date())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    days: defaultdict[date, list[float]] = defaultdict(list)
    for day, spent in _days(mondays[0], now).items():
        days[_monday(day)].append(spent / MINUTE)
    return [Week(one, sum(days[one]), max(days[one], default=0.0)) for one in mondays]


def _days(first: date, now: datetime) -> dict[date, timedelta]:
    found: defaultdict[date, timedelta] = defaultdict(timedelta)
    begin = timezone.make_aware(datetime.combine(first, time()))
    rows = Look.objects.filter(given__gte=begin, given__lte=now)
    for given, ended, until in rows.values_list("given", "ended", "until").iterator():
        spent = (ended or min(until, now)) - given
        # A clock that was set back during a look makes it end before it began.
        found[timezone.localtime(given).date()] += max(spent, timedelta())
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
