"""Text messages and letters through a stand-in of Notify that does not deduplicate and misbehaves as told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from luwte.base.errors import BadInput
from luwte.desk.telling.channels import notify as talking
from luwte.desk.telling.channels import posting
from luwte.desk.telling.channels.letter import LetterChannel
from luwte.desk.telling.channels.notify import service
from luwte.desk.telling.channels.port import Envelope, Fate, later, recognises
from luwte.desk.telling.channels.portal import PortalChannel
from luwte.desk.telling.channels.sms import SmsChannel
from luwte.desk.wishes.rules import Register
from luwte.desk.words.registry import text
from tests.support.notify import KEY, LETTER_TEMPLATE, SMS_TEMPLATE, Mood, Notify, running

URL = "https://portaal.example/"
SMS = Envelope("ab" * 16, "+31612345678", Register.DUTCH, datetime(2026, 3, 2, 12, tzinfo=UTC))
LETTER = replace(SMS, address="", name="N. Jansen", lines=("Straat 1", "1234ab Ons Dorp"))


@pytest.fixture
def notify(monkeypatch: pytest.MonkeyPatch) -> Iterator[Notify]:
    monkeypatch.setattr(posting, "SECOND_LOOK", 0.6)
    with running() as found:
        yield found


def sms(to: Notify, key: str = KEY) -> SmsChannel:
    return SmsChannel(service(to.url, key), SMS_TEMPLATE)


def letters(to: Notify) -> LetterChannel:
    return LetterChannel(service(to.url, KEY), LETTER_TEMPLATE, URL)


def test_a_text_message_carries_our_words_and_nothing_else(notify: Notify) -> None:
    receipt = sms(notify).deliver(SMS)
    (stored,) = notify.stored
    assert receipt.fate == Fate.DELIVERED
    assert receipt.text == f"accepted by Notify as {stored['id']}"
    assert stored | {"id": "", "status": ""} == {
        "id": "",
        "status": "",
        "type": "sms",
        "phone_number": "+31612345678",
        "template_id": SMS_TEMPLATE,
        "personalisation": {"text": text("contact.sms", "nl").body},
        "reference": SMS.key,
    }


def test_a_letter_carries_the_address_as_notify_wants_it(notify: Notify) -> None:
    assert letters(notify).deliver(LETTER).fate == Fate.DELIVERED
    words = text("contact.letter", "nl", url=URL)
    assert notify.stored[0]["personalisation"] == {
        "address_line_1": "N. Jansen",
        "address_line_2": "Straat 1",
        "address_line_3": "1234 AB  ONS DORP",
        "subject": words.subject,
        "text": words.body,
    }


def test_the_same_contact_twice_is_posted_once(notify: Notify) -> None:
    assert [sms(notify).deliver(SMS).fate for _ in range(3)] == [Fate.DELIVERED] * 3
    assert len(notify.stored) == 1


def test_a_process_that_dies_between_the_post_and_the_receipt_sends_nothing_twice(notify: Notify) -> None:
    program = (
        "import os, sys; from tests.desk.telling.channels.test_notify import *;"
        "from luwte.desk.telling.channels import posting;"
        "posting._accepted = lambda _: os.kill(os.getpid(), 9);"
        "SmsChannel(service(sys.argv[1], KEY), SMS_TEMPLATE).deliver(SMS)"
    )
    died = subprocess.run([sys.executable, "-c", program, notify.url], env=dict(os.environ), check=False)
    assert died.returncode == -9
    assert len(notify.stored) == 1
    assert sms(notify).deliver(SMS).fate == Fate.DELIVERED
    assert len(notify.stored) == 1


@pytest.mark.parametrize(
    ("mood", "fate", "stored"),
    [
        (Mood.FAILS_BEFORE, Fate.NOT_REACHED, 0),
        (Mood.FAILS_AFTER, Fate.DELIVERED, 1),
        (Mood.DROPS_BEFORE, Fate.UNKNOWN, 0),
        (Mood.DROPS_AFTER, Fate.DELIVERED, 1),
        (Mood.LATE, Fate.DELIVERED, 1),
        (Mood.TOO_MANY, Fate.NOT_REACHED, 0),
        (Mood.TOO_BIG, Fate.DELIVERED, 1),
        (Mood.MOVED, Fate.NOT_REACHED, 0),
    ],
)
def test_what_becomes_of_a_post_that_goes_wrong(notify: Notify, mood: Mood, fate: Fate, stored: int) -> None:
    notify.mood = mood
    assert sms(notify).deliver(SMS).fate == fate
    assert len(notify.stored) == stored
    assert not any("elsewhere" in asked for asked in notify.asked)


def test_an_answer_that_is_too_big_is_not_read(notify: Notify) -> None:
    notify.mood = Mood.TOO_BIG
    assert sms(notify).deliver(SMS).text == "Notify: created"


def test_a_message_under_another_reference_is_not_this_one(notify: Notify) -> None:
    notify.lists_all = True
    notify.store("sms", {"reference": "cd" * 16})
    sms(notify).deliver(SMS)
    assert [one["reference"] for one in notify.stored] == ["cd" * 16, SMS.key]


def test_a_post_that_found_nobody_listening_was_not_sent(
    notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = sms(replace(notify, url="http://127.0.0.1:9"))
    monkeypatch.setattr(channel, "_look", lambda _: None)
    monkeypatch.setattr(channel, "checked", True)
    assert channel.deliver(SMS).fate == Fate.NOT_REACHED


def test_a_lost_answer_with_nobody_to_ask_is_unknown(notify: Notify) -> None:
    channel = sms(notify)
    channel.deliver(replace(SMS, key="cd" * 16))
    notify.mood = Mood.DROPS_AFTER
    notify.looks_fail_after_post = True
    assert channel.deliver(SMS).fate == Fate.UNKNOWN
    assert len(notify.stored) == 2


def test_nothing_is_posted_while_it_cannot_be_looked_up(notify: Notify) -> None:
    notify.looks_fail = True
    assert sms(notify).deliver(SMS).fate == Fate.NOT_REACHED
    assert not any(asked.startswith("POST") for asked in notify.asked)


def test_nobody_listening_is_not_reached(notify: Notify) -> None:
    channel = sms(replace(notify, url="http://127.0.0.1:9"))
    assert channel.deliver(SMS).fate == Fate.NOT_REACHED


def test_a_slow_answer_ends_in_time(notify: Notify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talking, "DEADLINE", 0.3)
    notify.slow = 3
    begun = time.monotonic()
    assert sms(notify).deliver(SMS).fate == Fate.NOT_REACHED
    assert time.monotonic() - begun < 2


def test_a_wrong_key_stops_nobodys_channel(notify: Notify) -> None:
    wrong = KEY[:-1] + "3"
    receipt = sms(notify, wrong).deliver(SMS)
    assert (receipt.fate, receipt.cause) == (Fate.NOT_REACHED, "")
    assert receipt.text.startswith("Notify: 403 AuthError")


@pytest.mark.parametrize(
    ("refusal", "fate"),
    [
        ((400, "InvalidPhoneError", "Not a valid phone number +31612345678"), Fate.REFUSED),
        ((400, "ValidationError", "phone_number is too long"), Fate.REFUSED),
        ((400, "ValidationError", "Last line of address must be a postcode"), Fate.REFUSED),
        ((400, "BadRequestError", "Template not found"), Fate.NOT_REACHED),
        (
            (400, "BadRequestError", "Can't send to this recipient using a team-only API key"),
            Fate.NOT_REACHED,
        ),
        ((403, "BadRequestError", "Cannot send letters when service is in trial mode"), Fate.NOT_REACHED),
        ((403, "BadRequestError", "Cannot send to this address in trial mode"), Fate.NOT_REACHED),
        ((429, "TooManyRequestsError", "Exceeded send limits (50) for today"), Fate.NOT_REACHED),
    ],
)
def test_only_what_is_wrong_with_the_address_stops_the_channel(
    notify: Notify, refusal: tuple[int, str, str], fate: Fate
) -> None:
    notify.refusal = refusal
    receipt = sms(notify).deliver(SMS)
    assert receipt.fate == fate
    assert "612345678" not in receipt.text
    assert notify.stored == []


STATUSES = [
    *((status, Fate.DELIVERED, "") for status in sorted(talking.ON_ITS_WAY)),
    ("permanent-failure", Fate.REFUSED, "bounced"),
    ("temporary-failure", Fate.REFUSED, "bounced"),
    ("returned-letter", Fate.REFUSED, "returned"),
    ("validation-failed", Fate.REFUSED, "refused"),
    ("virus-scan-failed", Fate.REFUSED, "refused"),
    ("cancelled", Fate.REFUSED, "refused"),
    ("technical-failure", Fate.NOT_REACHED, ""),
    ("a new one", Fate.UNKNOWN, ""),
]


@pytest.mark.parametrize(("status", "fate", "cause"), STATUSES)
def test_each_status_is_followed(notify: Notify, status: str, fate: Fate, cause: str) -> None:
    channel = sms(notify)
    channel.deliver(SMS)
    notify.stored[0]["status"] = status
    receipt = later(channel, [SMS.key, "cd" * 16])[SMS.key]
    assert (receipt.fate, receipt.cause) == (fate, cause)
    assert list(later(channel, [SMS.key, "cd" * 16])) == [SMS.key]


@pytest.mark.parametrize(("status", "posts"), [("technical-failure", 2), ("permanent-failure", 1), ("x", 1)])
def test_only_what_notify_itself_failed_to_send_is_posted_again(
    notify: Notify, status: str, posts: int
) -> None:
    notify.status = status
    sms(notify).deliver(SMS)
    notify.status = "created"
    sms(notify).deliver(SMS)
    assert len(notify.stored) == posts


def test_of_two_messages_under_one_reference_the_one_that_may_arrive_counts(notify: Notify) -> None:
    for status in ("permanent-failure", "sending"):
        notify.status = status
        notify.store("sms", {"reference": SMS.key})
    receipt = sms(notify).deliver(SMS)
    assert (receipt.fate, len(notify.stored)) == (Fate.DELIVERED, 2)


def test_what_cannot_be_asked_says_nothing_later(notify: Notify) -> None:
    assert later(PortalChannel(), [SMS.key]) == {}
    notify.looks_fail = True
    assert later(sms(notify), [SMS.key]) == {}


@pytest.mark.parametrize(
    "held",
    [
        {"type": "sms", "body": "Politie: ((text))"},
        {"type": "email", "body": "((text))"},
        {"type": "sms"},
    ],
)
def test_a_template_with_words_that_are_not_ours_is_never_used(notify: Notify, held: dict[str, str]) -> None:
    notify.templates[SMS_TEMPLATE] = held
    assert sms(notify).deliver(SMS).fate == Fate.NOT_REACHED
    assert notify.stored == []


@pytest.mark.parametrize("number", ["", "0612345678", "+31061", "+31 612345678", "+3161234567890123", "x"])
def test_a_number_that_is_none_is_refused_before_notify_hears_of_it(notify: Notify, number: str) -> None:
    receipt = sms(notify).deliver(replace(SMS, address=number))
    assert (receipt.fate, receipt.cause) == (Fate.REFUSED, "refused")
    assert notify.asked == []


def test_an_address_that_is_none_is_refused_before_notify_hears_of_it(notify: Notify) -> None:
    assert letters(notify).deliver(replace(LETTER, lines=("Straat 1",))).fate == Fate.REFUSED
    assert notify.asked == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", KEY),
        ("http://notify.example", KEY),
        ("https://notify.example/api", KEY),
        ("ftp://notify.example", KEY),
        ("https://notify.example", ""),
        ("https://notify.example", "desk-1-2"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(url: str, key: str) -> None:
    with pytest.raises(BadInput, match="LUWTE_NOTIFY_"):
        service(url, key)


def test_the_key_is_never_shown() -> None:
    assert KEY not in repr(service("https://notify.example", KEY))


@pytest.mark.parametrize(("days", "known"), [(0, True), (5, True), (6, False), (400, False)])
def test_after_a_week_notify_recognises_nothing(notify: Notify, days: int, known: bool) -> None:
    later_on = SMS.now + timedelta(days=days)
    assert recognises(sms(notify), SMS.now, later_on) == known
    assert recognises(PortalChannel(), SMS.now, later_on)
