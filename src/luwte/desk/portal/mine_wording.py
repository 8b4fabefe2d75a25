"""Put into words what is a person's own: who they are, who looked, who acts for them, their rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luwte.desk.pages.deadlines import deadlines
from luwte.desk.pages.figures import Figure
from luwte.desk.pages.wording import Row, kinds, news_rows, roles, sources
from luwte.desk.telling.looked import House, Looked, Sort
from luwte.desk.telling.messages import MessageItem
from luwte.desk.vault.rules import EMAIL, PHONE, POST, Identity, Mandate
from luwte.desk.vault.services import KnownPerson
from luwte.desk.wishes.rules import Detail, Source


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts for the person: name, rows of what holds, and sentences below them."""

    name: str
    rows: tuple[Row, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A right, or a step in a case, of which the person was told; whether its last day has passed."""

    rows: tuple[Row, ...]
    over: bool


def identity(known: KnownPerson) -> list[Row]:
    """Return who the person is, each address half hidden: enough to know it again, not to learn it."""
    found = known.identity
    shown = {
        _("E-mail"): _hidden_email(known.address(EMAIL)),
        _("Telephone"): _hidden_phone(known.address(PHONE)),
        _("Address"): _("we have one") if known.address(POST) else None,
        _("The person you know from us"): found.care_worker or None,
    }
    rows = [Row(_("Name"), found.name), Row(_("Day of birth"), _born(found))]
    rows.append(Row(_("Language"), _("English") if found.language == "en" else _("Dutch")))
    return rows + [Row(name, value) for name, value in shown.items() if value is not None]


def looks(found: Iterable[Looked]) -> list[Row]:
    """Return the day, and a sentence on what was done by whom."""
    said = {
        Sort.WHO: _("%(who)s looked at who you are."),
        Sort.WHY: _("%(who)s looked at your choices and messages."),
        Sort.OUTSIDE: _("%(who)s looked at who you are, outside the usual work. A second person agreed."),
        Sort.CHANGED: _("%(who)s changed what we know about you."),
        Sort.LINK: _("%(who)s made a link to sign in."),
        Sort.WAY: _("%(who)s changed how you come in."),
    }
    who = {
        House.STAFF: _("Someone who works here"),
        House.KEEPER: _("Someone who looks after our computers"),
        House.SELF: _("You, or somebody who was signed in as you,"),
    }
    return [Row(_day(one.day), said[one.sort] % {"who": who[one.by]}) for one in found]


def acting(mandate: Mandate, hears: Sequence[Source], today: date) -> Actor:
    """Return who acts for the person, by what the person chose and by the days alone.

    Whether something else stands in the way (T5) is not said: it may tell of a suspect.
    """
    rows = [Row(_("Role"), roles()[mandate.role]), Row(_("First day"), _day(mandate.begins))]
    rows.append(Row(_("Last day"), _day(mandate.ends) if mandate.ends else _("no last day")))
    if mandate.begins > today:
        rows.append(Row(_("Now"), _("has not begun yet")))
    elif not mandate.holds(today):
        rows.append(Row(_("Now"), _("is over")))
    said = [_("You chose that they may hear about: %s") % sources()[one] for one in hears]
    if mandate.standing:
        said.append(_("We may ask them to use a right for you before it ends."))
    return Actor(mandate.name, tuple(rows), tuple(said))


def rights(items: Iterable[MessageItem], now: datetime) -> list[Told]:
    """Return the rights and steps in a case among `items`, those that end first before others.

    Of what the person wants to know no more than that there is something, this list would tell what it is.
    """
    return [_told(one, now) for one in sorted(_listed(items), key=_last_day)]


def last_days(items: Iterable[MessageItem], now: datetime) -> Figure | None:
    """Return the last days of the same that are still to come as a picture; None when there are none."""
    return deadlines(
        [
            (kinds()[one.news.kind] if one.news.kind else sources()[one.source], one.news.lapses)
            for one in _listed(items)
            if one.news and one.news.lapses
        ],
        now,
    )


def _listed(items: Iterable[MessageItem]) -> list[MessageItem]:
    return [
        one
        for one in items
        if one.news and one.source in (Source.RIGHTS, Source.EVENTS) and one.detail != Detail.SOMETHING
    ]


def _told(item: MessageItem, now: datetime) -> Told:
    lapses = item.news.lapses if item.news else None
    return Told(tuple(news_rows(item)), lapses is not None and lapses <= now)


def _last_day(item: MessageItem) -> float:
    return item.news.lapses.timestamp() if item.news and item.news.lapses else float("inf")


def _born(found: Identity) -> str:
    if found.born_from is None or found.born_to is None:
        return _("not known")
    if found.born_from == found.born_to:
        return _day(found.born_from)
    return _("from %(first)s to %(last)s") % {"first": _day(found.born_from), "last": _day(found.born_to)}


def _hidden_email(value: str | None) -> str | None:
    if value is None:
        return None
    name, _at, host = value.partition("@")
    return f"{name[:1]}…@{host[:1]}…"


def _hidden_phone(value: str | None) -> str | None:
    return None if value is None else f"… {value[-2:]}"


def _day(day: date) -> str:
    return date_format(day, "j F Y")
