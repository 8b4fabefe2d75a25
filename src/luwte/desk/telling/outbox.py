"""The outbox: lease planned contacts, begin, hand over, record the receipt. Each step is one transaction.

    planned -> leased -> handing_over -> done
                     \\-> withheld    \\-> refused | unknown | planned (the server was not reached)

A process may die between any two steps. What it left behind is taken up again when its lease has ended: a
leased contact was not handed over and is planned again; one that was being handed over may have arrived, so
only a channel that recognises a repetition gets it again, and for any other a human decides.

While a contact is handed over, the wish book of its person is locked and the rules are asked again (T1, T5,
T10): a withdrawal either comes first and stops it, or waits and finds it gone. In the portal the record is
the hand-over, so there many are handed over in one transaction and nothing has to begin.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from luwte.base.clock import Clock
from luwte.base.faults import fault_point
from luwte.base.ids import new_id
from luwte.desk.audit import restored
from luwte.desk.audit.acts import Act
from luwte.desk.telling import unreached
from luwte.desk.telling.addressing import UNSIGNED, envelope_of, may_leave
from luwte.desk.telling.channels.port import ChannelPort, Fate, Receipt, recognises
from luwte.desk.telling.facts import Facts, Known
from luwte.desk.telling.models import Contact
from luwte.desk.telling.planner import lock_all
from luwte.desk.telling.recording import ask_human, close, end, ended, record_all, stop_channel
from luwte.desk.telling.values import Decision, Outcome, State
from luwte.desk.wishes.rules import Channel, Register

GIVE_WAY = 0.01
"""Seconds between two hand-overs to the outside on SQLite."""
LEASE = timedelta(minutes=5)
RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(days=1)
ATTEMPTS_BEFORE_HELP = 5
BATCH = 50

UNKNOWN_OUTCOME = "unknown_outcome"
ADDRESS_FAILS = unreached.ADDRESS_FAILS
SERVER_SILENT = "server_silent"
MAY_HAVE_LEFT = "the process ended while handing over"
IN_HOUSE = Channel.PORTAL
"""The channel where the record of a hand-over is the hand-over."""

FAULT_POINTS = (
    "telling.lease",
    "telling.leased",
    "telling.begin",
    "telling.begun",
    "telling.checked",
    "telling.sent",
    "telling.receipt",
    "telling.received",
)


@dataclass(slots=True)
class Outbox:
    """One process that hands contacts over through `channels`, by its `clock`, under its own `name`."""

    channels: Mapping[Channel, ChannelPort]
    clock: Clock
    name: str = field(default_factory=new_id)

    def hand_over_all(self) -> list[str]:
        """Take up what a dead process left, then hand over all that is planned; return the contacts' ids."""
        take_up_again(self.channels, self.clock.now())
        handled = []
        while batch := self.lease_some(BATCH):
            fault_point("telling.leased")
            self._hand_in([contact for contact, channel in batch if channel == IN_HOUSE])
            for contact, channel in batch:
                if channel != IN_HOUSE:
                    self._hand_out(contact)
                    _give_way()
            handled += [contact for contact, _ in batch]
        return handled

    def lease(self) -> str | None:
        """Reserve the next planned contact for this process and return its id, or None."""
        return next((contact for contact, _ in self.lease_some(1)), None)

    @transaction.atomic
    def lease_some(self, limit: int) -> list[tuple[str, Channel]]:
        """Reserve at most `limit` planned contacts for this process; return their ids and channels.

        After a restore there are none until telling was resumed.
        """
        if restored.held():
            return []
        now = self.clock.now()
        due = Contact.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state=State.PLANNED)
        mine = due.filter(channel__in=[channel.value for channel in self.channels])
        rows = mine.select_for_update(skip_locked=True).order_by("decided", "subject", "number")
        found = list(rows.values_list("id", "channel")[:limit])
        Contact.objects.filter(id__in=[contact for contact, _ in found]).update(
            state=State.LEASED, lease=self.name, lease_until=now + LEASE
        )
        fault_point("telling.lease")
        return [(contact, Channel(channel)) for contact, channel in found]

    def hand_over(self, contact_id: str) -> None:
        """Bring one leased contact through the steps; whatever stops it is recorded."""
        fault_point("telling.leased")
        if Contact.objects.filter(pk=contact_id, channel=IN_HOUSE).exists():
            self._hand_in([contact_id])
        else:
            self._hand_out(contact_id)

    def _hand_in(self, contact_ids: list[str]) -> None:
        if contact_ids:
            self._hand(contact_ids, State.LEASED)
            fault_point("telling.received")

    def _hand_out(self, contact_id: str) -> None:
        if self._begin(contact_id):
            fault_point("telling.begun")
            self._hand([contact_id], State.HANDING)
            fault_point("telling.received")

    @transaction.atomic
    def _begin(self, contact_id: str) -> bool:
        """From here on the outcome is unknown until it is recorded."""
        contacts = self._mine([contact_id], State.LEASED)
        if not self._checked(contacts, self._known(contacts)):
            return False
        contact, now = contacts[0], self.clock.now()
        if not may_leave(Channel(contact.channel), Register(contact.words)):
            _wait(contact, UNSIGNED, now + RETRY)
            return False
        contact.state, contact.lease_until = State.HANDING, now + LEASE
        contact.save()
        fault_point("telling.begin")
        return True

    @transaction.atomic
    def _hand(self, contact_ids: list[str], state: State) -> None:
        contacts = self._mine(contact_ids, state)
        known = self._known(contacts)
        allowed = self._checked(contacts, known)
        fault_point("telling.checked")
        for contact in contacts:
            if contact.id in allowed:
                contact.detail = allowed[contact.id].detail or contact.detail
                envelope = envelope_of(contact, known, self.clock.now())
                receipt = self.channels[Channel(contact.channel)].deliver(envelope)
                fault_point("telling.sent")
                self._record_fate(contact, receipt)
        fault_point("telling.receipt")

    def _mine(self, contact_ids: list[str], state: State) -> list[Contact]:
        """Return the contacts of which this process still has the lease; their people's books are locked."""
        if restored.held():
            return []
        rows = Contact.objects.filter(id__in=contact_ids)
        lock_all(rows.values_list("subject", flat=True))
        held = rows.filter(state=state, lease=self.name).order_by("subject", "number")
        return list(held.select_for_update())

    def _known(self, contacts: Collection[Contact]) -> Known:
        return Known.of({contact.subject for contact in contacts}, self.channels)

    def _checked(self, contacts: Collection[Contact], known: Known) -> dict[str, Decision]:
        """T1, at the moment of hand-over: the decisions that still allow contacts; others are withheld.

        Of one subject each contact is looked at as if it alone did not exist.
        """
        allowed: dict[str, Decision] = {}
        for group in _one_a_subject(contacts):
            allowed |= self._allowed(group, known)
        stopped = [contact for contact in contacts if contact.id not in allowed]
        for contact in stopped:
            _stop(contact, self.clock.now())
        self._record_anew({contact.subject for contact in stopped}, known)
        return allowed

    def _allowed(self, group: list[Contact], known: Known) -> dict[str, Decision]:
        without = {contact.id for contact in group}
        subjects = [contact.subject for contact in group if contact.subject in known.found]
        decided: dict[tuple[str, str], list[Decision]] = {}
        for decision in Facts.about(known, subjects, without).decide(self.clock.now()):
            decided.setdefault((decision.subject, decision.recipient), []).append(decision)
        found = {}
        for contact in group:
            carried = _carried(contact)
            for decision in decided.get((contact.subject, contact.recipient), []):
                same = decision.outcome == Outcome.TELL and decision.channel == contact.channel
                if same and carried <= set(decision.items):
                    found[contact.id] = decision
        return found

    def _record_anew(self, subjects: Collection[str], known: Known) -> None:
        if not subjects:
            return
        now = self.clock.now()
        decided: dict[str, list[Decision]] = {subject: [] for subject in sorted(subjects)}
        here = [subject for subject in decided if subject in known.found]
        for decision in Facts.about(known, here).decide(now):
            decided[decision.subject].append(decision)
        record_all(decided, now)

    def _record_fate(self, contact: Contact, receipt: Receipt) -> None:
        now = self.clock.now()
        if receipt.fate != Fate.UNKNOWN:
            ended(contact, Act.HANDED_OVER, now, fate=receipt.fate)
        if receipt.fate == Fate.DELIVERED:
            contact.handed = now
            close(contact, State.DONE, now, receipt.text)
        elif receipt.fate == Fate.NOT_REACHED:
            _try_later(contact, receipt.text, now)
        elif receipt.fate == Fate.REFUSED:
            cause = receipt.cause or "refused"
            close(contact, State.REFUSED, now, receipt.text)
            stop_channel(contact.subject, contact.channel, now, cause, contact.recipient)
            ask_human(contact, ADDRESS_FAILS, now, cause)
            self._record_anew({contact.subject}, self._known([contact]))
        else:
            leave_to_human(contact, receipt.text, now)


def _give_way() -> None:
    """SQLite lets waiting writers in by chance: leave the lock alone, so that a withdrawal gets its turn."""
    if connection.vendor == "sqlite":
        time.sleep(GIVE_WAY)


@transaction.atomic
def take_up_again(channels: Mapping[Channel, ChannelPort], now: datetime) -> None:
    """Put right what processes left behind whose leases have ended by `now`."""
    left = Contact.objects.filter(lease_until__lt=now).exclude(lease="")
    for contact in left.select_for_update(skip_locked=True).order_by("subject", "number"):
        channel = channels.get(Channel(contact.channel))
        begun = contact.lease_until or now
        repeatable = channel is not None and recognises(channel, begun, now)
        if contact.state == State.LEASED or (contact.state == State.HANDING and repeatable):
            contact.receipt = MAY_HAVE_LEFT if contact.state == State.HANDING else contact.receipt
            contact.state, contact.lease, contact.lease_until = State.PLANNED, "", None
            contact.save()
        elif contact.state == State.HANDING:
            leave_to_human(contact, MAY_HAVE_LEFT, now)


def _stop(contact: Contact, now: datetime) -> None:
    """What may have left before a crash cannot be said to have never left."""
    if contact.receipt == MAY_HAVE_LEFT:
        leave_to_human(contact, contact.receipt, now)
    else:
        end(contact, State.WITHHELD, now, "what was chosen changed before the hand-over")


def _one_a_subject(contacts: Collection[Contact]) -> list[list[Contact]]:
    """Share contacts out over groups in which no subject is twice."""
    groups: list[dict[str, Contact]] = []
    for contact in contacts:
        free = next((group for group in groups if contact.subject not in group), None)
        if free is None:
            groups.append({contact.subject: contact})
        else:
            free[contact.subject] = contact
    return [list(group.values()) for group in groups]


def _carried(contact: Contact) -> set[str]:
    rows = contact.items.values_list("finding_id", "event_id")
    return {found for finding, event in rows if (found := finding or event)}


def _try_later(contact: Contact, text: str, now: datetime) -> None:
    contact.attempts += 1
    _wait(contact, text, now + min(RETRY * 2 ** min(contact.attempts - 1, 12), LONGEST_RETRY))
    if contact.attempts >= ATTEMPTS_BEFORE_HELP:
        ask_human(contact, SERVER_SILENT, now)


def _wait(contact: Contact, text: str, until: datetime) -> None:
    """Plan it again for later, with the sentence that `reading.late` shows."""
    contact.state, contact.lease, contact.lease_until = State.PLANNED, "", None
    contact.not_before, contact.receipt = until, text[:500]
    contact.save()


def leave_to_human(contact: Contact, text: str, now: datetime) -> None:
    """Record that it may have arrived: it counts as told and is never sent blindly; a care worker finds out.

    Only inside a transaction, with the person's wish book locked.
    """
    ended(contact, Act.OUTCOME_UNKNOWN, now, fate=Fate.UNKNOWN)
    contact.handed = contact.handed or now
    close(contact, State.UNKNOWN, now, text)
    ask_human(contact, UNKNOWN_OUTCOME, now)
