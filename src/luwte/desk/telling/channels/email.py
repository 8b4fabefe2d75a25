"""The neutral e-mail: the same for every reason; it says that there is a message, nothing more.

Subject, text, sender and size depend on the words chosen alone (rule T6). The Message-ID follows from the
idempotency key. SMTP (RFC 5321) cannot recognise a repetition, so the channel is not idempotent: it tells
apart what certainly did not arrive from what may have.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from luwte.desk.telling.channels.errors import ChannelSettingsWrong
from luwte.desk.telling.channels.neutral import check_neutral, check_url
from luwte.desk.telling.channels.port import Envelope, Fate, Receipt, without_person
from luwte.desk.words.registry import text

TIMEOUT = 10
_KEPT = re.compile(r"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w.])|queued as (?=\S*\d)[A-Za-z0-9.-]{1,40}")
"""A status (RFC 3463), and the number under which a message waits."""
_SENDER = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over. `security`: none, starttls or tls."""

    host: str
    port: int
    sender: str
    security: str = "none"
    user: str = ""
    password: str = ""


class EmailChannel:
    """Hands neutral e-mails to one SMTP server, which must answer for each within seconds."""

    idempotent = False

    def __init__(self, server: MailServer, url: str) -> None:
        check_url(url)
        self.server = server
        self.url = url

    def message(self, envelope: Envelope) -> EmailMessage:
        """Return the e-mail for `envelope`."""
        words = text("contact.email", envelope.words, url=self.url)
        message = EmailMessage(policy=SMTP)
        message["From"] = self.server.sender
        message["To"] = envelope.address
        message["Subject"] = words.subject
        message["Date"] = format_datetime(envelope.now)
        message["Message-ID"] = f"<{envelope.key}@{self.server.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(words.body, cte="7bit" if words.body.isascii() else "quoted-printable")
        return message

    def deliver(self, envelope: Envelope) -> Receipt:
        """Send the e-mail and return the answer; `UNKNOWN` when the answer to the text is missing."""
        content = self.message(envelope).as_bytes()
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return Receipt(Fate.NOT_REACHED, f"the mail server was not reached ({type(error).__name__})")
        try:
            return _send(connection, self.server.sender, envelope, content)
        finally:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        context = ssl.create_default_context()
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _send(connection: smtplib.SMTP, sender: str, envelope: Envelope, content: bytes) -> Receipt:
    """The answers before the text are harmless when lost; the answer to the text is not."""
    try:
        for answer in (connection.mail(sender), connection.rcpt(envelope.address)):
            if answer[0] not in (250, 251):
                return _refusal(answer, envelope)
    except (OSError, smtplib.SMTPException) as error:
        return Receipt(Fate.NOT_REACHED, f"the mail server stopped answering ({type(error).__name__})")
    try:
        answer = connection.data(content)
    except smtplib.SMTPDataError as error:
        return _refusal((error.smtp_code, error.smtp_error), envelope)
    except (OSError, smtplib.SMTPException) as error:
        return Receipt(Fate.UNKNOWN, f"no answer to the text ({type(error).__name__})")
    if answer[0] == 250:
        return Receipt(Fate.DELIVERED, _text(answer, envelope))
    return _refusal(answer, envelope)


def _refusal(answer: tuple[int, bytes | str], envelope: Envelope) -> Receipt:
    """4yz may be tried again later, 5yz not (RFC 5321, section 4.2.1)."""
    if 400 <= answer[0] < 500:
        return Receipt(Fate.NOT_REACHED, _text(answer, envelope))
    return Receipt(Fate.REFUSED, _text(answer, envelope), cause="refused")


def _text(answer: tuple[int, bytes | str], envelope: Envelope) -> str:
    """Return of an answer its codes and the number in the queue: its words may name who has the mailbox."""
    said = answer[1].decode("utf-8", "replace") if isinstance(answer[1], bytes) else answer[1]
    kept = " ".join([str(answer[0]), *(found.group() for found in _KEPT.finditer(said))])
    return without_person(kept, envelope)


def mail_server(settings: dict[str, str]) -> MailServer:
    """Return the server that `settings` (host, port, security, user, password, sender) names.

    Without a choice, one on this machine is spoken to plainly and any other only through STARTTLS.
    """
    host, port = settings["host"], settings["port"]
    security = settings["security"] or ("none" if host in ("localhost", "127.0.0.1", "::1") else "starttls")
    if not port.isdecimal() or not 0 < int(port) < 65536 or security not in ("none", "starttls", "tls"):
        raise ChannelSettingsWrong(
            "The mail server's settings cannot be used. LUWTE_SMTP_PORT is a number from 1 to 65535, "
            "LUWTE_SMTP_SECURITY is none, starttls or tls."
        )
    if not _SENDER.fullmatch(settings["sender"]):
        raise ChannelSettingsWrong(
            "The sender of e-mails cannot be used. Write LUWTE_MAIL_FROM as name@host, nothing else."
        )
    check_neutral("LUWTE_MAIL_FROM", settings["sender"])
    return MailServer(host, int(port), settings["sender"], security, settings["user"], settings["password"])
