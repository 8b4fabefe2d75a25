"""A real SMTP server of the demo's own, on a loopback port of its own: it keeps what it receives."""

from __future__ import annotations

from asyncio.base_events import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail as it came in: the envelope's sender and recipient, the subject and the text."""

    sender: str
    recipient: str
    subject: str
    body: str


class Mailbox:
    """What came in, in order of arrival, and the `port` on which it came in."""

    def __init__(self) -> None:
        self.mails: list[ReceivedMail] = []
        self.port = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail for each recipient of `envelope`; the answer is SMTP's own."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        for recipient in envelope.rcpt_tos:
            self.mails.append(_received(message, envelope.mail_from or "", recipient))
        return "250 kept"

    def to(self, address: str) -> list[ReceivedMail]:
        """Return the mails to `address`."""
        return [mail for mail in self.mails if mail.recipient == address]

    def looks_the_same(self) -> bool:
        """Return whether sender, subject and text are the same in every mail, as T6 asks."""
        return len({(mail.sender, mail.subject, mail.body) for mail in self.mails}) <= 1


class _OnFreePort(Controller):
    """A controller that takes any free port and knows which before it tries itself out."""

    def _trigger_server(self) -> None:
        if isinstance(self.server, Server):
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """Give a mailbox that listens on a free loopback port until the block ends."""
    mailbox = Mailbox()
    controller = _OnFreePort(mailbox, hostname=HOST, port=0)
    controller.start()
    try:
        mailbox.port = controller.port
        yield mailbox
    finally:
        controller.stop()


def _received(message: EmailMessage, sender: str, recipient: str) -> ReceivedMail:
    text = message.get_body(("plain",))
    body = "\n".join(str(text.get_content()).splitlines()).strip() if isinstance(text, EmailMessage) else ""
    return ReceivedMail(sender, recipient, str(message["subject"] or ""), body)
