"""One contact to Notify: look it up, post it, and look again when the answer is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from luwte.desk.telling.channels.notify import Service, Trouble, ask, client, fate
from luwte.desk.telling.channels.port import Envelope, Fate, Receipt, without_person

SECOND_LOOK = 2.0
"""Seconds after which a lost post is looked for once more: Notify may still be storing it."""
_OF_THE_ADDRESS = ("phone_number", "phone number", "address", "postcode", "not a dutch mobile")


class NotifyChannel:
    """What text messages and letters by Notify share. `kind`: sms or letter.

    Notify keeps messages for a week (its "data retention period"): that long it recognises a repetition,
    and we do not count on the last day.
    """

    idempotent = True
    keeps = timedelta(days=6)
    kind: str

    def __init__(self, to: Service, template: str, expected: Mapping[str, str]) -> None:
        self.client, self.template, self.expected = client(to), template, expected
        self.checked = False

    def hand(self, envelope: Envelope, post: Callable[[], Any]) -> Receipt:
        """Return what became of the contact; `post` is called only when Notify has nothing under its key."""
        try:
            known = self._look(envelope.key)
            if known is not None and known.fate != Fate.NOT_REACHED:
                return known
            self._check_template()
        except Trouble as trouble:
            return _not_reached(trouble, envelope)
        try:
            answer = ask(post)
        except Trouble as trouble:
            return self._lost(trouble, envelope)
        return _accepted(answer)

    def fate_of(self, key: str) -> Receipt | None:
        """Return what Notify knows of the contact `key`; None when it knows nothing or does not answer."""
        try:
            return self._look(key)
        except Trouble:
            return None

    def _look(self, key: str) -> Receipt | None:
        answer = ask(lambda: self.client.get_all_notifications(template_type=self.kind, reference=key))
        found = answer.get("notifications") if isinstance(answer, Mapping) else None
        if not isinstance(found, list):
            raise Trouble("an answer that is no list of messages")
        mine = [one for one in found if isinstance(one, Mapping) and one.get("reference") == key]
        return fate([str(one.get("status")) for one in mine])

    def _check_template(self) -> None:
        """T6: no words but ours may leave, so the template at Notify holds placeholders alone."""
        if self.checked:
            return
        answer = ask(lambda: self.client.get_template(self.template))
        held = answer if isinstance(answer, Mapping) else {}
        wrong = [part for part, text in self.expected.items() if str(held.get(part) or "").strip() != text]
        if wrong or held.get("type") != self.kind:
            raise Trouble(f"the template at Notify is not {' / '.join(self.expected.values())} alone")
        self.checked = True

    def _lost(self, trouble: Trouble, envelope: Envelope) -> Receipt:
        """An answer that refuses is an answer; without one the contact may stand at Notify all the same."""
        if not trouble.connected:
            return _not_reached(trouble, envelope)
        if trouble.status is not None and trouble.status < 500:
            return _refused(trouble, envelope)
        try:
            known = self._look(envelope.key)
            if known is None:
                time.sleep(SECOND_LOOK)
                known = self._look(envelope.key)
        except Trouble:
            return Receipt(Fate.UNKNOWN, without_person(f"Notify's answer was lost: {trouble}", envelope))
        if known is not None:
            return known
        if trouble.status is not None:
            return _not_reached(trouble, envelope)
        return Receipt(Fate.UNKNOWN, without_person(f"Notify's answer was lost: {trouble}", envelope))


def _accepted(answer: Any) -> Receipt:
    """Notify's own id is opaque; it finds the message in Notify's pages."""
    named = answer.get("id") if isinstance(answer, Mapping) else None
    return Receipt(Fate.DELIVERED, f"accepted by Notify as {str(named)[:40]}")


def _not_reached(trouble: Trouble, envelope: Envelope) -> Receipt:
    return Receipt(Fate.NOT_REACHED, without_person(f"Notify: {trouble}", envelope))


def _refused(trouble: Trouble, envelope: Envelope) -> Receipt:
    """What is wrong with the address stops the channel; what is wrong with our key or template does not."""
    said = trouble.text.lower()
    if trouble.status == 400 and any(word in said for word in _OF_THE_ADDRESS):
        return Receipt(Fate.REFUSED, without_person(f"Notify: {trouble}", envelope), "refused")
    return _not_reached(trouble, envelope)
