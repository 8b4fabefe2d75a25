"""Words for the care workers: why someone waits, what a task is about, what may be told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luwte.desk.telling.outbox import ADDRESS_FAILS, SERVER_SILENT, UNKNOWN_OUTCOME
from luwte.desk.telling.values import Outcome, Reason


def outcomes() -> dict[Outcome, str]:
    """Return a word for each outcome."""
    return {
        Outcome.TELL: _("to be told"),
        Outcome.CALL: _("call"),
        Outcome.WAIT: _("waits"),
        Outcome.WITHHOLD: _("not told"),
        Outcome.NOTHING: _("nothing new"),
    }


def told(*, unsure: bool) -> str:
    """Return the word for someone who was told, or of whom that is not known."""
    return _("not known whether told") if unsure else _("told")


def reason(found: Reason, *, told: bool) -> str:
    """Return the reason in a few words; nothing new reads otherwise for someone who was told before."""
    if told and found == Reason.NOTHING_NEW:
        return _("Was told, as chosen. There is nothing new since.")
    return reasons()[found]


def reasons() -> dict[Reason, str]:
    """Return the reason in a few words, as staff read it."""
    return {
        Reason.DUE: _("There is news, and it may be told now."),
        Reason.CALL_CHOSEN: _("There is news, and this person chose a call."),
        Reason.NEVER_ASKED: _("Was not asked yet what they want. The first talk is yours."),
        Reason.NOT_CONFIRMED: _("Only something that resembles it. Nobody confirmed it."),
        Reason.NOT_WANTED: _("Chose not to be told."),
        Reason.WISH_ENDED: _("The choice had an end date. Ask what they want now."),
        Reason.PAUSED: _("Set a pause."),
        Reason.HELD_BY_CARE: _("A care worker set a pause."),
        Reason.ONLY_WHEN_ASKED: _("Chose to ask by themselves."),
        Reason.CHANNEL_STOPPED: _("The chosen way does not work."),
        Reason.ON_ITS_WAY: _("A message is on its way."),
        Reason.OTHER_CHANNEL: _("Follows later, in the way chosen for it."),
        Reason.RHYTHM: _("The chosen rhythm."),
        Reason.CEILING: _("Heard from us less than a week ago."),
        Reason.NOTHING_NEW: _("There is nothing new to tell."),
    }


def tasks() -> dict[str, str]:
    """Return what each kind of task asks."""
    return {
        UNKNOWN_OUTCOME: _(
            "It is not known whether an e-mail arrived. Find out; it is not sent again by itself."
        ),
        ADDRESS_FAILS: _("The e-mail address was refused. Find an address that works."),
        SERVER_SILENT: _("The mail server has not answered for some time. The e-mail is still tried."),
    }
