"""The numbers that stand on every page: people to talk to. An authority sets its own in `HELP_LINES`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line: what for (neutral: it is seen before sign-in too), the number as read and as dialled."""

    name: str | Promise
    number: str
    dial: str


NETHERLANDS = (
    HelpLine(_("Someone to talk to, on weekdays"), "0900 0101", "09000101"),
    HelpLine(_("Someone to talk to, day and night, free"), "0800 0188", "08000188"),
    HelpLine(_("When you do not want to go on, day and night, free"), "0800 0113", "08000113"),
    HelpLine(_("In danger now"), "112", "112"),
)
"""Victim Support, Centre for Sexual Violence, 113 suicide prevention, emergency. Check them before use."""
