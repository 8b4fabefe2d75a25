"""A second reading of what somebody may read in the portal (decision 45), and all that may lie there.

It takes one contact at a time and shares no rule with `luwte.desk.telling.messages`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product

from luwte.desk.audit.models import Restoration
from luwte.desk.cases.models import Event
from luwte.desk.findings.models import Finding
from luwte.desk.findings.services import register
from luwte.desk.telling.messages import alerts, messages
from luwte.desk.telling.models import Contact, ContactItem, SafetyAlert, SafetyAttempt
from luwte.desk.telling.services import record_event, set_wish
from luwte.desk.telling.values import State
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Detail, Rhythm, Source
from tests.support.desk import NOON, Someone, report, someone, wish

DAY = timedelta(days=1)
LATER = NOON + 9 * DAY
OTHER = "ab" * 16
CHANNELS = (Channel.PORTAL, Channel.EMAIL, Channel.CARE_WORKER)
TOLD = (Detail.SOMETHING, Detail.EVERYTHING)
ATTEMPTS = ("begun", "stopped", "delivered", "unknown")
TELL, NOTHING = Choice(True, Rhythm.EACH, Channel.EMAIL), Choice(False)
HISTORIES: dict[str, Sequence[Choice]] = {
    "nothing was ever chosen": (),
    "all is told": (replace(TELL, detail=Detail.EVERYTHING),),
    "less is told than before": (
        replace(TELL, detail=Detail.EVERYTHING),
        replace(TELL, detail=Detail.SOMETHING),
    ),
    "more is told than before": (replace(TELL, detail=Detail.SOMETHING), replace(TELL, detail=Detail.BANDS)),
    "it was taken back": (replace(TELL, detail=Detail.EVERYTHING), NOTHING),
}


class Broken(AssertionError):
    """Somebody could read what they may not, or not what they may."""


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies ready: a contact in a state, on its channel, told at a level, to one recipient."""

    state: State
    channel: Channel
    told: Detail
    recipient: str


def may_read(one: Lying, chosen: Sequence[Choice], held: bool) -> Detail | None:
    """Return how much of a contact its recipient may read now; None: nothing, it is not there."""
    if one.channel == Channel.CARE_WORKER:
        return None  # what is said on the telephone is not written in the portal
    certainly = one.state in (State.HANDED, State.DONE)
    perhaps = one.state in (State.HANDING, State.UNKNOWN) and one.channel != Channel.PORTAL
    wanted = bool(chosen) and chosen[-1].told
    if held:
        # A withdrawal, or a level that was lowered since the backup, is not known.
        return Detail.SOMETHING if certainly else None
    if not certainly and not (perhaps and wanted):
        return None
    if not wanted:
        return one.told
    levels = [chosen[-1].detail] if one.recipient == PERSON else [chosen[-1].detail, one.told]
    return next(one for one in (Detail.SOMETHING, Detail.BANDS, Detail.EVERYTHING) if one in levels)


def may_see_alert(attempt: str, wanted: bool, held: bool) -> bool:
    """Whether a person may see an event of safety of which this became of the attempt to send it."""
    return wanted and attempt != "stopped" and not (held and attempt == "begun")


def live(name: str, *, held: bool) -> None:
    """Let all that can lie there lie there for somebody who chose as the history `name` says; look at each.

    `held`: after a restore, until telling is resumed. Raises `Broken`.
    """
    chosen = HISTORIES[name]
    person = someone(series="s-1")
    for number, choice in enumerate(chosen):
        wish(person.id, choice, NOON + number * DAY)
    laid = dict(_lay(person))
    attempts = _alerts(person, bool(chosen) and chosen[-1].told)
    if held:
        Restoration.objects.create(id="b" * 32, made=LATER, begun=LATER, loaded=LATER, finished=LATER)
    for recipient in (PERSON, OTHER):
        read = {one.id: one.items[0].detail for one in messages(person.subject, LATER, recipient)}
        for key, one in laid.items():
            wanted = may_read(one, chosen, held) if one.recipient == recipient else None
            if read.get(key) != wanted:
                raise Broken(f"{name}, held {held}: {one} gives {read.get(key)}, not {wanted}")
    seen = {one.id for one in alerts(person.subject, LATER)}
    for key, attempt in attempts.items():
        if (key in seen) != may_see_alert(attempt, bool(chosen) and chosen[-1].told, held):
            raise Broken(f"{name}, held {held}: an alert of which the attempt is {attempt}")


def _lay(person: Someone) -> Iterator[tuple[str, Lying]]:
    register(report({"s-1": {"a": (3, 0)}}), NOON)
    finding = Finding.objects.get(subject=person.subject)
    for number, parts in enumerate(product(State, CHANNELS, TOLD, (PERSON, OTHER))):
        one = Lying(*parts)
        row = Contact.objects.create(
            subject=person.subject, number=number, key=f"{number:032x}", recipient=one.recipient,
            channel=one.channel, detail=one.told, state=one.state, decided=NOON,
        )  # fmt: skip
        ContactItem.objects.create(
            contact=row, finding=finding, recipient=one.recipient, identical=3, live=False
        )
        yield row.id, one


def _alerts(person: Someone, wanted: bool) -> dict[str, str]:
    if wanted:
        set_wish(
            person.id, Source.SAFETY, TELL, set_by="Wim", conversation="c", assessment="a", now=NOON
        )  # fmt: skip
    found = {}
    for number, attempt in enumerate(ATTEMPTS):
        at = NOON + number * DAY
        record_event(person.id, "C-1", Source.SAFETY, "release", at=at, now=NOON)
        event = Event.objects.get(subject=person.subject, at=at)
        alert = SafetyAlert.objects.filter(event=event).first() or SafetyAlert.objects.create(
            event=event, subject=person.subject, state="open", made=NOON
        )
        SafetyAttempt.objects.create(
            alert=alert, number=1, key=f"{number + 1:032x}", channel="email", state=attempt, at=NOON
        )
        found[alert.id] = attempt
    return found
