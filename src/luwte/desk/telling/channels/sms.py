"""The neutral text message, through Notify: the same for every reason (T6)."""

from __future__ import annotations

import re

from luwte.desk.telling.channels.notify import Service, check_template
from luwte.desk.telling.channels.port import Envelope, Fate, Receipt
from luwte.desk.telling.channels.posting import NotifyChannel
from luwte.desk.words.registry import text

TEMPLATE = {"body": "((text))"}
"""What the template at Notify must hold: the words are ours, signed off here."""
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class SmsChannel(NotifyChannel):
    """Hands neutral text messages to Notify. Telephone numbers as E.164 writes them."""

    kind = "sms"

    def __init__(self, to: Service, template: str) -> None:
        check_template("LUWTE_NOTIFY_SMS_TEMPLATE", template)
        super().__init__(to, template, TEMPLATE)

    def deliver(self, envelope: Envelope) -> Receipt:
        """Hand the message over, once for each key, and return what became of it."""
        if not _E164.fullmatch(envelope.address):
            return Receipt(Fate.REFUSED, "the telephone number is not written as +31612345678", "refused")
        words = text("contact.sms", envelope.words)
        return self.hand(
            envelope,
            lambda: self.client.send_sms_notification(
                envelope.address, self.template, {"text": words.body}, reference=envelope.key
            ),
        )
