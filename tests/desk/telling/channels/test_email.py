"""Neutral e-mail, handed to a real SMTP server that does as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from luwte.base.errors import BadInput
from luwte.desk.telling.channels.email import EmailChannel, MailServer, mail_server
from luwte.desk.telling.channels.port import Envelope, Fate
from luwte.desk.wishes.rules import Register
from luwte.desk.words.registry import text as words_of

ENVELOPE = Envelope("ab" * 16, "noor@example.org", Register.DUTCH, datetime(2026, 3, 2, 12, tzinfo=UTC))
SILENCE = b""


@contextmanager
def server(answers: dict[bytes, bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Give the port of a server that answers each word as told (`SILENCE` hangs up), and what it heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_talk, args=(listening, answers, heard))
        thread.start()
        try:
            yield listening.getsockname()[1], heard
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _talk(listening: socket.socket, answers: dict[bytes, bytes], heard: list[bytes]) -> None:
    try:
        connection, _ = listening.accept()
    except OSError:
        return
    standard = {b"220": b"220 ready", b"EHLO": b"250 hello", b"MAIL": b"250 ok", b"RCPT": b"250 ok"}
    standard |= {b"DATA": b"354 go", b".": b"250 queued as 7", b"QUIT": b"221 bye"} | answers
    with connection, connection.makefile("rwb") as lines:
        word, text = b"220", False
        while standard.get(word, b"250 ok") != SILENCE:
            if not text or word == b".":
                lines.write(standard.get(word, b"250 ok") + b"\r\n")
                lines.flush()
                text = word == b"DATA" and standard[b"DATA"].startswith(b"354")
            line = lines.readline()
            if not line:
                return
            heard.append(line)
            word = line.strip()[:4].upper() if not text else line.strip()


def channel(port: int) -> EmailChannel:
    """Return a channel to the server at `port`."""
    return EmailChannel(MailServer("127.0.0.1", port, "bericht@post.example"), "https://portaal.example/")


def test_delivered_mail_says_only_that_there_is_a_message() -> None:
    with server({}) as (port, heard):
        receipt = channel(port).deliver(ENVELOPE)
    assert (receipt.fate, receipt.text) == (Fate.DELIVERED, "250 queued as 7")
    text = b"".join(heard).decode()
    assert "Message-ID: <" + "ab" * 16 + "@post.example>" in text
    assert "https://portaal.example/" in text


@pytest.mark.parametrize(
    ("answers", "fate"),
    [
        ({b"220": b"421 busy"}, Fate.NOT_REACHED),
        ({b"220": SILENCE}, Fate.NOT_REACHED),
        ({b"MAIL": b"451 later"}, Fate.NOT_REACHED),
        ({b"MAIL": SILENCE}, Fate.NOT_REACHED),
        ({b"RCPT": b"450 grey"}, Fate.NOT_REACHED),
        ({b"RCPT": b"550 no such user"}, Fate.REFUSED),
        ({b"DATA": b"554 no"}, Fate.REFUSED),
        ({b"DATA": b"452 full"}, Fate.NOT_REACHED),
        ({b".": b"451 later"}, Fate.NOT_REACHED),
        ({b".": b"552 too big"}, Fate.REFUSED),
        ({b".": SILENCE}, Fate.UNKNOWN),
    ],
)
def test_what_certainly_did_not_arrive_is_told_apart_from_what_may_have(
    answers: dict[bytes, bytes], fate: Fate
) -> None:
    with server(answers) as (port, _):
        assert channel(port).deliver(ENVELOPE).fate == fate


def test_no_server_is_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert channel(port).deliver(ENVELOPE).fate == Fate.NOT_REACHED


def test_the_outside_is_the_same_for_every_reason_and_day() -> None:
    mail = channel(25)
    other = replace(ENVELOPE, key="cd" * 16, now=datetime(2027, 11, 22, 9, 5, tzinfo=UTC))
    one, two = (mail.message(envelope).as_bytes() for envelope in (ENVELOPE, other))
    assert len(one) == len(two)
    differing = {b"Date", b"Message-ID"}
    lines = zip(one.splitlines(), two.splitlines(), strict=True)
    assert {a.split(b":")[0] for a, b in lines if a != b} == differing


@pytest.mark.parametrize("words", Register)
def test_nothing_gives_away_what_it_is(words: Register) -> None:
    text = channel(25).message(replace(ENVELOPE, words=words)).as_string().lower()
    giveaways = [
        "luwte",
        "zaak",
        "case",
        "politie",
        "police",
        "misbruik",
        "abuse",
        "beeld",
        "image",
        "slachtoffer",
    ]
    assert [word for word in giveaways if word in text] == []


SETTINGS = {
    "host": "mail.example",
    "port": "25",
    "security": "",
    "user": "",
    "password": "",
    "sender": "a@b.c",
}


@pytest.mark.parametrize("words", Register)
def test_an_email_has_our_words_and_the_headers_that_it_needs_and_no_more(words: Register) -> None:
    mail = message_from_bytes(channel(25).message(replace(ENVELOPE, words=words)).as_bytes(), policy=default)
    filled = words_of("contact.email", words, url="https://portaal.example/")
    said = mail.get_content().replace("\r\n", "\n")
    assert (mail["Subject"], said) == (filled.subject, filled.body)
    assert {name: mail[name] for name in ("Date", "Auto-Submitted", "Message-ID")} == {
        "Date": "Mon, 02 Mar 2026 12:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{ENVELOPE.key}@post.example>",
    }
    needed = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
    assert set(mail.keys()) == needed | {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
    assert mail.get_content_type() == "text/plain"


def test_another_machine_is_spoken_to_only_in_secret() -> None:
    assert mail_server(SETTINGS).security == "starttls"
    assert mail_server(SETTINGS | {"host": "127.0.0.1"}).security == "none"


@pytest.mark.parametrize("wrong", [{"port": "0"}, {"port": "smtp"}, {"port": "65536"}, {"security": "ssl"}])
def test_settings_that_cannot_be_used_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="LUWTE_SMTP_PORT"):
        mail_server(SETTINGS | wrong)


@pytest.mark.parametrize(
    "sender", ["", "desk", "a@b\nBcc: x@y", "a@b\n", "Desk <a@b>", "\u00e9@b.c", "a b@c"]
)
def test_a_sender_that_cannot_stand_in_an_envelope_is_refused(sender: str) -> None:
    with pytest.raises(BadInput, match="LUWTE_MAIL_FROM"):
        mail_server(SETTINGS | {"sender": sender})


@pytest.mark.parametrize("url", ["", "portaal.example", "https://\u00e9/", "https://a\nb/", "https://a b/"])
def test_an_address_of_the_portal_that_cannot_stand_in_an_email_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="LUWTE_PORTAL_URL"):
        EmailChannel(mail_server(SETTINGS), url)


@pytest.mark.parametrize("sender", ["noreply@politie.example", "slachtoffers@post.example", "luwte@b.c"])
def test_a_sender_that_gives_away_what_it_is_is_refused(sender: str) -> None:
    with pytest.raises(BadInput, match="LUWTE_MAIL_FROM"):
        mail_server(SETTINGS | {"sender": sender})


def test_an_address_of_the_portal_that_gives_away_what_it_is_is_refused() -> None:
    with pytest.raises(BadInput, match="LUWTE_PORTAL_URL"):
        EmailChannel(mail_server(SETTINGS), "https://slachtoffers.example/")
