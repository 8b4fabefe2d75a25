"""The demo's SMTP server keeps every mail that it receives, and says whether they look the same."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

from luwte.demo.mailbox import HOST, Mailbox, open_mailbox


def test_a_mail_is_kept_with_its_sender_recipient_subject_and_text() -> None:
    with open_mailbox() as mailbox:
        _send(mailbox, "een@demo.example", "Bericht", "Er staat iets klaar.\nGroet – een €")
    mail = mailbox.mails[0]
    assert (mail.sender, mail.recipient, mail.subject) == ("van@demo.example", "een@demo.example", "Bericht")
    assert mail.body == "Er staat iets klaar.\nGroet – een €"
    assert mailbox.to("een@demo.example") == [mail]
    assert mailbox.to("twee@demo.example") == []


def test_mails_that_differ_in_any_visible_part_do_not_look_the_same() -> None:
    with open_mailbox() as mailbox:
        assert mailbox.looks_the_same()
        _send(mailbox, "een@demo.example", "Bericht", "zelfde")
        _send(mailbox, "twee@demo.example", "Bericht", "zelfde")
        assert mailbox.looks_the_same()
        _send(mailbox, "drie@demo.example", "Bericht", "anders")
        assert not mailbox.looks_the_same()


def _send(mailbox: Mailbox, recipient: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "van@demo.example", recipient, subject
    message.set_content(text)
    with smtplib.SMTP(HOST, mailbox.port, timeout=10) as server:
        server.send_message(message)
