"""The page of numbers: how the desk does, in pictures with their tables. Nobody can be found in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luwte.desk.accounts.entry import for_staff
from luwte.desk.pages.deadlines import deadlines
from luwte.desk.pages.figures import Figure, Named, Point, bars, distribution, shares
from luwte.desk.pages.figures.distribution import counted
from luwte.desk.pages.moment import now
from luwte.desk.pages.wording import kinds
from luwte.desk.telling import counts
from luwte.desk.telling.counts import Counted
from luwte.desk.telling.deadlines import Deadline

LEAST = 10
"""Smaller counts, nothing apart, are not given: who knows the desk could tell whom they are."""
_EDGES = (0.0, 1.0, 4.0, 8.0, 15.0, 29.0)
_SPANS = ("0", "1-3", "4-7", "8-14", "15-28", "29+")
"""Whole days that somebody waited."""


@require_safe
@for_staff
def page(request: HttpRequest) -> HttpResponse:
    """Show the numbers of the last weeks, and what runs out in the coming ones."""
    figures = [_contacts(), _waits(), _calls(), _lapses(), _searched()]
    return render(request, "staff/numbers.html", {"figures": [one for one in figures if one]})


def of_person(subject: str) -> Figure | None:
    """Return the contacts of one person over the last months, as they are; None when there were none."""
    found = counts.contacts_a_month(subject, now())
    if not any(one.count for one in found):
        return None
    points = [Point(_short(one.day, "M Y"), one.count) for one in found]
    most = max(one.count for one in found)
    says = _("In each of the last 12 months. The most in one month was %(most)s.") % {"most": most}
    return bars(
        Named("contacts-month", _("Contacts with this person"), says, (_("Month"), _("Contacts"))), points
    )


def rights_of(found: Sequence[Deadline]) -> Figure | None:
    """Return until when a person can use their rights; None when there are none."""
    return deadlines([(_right(one), one.lapses) for one in found], now())


def _right(one: Deadline) -> str:
    if one.kind is not None:
        return kinds()[one.kind]
    return _("a right that this person knows of") if one.told else _("a right that was not told")


def safe(label: str, count: int) -> Point:
    """Return a count as it may be seen by all of the staff: one from 1 to 9 reads "fewer than 10"."""
    if 0 < count < LEAST:
        return Point(label, LEAST, _("fewer than %(least)s") % {"least": LEAST}, vague=True)
    return Point(label, count)


def _contacts() -> Figure:
    named = _weekly(
        "contacts",
        _("Contacts a week"),
        _("Contacts"),
        _("How many contacts left in each of the last 12 weeks."),
    )
    return bars(named, _points(counts.contacts_a_week(now())))


def _calls() -> Figure:
    named = _weekly(
        "calls",
        _("Calls a week"),
        _("Calls"),
        _("How many calls were finished in each of the last 12 weeks."),
    )
    return bars(named, _points(counts.calls_a_week(now())))


def _lapses() -> Figure:
    says = _("How many rights run out in each of the coming 12 weeks.")
    named = _weekly("lapses", _("Rights that run out"), _("Rights"), says)
    return bars(named, _points(counts.lapses_a_week(now())))


def _waits() -> Figure:
    found = counts.first_waits(now())
    points = [safe(label, count) for label, count in zip(_SPANS, counted(found.days, _EDGES), strict=True)]
    says = _("How many days first talks of the last 12 weeks were waited for. Still waiting: %(open)s.")
    said = says % {"open": safe("open", found.open).text}
    return distribution(
        Named("waits", _("Waiting for the first talk"), said, (_("Days"), _("Talks"))), points
    )


def _searched() -> Figure | None:
    """Files are nobody's, so their counts are given as they are; how many reports there were is not."""
    found = counts.searched(now())
    if found.read + found.unreadable == 0:
        return None
    says = _("How many files the reports of the last 12 weeks could read, and how many they could not.")
    columns = (_("Files"), _("How many"), _("Percent"))
    parts = [Point(_("read"), found.read), Point(_("could not be read"), found.unreadable)]
    return shares(Named("searched", _("What was searched"), says, columns), parts)


def _weekly(name: str, title: str, what: str, says: str) -> Named:
    return Named(name, title, says, (_("Week that begins on"), what))


def _points(found: Sequence[Counted]) -> list[Point]:
    return [safe(_short(one.day, "j M"), one.count) for one in found]


def _short(day: date, form: str) -> str:
    """Django begins a short month with a capital, which Dutch does not."""
    found = date_format(day, form)
    return found.lower() if get_language() == "nl" else found
