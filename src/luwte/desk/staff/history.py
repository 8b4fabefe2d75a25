"""What was done to reach a person: each contact with its way and what became of it, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from luwte.desk.staff import words
from luwte.desk.telling.models import Contact
from luwte.desk.telling.values import State
from luwte.desk.wishes.rules import PERSON, Channel


@dataclass(frozen=True, slots=True)
class Done:
    """One contact: when, in what way, what became of it, to whom if not the person. Not what it carried."""

    at: datetime
    way: str
    result: str
    to: str


def history(subject: str, names: Mapping[str, str]) -> list[Done]:
    """Return the contacts about `subject`, newest first; `names`: of representatives, by pseudonym."""
    rows = Contact.objects.filter(subject=subject).order_by("-number")
    results = _results()
    return [
        Done(
            row.handed or row.decided,
            _way(row),
            results[State(row.state)],
            "" if row.recipient == PERSON else names.get(row.recipient, _("a representative")),
        )
        for row in rows
    ]


def _way(row: Contact) -> str:
    return _("asked for in the portal") if row.asked else words.channels()[Channel(row.channel)]


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
