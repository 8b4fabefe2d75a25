"""Until when rights can be used, as one picture: a row for each, on one scale that begins today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luwte.desk.pages.figures import Due, Figure, Named, timeline
from luwte.desk.pages.figures.values import MOST_ROWS


def deadlines(ends: Iterable[tuple[str, datetime]], now: datetime) -> Figure | None:
    """Return the picture of what ends when, those that end first; None when nothing does.

    What is over is left out: nobody can do anything about it any more.
    """
    coming = sorted(((end, label) for label, end in ends if end > now), key=lambda one: one[0])[:MOST_ROWS]
    if not coming:
        return None
    dues = [Due(label, timezone.localtime(end).date(), _day(end)) for end, label in coming]
    says = _("The last day of each right, from today on. The first one is %(day)s.") % {"day": dues[0].shown}
    columns = (_("What it is about"), _("Last day"))
    named = Named("deadlines", _("Until when a right can be used"), says, columns)
    return timeline(named, timezone.localtime(now).date(), dues)


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")
