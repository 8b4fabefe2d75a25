"""What was done to reach a person: each contact with its way and what became of it, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from luwte.desk.telling.models import Contact
from luwte.desk.telling.values import State
from luwte.desk.wishes.rules import Channel


@dataclass(frozen=True, slots=True)
class Done:
    """One contact: when, in what way, what became of it. What it carried is not said here."""

    at: datetime
    way: str
    result: str


def history(subject: str) -> list[Done]:
    """Return the contacts of `subject`, newest first."""
    rows = Contact.objects.filter(subject=subject).order_by("-number")
    return [Done(row.handed or row.decided, _way(row), _results()[State(row.state)]) for row in rows]


def _way(row: Contact) -> str:
    if row.asked:
        return _("asked for in the portal")
    ways = {Channel.PORTAL: _("portal"), Channel.EMAIL: _("e-mail"), Channel.CARE_WORKER: _("call")}
    return ways[Channel(row.channel)]


def _results() -> dict[State, str]:
    waits = _("waits to be handed over")
    return {
        State.PLANNED: waits,
        State.LEASED: waits,
        State.HANDING: _("is being handed over"),
        State.HANDED: _("handed over"),
        State.DONE: _("handed over"),
        State.UNKNOWN: _("not known whether it arrived"),
        State.WITHHELD: _("did not leave: the choice changed, or it did not arrive"),
        State.REFUSED: _("refused or came back"),
    }
