"""The neutral letter, through Notify, which prints it and gives it to the post."""

from __future__ import annotations

from luwte.desk.telling.channels.neutral import check_url
from luwte.desk.telling.channels.notify import Service, check_template
from luwte.desk.telling.channels.port import Envelope, Fate, Receipt
from luwte.desk.telling.channels.postal import block
from luwte.desk.telling.channels.posting import NotifyChannel
from luwte.desk.words.registry import text

TEMPLATE = {"subject": "((subject))", "body": "((text))"}
"""What the template at Notify must hold: the words are ours, signed off here."""


class LetterChannel(NotifyChannel):
    """Hands neutral letters to Notify."""

    kind = "letter"

    def __init__(self, to: Service, template: str, url: str) -> None:
        check_template("LUWTE_NOTIFY_LETTER_TEMPLATE", template)
        check_url(url)
        super().__init__(to, template, TEMPLATE)
        self.url = url

    def deliver(self, envelope: Envelope) -> Receipt:
        """Hand the letter over, once for each key, and return what became of it."""
        address = block(envelope.name, envelope.lines)
        if address is None:
            return Receipt(Fate.REFUSED, "nobody can deliver a letter to this postal address", "refused")
        words = text("contact.letter", envelope.words, url=self.url)
        values = {f"address_line_{number}": line for number, line in enumerate(address, start=1)}
        values |= {"subject": words.subject, "text": words.body}
        return self.hand(
            envelope,
            lambda: self.client.send_letter_notification(self.template, values, reference=envelope.key),
        )
