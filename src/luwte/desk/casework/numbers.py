"""The page of numbers of review: how long reviewers looked, beside what they may. Never who of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luwte.desk.casework.entry import for_role
from luwte.desk.casework.roles import Role
from luwte.desk.pages.figures import Figure, Named, Point, bars, line
from luwte.desk.pages.moment import now
from luwte.desk.review import authority
from luwte.desk.review.spent import Week, weeks


@require_safe
@for_role(Role.CASE_OFFICER)
def page(request: HttpRequest) -> HttpResponse:
    """Show the minutes of the last weeks, of everyone together."""
    found = weeks(now())
    return render(request, "casework/numbers.html", {"figures": [_longest(found), _minutes(found)]})


def _minutes(found: Sequence[Week]) -> Figure:
    says = _("How many minutes people looked in each of the last 12 weeks, together.")
    named = Named("minutes", _("Minutes of review a week"), says, (_("Week that begins on"), _("Minutes")))
    return bars(named, [_point(one, one.minutes) for one in found])


def _longest(found: Sequence[Week]) -> Figure:
    budget = authority.limits().minutes_a_day
    says = _(
        "The day of each week on which people looked the longest, beside the minutes that a day may have "
        "now: %(budget)s. In %(over)s of the 12 weeks a day had more: their marks are open."
    ) % {"budget": budget, "over": sum(ceil(one.longest) > budget for one in found)}
    columns = (_("Week that begins on"), _("Minutes on its longest day"))
    named = Named("longest", _("The longest day of each week"), says, columns)
    return line(named, [_point(one, one.longest) for one in found], Point(_("A day may have"), budget))


def _point(one: Week, minutes: float) -> Point:
    """A minute that was begun counts as a whole one, so that what is over the budget never reads as in it."""
    day = date_format(one.monday, "j M")
    # Django begins a short month with a capital, which Dutch does not.
    return Point(day.lower() if get_language() == "nl" else day, ceil(minutes))
