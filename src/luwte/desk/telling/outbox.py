"""The outbox: lease a planned contact, begin, hand it over, record the receipt. Each step is one transaction.

    planned -> leased -> handing_over -> handed_over -> done
                     \\-> withheld     \\-> refused | unknown | planned (the server was not reached)

A process may die between any two steps. What it left behind is taken up again when its lease has ended: a
leased contact was not handed over and is planned again; one that was being handed over may have arrived, so
only a channel that recognises a repetition gets it again, and for any other a human decides.

While a contact is handed over, the wish book of its person is locked and the wish is looked at again (T1):
a withdrawal either comes first and stops it, or waits and finds it gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from luwte.base.clock import Clock
from luwte.base.faults import fault_point
from luwte.base.ids import new_id
from luwte.desk.telling.channels.port import ChannelPort, Envelope, Fate, Receipt
from luwte.desk.telling.facts import Known, decide
from luwte.desk.telling.models import Contact
from luwte.desk.telling.recording import ask_human, close, record, stop_channel
from luwte.desk.telling.values import Decision, Outcome, State
from luwte.desk.vault.rules import EMAIL
from luwte.desk.wishes.rules import Channel, Register
from luwte.desk.wishes.services import lock

LEASE = timedelta(minutes=5)
RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(days=1)
ATTEMPTS_BEFORE_HELP = 5

UNKNOWN_OUTCOME = "unknown_outcome"
ADDRESS_FAILS = "address_fails"
SERVER_SILENT = "server_silent"

FAULT_POINTS = (
    "telling.lease",
    "telling.leased",
    "telling.begin",
    "telling.begun",
    "telling.checked",
    "telling.sent",
    "telling.handed",
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
        while (contact := self.lease()) is not None:
            self.hand_over(contact)
            handled.append(contact)
        return handled

    @transaction.atomic
    def lease(self) -> str | None:
        """Reserve the next planned contact for this process and return its id, or None."""
        now = self.clock.now()
        due = Contact.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state=State.PLANNED)
        mine = due.filter(channel__in=[channel.value for channel in self.channels])
        contact = mine.select_for_update(skip_locked=True).order_by("decided", "subject").first()
        if contact is None:
            return None
        contact.state, contact.lease, contact.lease_until = State.LEASED, self.name, now + LEASE
        contact.save()
        fault_point("telling.lease")
        return contact.id

    def hand_over(self, contact_id: str) -> None:
        """Bring a leased contact through the steps; whatever stops it is recorded."""
        fault_point("telling.leased")
        if not self._begin(contact_id):
            return
        fault_point("telling.begun")
        if not self._hand(contact_id):
            return
        fault_point("telling.handed")
        self._receive(contact_id)
        fault_point("telling.received")

    @transaction.atomic
    def _begin(self, contact_id: str) -> bool:
        """From here on the outcome is unknown until it is recorded."""
        contact = self._mine(contact_id, State.LEASED)
        if contact is None or self._checked(contact) is None:
            return False
        contact.state = State.HANDING
        contact.save()
        fault_point("telling.begin")
        return True

    @transaction.atomic
    def _hand(self, contact_id: str) -> bool:
        contact = self._mine(contact_id, State.HANDING)
        decision = self._checked(contact) if contact else None
        if contact is None or decision is None:
            return False
        contact.detail = decision.detail or contact.detail
        fault_point("telling.checked")
        receipt = self.channels[Channel(contact.channel)].deliver(self._envelope(contact))
        fault_point("telling.sent")
        return self._record_fate(contact, receipt)

    def _mine(self, contact_id: str, state: State) -> Contact | None:
        """Return the contact, locked after its person's wish book, if this process still has its lease."""
        subject = Contact.objects.values_list("subject", flat=True).get(pk=contact_id)
        lock(subject)
        contact = Contact.objects.select_for_update().get(pk=contact_id)
        return contact if contact.state == state and contact.lease == self.name else None

    def _checked(self, contact: Contact) -> Decision | None:
        """T1, at the moment of hand-over: return the decision that still allows `contact`, or withhold it."""
        now, known = self.clock.now(), Known.behind(contact.subject)
        carried = set(contact.items.values_list("finding_id", flat=True))
        for decision in decide(known, known.people, now, without=contact.id):
            same = decision.outcome == Outcome.TELL and decision.channel == contact.channel
            if same and carried <= set(decision.items):
                return decision
        close(contact, State.WITHHELD, now, "what was chosen changed before the hand-over")
        record(contact.subject, decide(known, known.people, now), now)
        return None

    def _envelope(self, contact: Contact) -> Envelope:
        person = Known.behind(contact.subject).people[contact.subject]
        address = person.address(EMAIL) if contact.channel == Channel.EMAIL else None
        words = Register(person.identity.language)
        return Envelope(contact.key, address or "", words, self.clock.now())

    def _record_fate(self, contact: Contact, receipt: Receipt) -> bool:
        now = self.clock.now()
        if receipt.fate == Fate.DELIVERED:
            contact.state, contact.handed, contact.receipt = State.HANDED, now, receipt.text[:500]
            contact.save()
            return True
        if receipt.fate == Fate.NOT_REACHED:
            _try_later(contact, receipt.text, now)
        elif receipt.fate == Fate.REFUSED:
            close(contact, State.REFUSED, now, receipt.text)
            stop_channel(contact.subject, contact.channel, now)
            ask_human(contact, ADDRESS_FAILS, now)
            known = Known.behind(contact.subject)
            record(contact.subject, decide(known, known.people, now), now)
        else:
            _leave_to_human(contact, receipt.text, now)
        return False

    @transaction.atomic
    def _receive(self, contact_id: str) -> None:
        contact = Contact.objects.select_for_update().get(pk=contact_id)
        if contact.state == State.HANDED:
            close(contact, State.DONE, self.clock.now(), contact.receipt)
        fault_point("telling.receipt")


@transaction.atomic
def take_up_again(channels: Mapping[Channel, ChannelPort], now: datetime) -> None:
    """Put right what processes left behind whose leases have ended by `now`."""
    left = Contact.objects.filter(lease_until__lt=now).exclude(lease="")
    for contact in left.select_for_update(skip_locked=True).order_by("id"):
        channel = channels.get(Channel(contact.channel))
        repeatable = channel is not None and channel.idempotent
        if contact.state == State.HANDED:
            close(contact, State.DONE, now, contact.receipt)
        elif contact.state == State.LEASED or (contact.state == State.HANDING and repeatable):
            contact.state, contact.lease, contact.lease_until = State.PLANNED, "", None
            contact.save()
        elif contact.state == State.HANDING:
            _leave_to_human(contact, "the process ended while handing over", now)


def _try_later(contact: Contact, text: str, now: datetime) -> None:
    contact.attempts += 1
    wait = min(RETRY * 2 ** min(contact.attempts - 1, 12), LONGEST_RETRY)
    contact.state, contact.lease, contact.lease_until = State.PLANNED, "", None
    contact.not_before, contact.receipt = now + wait, text[:500]
    contact.save()
    if contact.attempts >= ATTEMPTS_BEFORE_HELP:
        ask_human(contact, SERVER_SILENT, now)


def _leave_to_human(contact: Contact, text: str, now: datetime) -> None:
    """It may have arrived: it counts as told, is never sent again blindly, and a care worker finds out."""
    contact.handed = contact.handed or now
    close(contact, State.UNKNOWN, now, text)
    ask_human(contact, UNKNOWN_OUTCOME, now)
