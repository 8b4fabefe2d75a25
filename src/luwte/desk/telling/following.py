"""What became of contacts after they left: channels that can be asked are asked, less and less often.

A message that Notify accepted may come back days later. One whose outcome was unknown may turn out to have
arrived. What a channel does not know stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from luwte.desk.telling import safety_outbox, troubles
from luwte.desk.telling.channels.port import ChannelPort, Fate, FollowedPort, Receipt, later
from luwte.desk.telling.models import CareTask, Contact, SafetyAlert, SafetyAttempt
from luwte.desk.telling.outbox import UNKNOWN_OUTCOME
from luwte.desk.telling.recording import end
from luwte.desk.telling.values import State
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel

FOLLOWED = timedelta(days=6)
"""How long after a hand-over a channel is asked: as long as Notify surely remembers."""
SOONEST = timedelta(minutes=10)
MOST = 200
"""Contacts of one channel that are asked after in one round."""
_ASKED = (State.DONE.value, State.UNKNOWN.value)
FOUND_OUT = "found out by asking the channel"


def follow(ways: Mapping[Channel, ChannelPort], now: datetime) -> int:
    """Ask the channels what became of contacts, and record what they say; return how many were asked after.

    The next time comes when as long again has passed since the hand-over.
    """
    asked = 0
    for channel, way in ways.items():
        if isinstance(way, FollowedPort):
            _follow_alerts(channel, way, now)
            keys = _due(channel, now)
            receipts = later(way, keys)
            for key in keys:
                _record(key, receipts.get(key), now)
            asked += len(keys)
    return asked


def _follow_alerts(channel: Channel, way: ChannelPort, now: datetime) -> None:
    """An alert of safety that came back is looked at again at once: then a care worker is asked (T14)."""
    attempts = SafetyAttempt.objects.filter(channel=channel.value, state=Fate.DELIVERED.value)
    left = attempts.filter(alert__state=safety_outbox.OPEN).order_by("at", "id")
    for key, receipt in later(way, left.values_list("key", flat=True)[:MOST]).items():
        if receipt.fate in (Fate.REFUSED, Fate.NOT_REACHED):
            _record_alert(key, receipt, now)


@transaction.atomic
def _record_alert(key: str, receipt: Receipt, now: datetime) -> None:
    attempt = SafetyAttempt.objects.select_related("alert").get(key=key)
    wishes.lock(attempt.alert.subject)
    attempt.state, attempt.receipt = receipt.fate.value, receipt.text[:500]
    attempt.save()
    safety_outbox.sent(attempt, now)
    SafetyAlert.objects.filter(pk=attempt.alert_id, state=safety_outbox.OPEN).update(next_try=now)


def _due(channel: Channel, now: datetime) -> list[str]:
    left = Contact.objects.filter(channel=channel.value, state__in=_ASKED, handed__gt=now - FOLLOWED)
    due = left.filter(Q(not_before=None) | Q(not_before__lte=now)).order_by("handed", "id")
    return list(due.values_list("key", flat=True)[:MOST])


@transaction.atomic
def _record(key: str, receipt: Receipt | None, now: datetime) -> None:
    wishes.lock(Contact.objects.get(key=key).subject)
    contact = Contact.objects.select_for_update().get(key=key)
    if contact.state not in _ASKED or contact.handed is None:
        return
    contact.not_before = now + max(now - contact.handed, SOONEST)
    contact.save()
    if receipt is None or receipt.fate == Fate.UNKNOWN:
        return
    if receipt.fate == Fate.REFUSED:
        troubles.bounced(key, now, receipt.cause or "bounced")
    elif receipt.fate == Fate.NOT_REACHED and contact.opened is None:
        end(contact, State.WITHHELD, now, f"it never left: {receipt.text}")
    elif contact.state == State.UNKNOWN:
        end(contact, State.DONE, now, f"{receipt.text}, {FOUND_OUT}")
    _end_search(contact, now)


def _end_search(contact: Contact, now: datetime) -> None:
    """Nobody has to find out any more what the channel said."""
    searched = CareTask.objects.filter(contact=contact, kind=UNKNOWN_OUTCOME, done=None)
    searched.update(done=now, outcome=FOUND_OUT)
