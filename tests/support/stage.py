"""A desk with people in each state that the pages know; everyone in it is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from luwte.base.clock import ManualClock
from luwte.desk.findings.services import register
from luwte.desk.telling import services as telling
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.safety_outbox import SafetyOutbox
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Mandate
from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm, Source
from tests.support.desk import NOON, KeepingChannel, Someone, report, someone, ways, wish

EARLIER = NOON - timedelta(days=30)


def found(who: str, counts: Sequence[tuple[int, int]], now: datetime = NOON) -> None:
    """Take in a report for each pair of counts (identical, near) of `who`, each on a case of its own."""
    for place, pair in enumerate(counts, 1):
        register(report({f"series-{who}": {f"{who[:10]}{place}": pair}}, case=f"{who}-{place}"), now)


def tell(now: datetime = NOON, mail: KeepingChannel | None = None) -> None:
    """Run one round of telling."""
    telling.tell(ManualClock(now), ways(mail or KeepingChannel()))


def stranger(who: str) -> Someone:
    """Add a person who was never asked."""
    return someone(who, series=f"series-{who}")


def chooser(who: str, detail: Detail = Detail.BANDS, **choice: object) -> Someone:
    """Add a person who chose to be told, with `detail` and by default each finding in the portal."""
    wanted = Choice(**{"told": True, "rhythm": Rhythm.EACH, "detail": detail} | choice)  # type: ignore[arg-type]
    return someone(who, series=f"series-{who}", choice=wanted, now=EARLIER)


def told(who: str, detail: Detail, counts: Sequence[tuple[int, int]] = ((7, 2),)) -> Someone:
    """Add a person who chose `detail`, and tell them of a finding for each pair of counts."""
    person = chooser(who, detail)
    found(who, counts)
    tell()
    return person


def represented(who: str, detail: Detail = Detail.EVERYTHING, **mandate: object) -> tuple[Someone, str]:
    """Add a person who chose that Riet, who acts for them, hears it too; return both, told of one finding."""
    person = someone(who, series=f"series-{who}")
    fields = {"role": "parent", "begins": EARLIER.date(), "channel": "portal"} | mandate
    acting = vault.add_representative(person.id, Mandate("Riet", **fields), now=EARLIER)  # type: ignore[arg-type]
    choice = Choice(True, Rhythm.EACH, detail=detail, others=frozenset({party_of(acting)}))
    wish(person.id, choice, EARLIER)
    found(who, [(7, 2)])
    tell()
    return person, acting


def acting_entrance(acting: str, now: datetime = NOON) -> str:
    """Return the path of a fresh sign-in link for someone who acts for a person."""
    return f"/in/{vault.sign_in_link_for(acting, now)}/"


def eventful(
    who: str, source: Source, kind: str, detail: Detail, *, lapses: datetime | None = None
) -> Someone:
    """Add a person who chose to hear of `source`, and record an event of it in the case C-9."""
    person = someone(who)
    choice = Choice(True, Rhythm.EACH, detail=detail)
    _choose(person, source, choice)
    telling.record_event(person.id, "C-9", source, kind, at=NOON, lapses=lapses, now=NOON)
    return person


def alerted(who: str) -> Someone:
    """Add a person who chose to hear of safety, and send them one alert: someone is released."""
    person = eventful(who, Source.SAFETY, "release", Detail.EVERYTHING)
    SafetyOutbox(ways(KeepingChannel()), ManualClock(NOON)).send_due()
    return person


def _choose(person: Someone, source: Source, choice: Choice) -> None:
    telling.set_wish(
        person.id, source, choice, set_by="Wim", conversation="gesprek", now=EARLIER, assessment="beoordeling"
    )


def entrance(person: Someone, now: datetime = NOON) -> str:
    """Return the path of a fresh sign-in link."""
    return f"/in/{vault.sign_in_link(person.id, now)}/"


def everyone() -> dict[str, Someone]:
    """Set up one person for each state; return them by name."""
    people = {}
    for who, fate in (("Imke", Fate.REFUSED), ("Joris", Fate.UNKNOWN)):
        people[who] = chooser(who, channel=Channel.EMAIL)
        found(who, [(7, 2)])
        tell(mail=KeepingChannel(fate))
    people |= {
        "Anna": chooser("Anna", Detail.SOMETHING),
        "Bilal": chooser("Bilal", Detail.BANDS),
        "Chris": chooser("Chris", Detail.EVERYTHING),
        "Demi": stranger("Demi"),
        "Eva": chooser("Eva", told=False),
        "Farid": chooser("Farid", Detail.EVERYTHING, channel=Channel.CARE_WORKER),
        "Gijs": chooser("Gijs", channel=Channel.EMAIL),
        "Hanna": chooser("Hanna"),
    }
    for who in ("Anna", "Chris", "Demi", "Eva", "Farid", "Gijs"):
        found(who, [(7, 2)])
    found("Bilal", [(3, 0), (1, 1), (2, 0)])
    found("Hanna", [(0, 4)])
    return people
