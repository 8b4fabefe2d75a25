"""What a person is shown beforehand is what the channel hands over, in every register."""

from __future__ import annotations

import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from luwte.desk.portal.preview import Preview, preview
from luwte.desk.telling.addressing import trial_envelope
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.facts import Known
from luwte.desk.telling.ways import channels
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import PHONE, POST, Reach
from luwte.desk.wishes.rules import Channel, Choice, Detail, Register, Rhythm, Source
from luwte.desk.words.registry import text
from tests.desk.telling.channels.test_email import server
from tests.desk.telling.channels.test_print_folder import needs_pango
from tests.support import notify
from tests.support.choosing import answer
from tests.support.desk import NOON, Someone, someone
from tests.support.pages import enter, words
from tests.support.pdf import Pdf
from tests.support.stage import EARLIER, chooser

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]


def shown(person: Someone, channel: Channel, register: Register) -> Preview:
    found = preview(person.subject, Source.CASE, Choice(True, Rhythm.EACH, channel, words=register), NOON)
    assert found is not None
    return found


def handed(person: Someone, channel: Channel, register: Register) -> None:
    """Let the channel itself hand a contact over to the person."""
    envelope = trial_envelope(person.subject, channel, register, Known.behind(person.subject), NOON)
    assert channels()[channel].deliver(envelope).fate == Fate.DELIVERED


def spoken(one: Preview) -> str:
    return "\n\n".join(paragraph for said in one.said for paragraph in said.paragraphs)


@pytest.mark.parametrize("register", list(Register))
def test_the_mail_that_is_shown_is_the_mail_that_leaves(settings: Settings, register: Register) -> None:
    person = someone("Noor")
    with server({}) as (port, heard):
        settings.MAIL = settings.MAIL | {
            "host": "127.0.0.1",
            "port": str(port),
            "sender": "bericht@post.example",
        }
        settings.PORTAL_URL = "https://portaal.example/"
        one = shown(person, Channel.EMAIL, register)
        handed(person, Channel.EMAIL, register)
    start = [line.upper() for line in heard].index(b"DATA\r\n") + 1
    lines = [line.removeprefix(b".") if line.startswith(b"..") else line for line in heard[start:]]
    left = message_from_bytes(b"".join(lines[: lines.index(b".\r\n")]), policy=default)
    assert isinstance(left, EmailMessage)
    assert [row.value for row in one.rows] == [left["From"], left["To"], left["Subject"]]
    assert spoken(one) == left.get_content().replace("\r\n", "\n").strip()
    assert one.language == register[:2]


@pytest.mark.parametrize("register", list(Register))
def test_the_text_message_that_is_shown_is_the_one_that_leaves(
    settings: Settings, register: Register
) -> None:
    person = someone("Noor")
    vault.change_address(person.id, Reach(PHONE, "+31612345678"), now=NOON)
    with notify.running() as service:
        settings.NOTIFY = {"url": service.url, "key": notify.KEY, "sms": notify.SMS_TEMPLATE, "letter": ""}
        one = shown(person, Channel.SMS, register)
        handed(person, Channel.SMS, register)
    (left,) = service.stored
    assert spoken(one) == left["personalisation"]["text"].strip()
    assert [row.value for row in one.rows] == [left["phone_number"]]


@pytest.mark.parametrize("register", list(Register))
def test_the_letter_that_is_shown_is_the_one_that_leaves(settings: Settings, register: Register) -> None:
    person = someone("Noor")
    vault.change_address(person.id, Reach(POST, "Straat 1\n1234 ab Dorp"), now=NOON)
    with notify.running() as service:
        settings.NOTIFY = {"url": service.url, "key": notify.KEY, "sms": "", "letter": notify.LETTER_TEMPLATE}
        one = shown(person, Channel.LETTER, register)
        handed(person, Channel.LETTER, register)
    (left,) = service.stored
    values = left["personalisation"]
    lines = [values[f"address_line_{number}"] for number in (1, 2, 3)]
    assert [row.value for row in one.rows] == [", ".join(lines), values["subject"]]
    assert spoken(one) == values["text"].strip()


@needs_pango
def test_the_letter_of_ones_own_printer_is_the_one_that_is_shown(settings: Settings, tmp_path: Path) -> None:
    person = someone("Noor")
    vault.change_address(person.id, Reach(POST, "Straat 1\n1234 AB Dorp"), now=NOON)
    settings.LETTERS = {"folder": str(tmp_path), "sender": "Postbus 100, 1000 AA Amsterdam"}
    settings.NOTIFY = settings.NOTIFY | {"letter": ""}
    one = shown(person, Channel.LETTER, Register.DUTCH)
    handed(person, Channel.LETTER, Register.DUTCH)
    (made,) = tmp_path.glob("*.pdf")
    printed = " ".join(" ".join(part.text for part in Pdf(made.read_bytes()).shown()).split())
    for line in [one.rows[0].value, one.rows[2].value, *spoken(one).split("\n\n")]:
        assert "".join(line.split()) in "".join(printed.split())


@pytest.mark.parametrize("register", list(Register))
def test_the_call_is_what_the_care_worker_says(register: Register) -> None:
    person = someone("Noor")
    vault.change_person(person.id, today=NOON.date(), care_worker="Wim Zorg")
    one = shown(person, Channel.CARE_WORKER, register)
    worker = {"worker": "Wim Zorg"}
    expected = [text("call.opener", register, **worker), text("call.other", register, **worker)]
    assert spoken(one) == "\n\n".join(said.body.strip() for said in [*expected, text("call.talk", register)])


def test_a_call_by_nobody_yet_named_is_in_one_language() -> None:
    with translation.override("en"):
        one = shown(someone("Noor"), Channel.CARE_WORKER, Register.YOUTH)
    assert "je spreekt met een hulpverlener" in spoken(one)
    assert one.rows[0].value == "a care worker"


def test_nothing_is_shown_where_nothing_arrives_from_outside() -> None:
    person = someone("Noor")
    for choice in (
        Choice(False, channel=Channel.EMAIL),
        Choice(True, Rhythm.EACH, Channel.PORTAL),
        Choice(True, Rhythm.ON_REQUEST, Channel.CARE_WORKER),
        Choice(True, Rhythm.EACH, Channel.SMS),
        Choice(True, Rhythm.EACH, Channel.LAWYER),
    ):
        assert preview(person.subject, Source.CASE, choice, NOON) is None


def test_looking_hands_nothing_over(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.MAIL = settings.MAIL | {"host": "127.0.0.1", "port": str(closed.getsockname()[1])}
        closed.settimeout(0.2)
        person = chooser("Noor", channel=Channel.EMAIL)
        page = answer(enter(person), "detail", "something")
        assert "Er staat een bericht voor u klaar" in words(page)
        assert "noor@example.org" in words(page)
        with pytest.raises(TimeoutError):
            closed.accept()


def test_the_same_is_shown_for_every_source_and_detail(settings: Settings) -> None:
    """T6: the outside is the same whatever it is about."""
    settings.MAIL = settings.MAIL | {"host": "127.0.0.1", "port": "1"}
    person = someone("Noor")
    found = {
        repr(preview(person.subject, source, Choice(True, Rhythm.EACH, Channel.EMAIL, detail), NOON))
        for source in Source
        for detail in Detail
    }
    assert len(found) == 1
    assert EARLIER.isoformat() not in str(found)
