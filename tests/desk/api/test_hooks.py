"""Webhooks: agreed first, signed, in order, at least once, later and later, never to a private address."""

from __future__ import annotations

import json
import socket
import threading
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pytest_django import Settings

from luwte.base.clock import ManualClock
from luwte.desk.api import clients, hooks, notices, sending
from luwte.desk.api.errors import ClientUnknown, ClientUnusable
from luwte.desk.api.models import Hook, Notice
from luwte.desk.api.outbox import LEASE, Sender, late, next_try
from luwte.desk.api.sending import AddressUnusable, NotReached, request, target_of
from luwte.desk.audit.models import Leaf
from tests.support.desk import NOON
from tests.support.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver on this machine, which the settings allow."""
    settings.API_PRIVATE_HOOKS = True
    with receiving() as found:
        yield found


@pytest.fixture
def hook(receiver: Receiver, clock: ManualClock) -> Hook:
    """A hook that leads there."""
    client, _ = clients.add("prosecution", ["events:read"], clock.now())
    return hooks.add(client.id, receiver.url, clock.now())


def something(clock: ManualClock, count: int = 1) -> list[str]:
    for number in range(count):
        notices.add("nl.luwte.report-registered.v1", f"/api/v1/reports/{number}", clock.now())
    return list(Notice.objects.order_by("-pk").values_list("event", flat=True)[:count])[::-1]


def test_what_is_sent_is_signed_and_says_no_more(hook: Hook, receiver: Receiver, clock: ManualClock) -> None:
    """Standard Webhooks (v1a), in the structured mode of CloudEvents."""
    event = something(clock)[0]
    assert Sender(clock).send_all() == 1
    headers, body = receiver.taken[0]
    assert headers["content-type"] == "application/cloudevents+json"
    assert headers["webhook-id"] == event == json.loads(body)["id"]
    assert headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    version, _, signature = headers["webhook-signature"].partition(",")
    key = Ed25519PublicKey.from_public_bytes(b64decode(hooks.public_key().removeprefix("whpk_")))
    signed = f"{event}.{headers['webhook-timestamp']}.".encode() + body
    assert version == "v1a"
    key.verify(b64decode(signature), signed)
    assert "authorization" not in headers
    assert receiver.asked[0]["webhook-request-origin"] == hooks.origin()


def test_each_goes_once_and_in_order(hook: Hook, receiver: Receiver, clock: ManualClock) -> None:
    events = something(clock, 7)
    assert Sender(clock).send_all() == 7
    assert Sender(clock).send_all() == 0
    assert [headers["webhook-id"] for headers, _ in receiver.taken] == events
    assert Hook.objects.get().lease == ""


def test_only_what_came_after_the_agreement_is_sent(receiver: Receiver, clock: ManualClock) -> None:
    something(clock)
    client, _ = clients.add("prosecution", ["events:read"], clock.now())
    hooks.add(client.id, receiver.url, clock.now())
    assert Sender(clock).send_all() == 0


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500, 503])
def test_who_does_not_take_it_is_tried_later_with_the_same(
    hook: Hook, receiver: Receiver, clock: ManualClock, status: int
) -> None:
    """No redirect is followed: it leads nowhere."""
    receiver.answers = [(status, {"Location": receiver.url}), (204, {})]
    events = something(clock, 2)
    assert Sender(clock).send_all() == 0
    assert len(receiver.taken) == 1
    assert [one.pk for one in late()] == [hook.pk]
    assert Sender(clock).send_all() == 0, "not at once"
    clock.advance(timedelta(minutes=1))
    assert Sender(clock).send_all() == 2
    assert [headers["webhook-id"] for headers, _ in receiver.taken] == [events[0], *events]
    assert late() == []


def test_nobody_there_is_tried_later(hook: Hook, clock: ManualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    Hook.objects.update(address=address)
    something(clock)
    assert Sender(clock).send_all() == 0
    assert Hook.objects.get().attempts == 1


def test_later_and_later_and_as_asked() -> None:
    now = NOON
    minutes = [(next_try(number, "", now) - now).total_seconds() / 60 for number in (1, 2, 3, 11, 40)]
    assert minutes == [1, 2, 4, 1024, 1440]
    assert next_try(1, "7200", now) - now == timedelta(hours=2)
    assert next_try(1, "999999", now) - now == timedelta(days=1)
    for nonsense in ("-5", "soon", "9" * 50, "\u0661"):
        assert next_try(1, nonsense, now) - now == timedelta(minutes=1)


def test_who_says_gone_is_sent_nothing_more(hook: Hook, receiver: Receiver, clock: ManualClock) -> None:
    receiver.answers = [(410, {})]
    something(clock, 2)
    assert Sender(clock).send_all() == 0
    ended = Hook.objects.get()
    assert (ended.ended_why, len(receiver.taken)) == ("gone", 1)
    assert Leaf.objects.filter(act="api.hook-ended", about=hook.id).count() == 1


def test_a_lease_keeps_the_other_sender_away_until_it_ends(
    hook: Hook, receiver: Receiver, clock: ManualClock
) -> None:
    something(clock)
    dead = Sender(clock)
    assert dead._lease() is not None
    assert Sender(clock).send_all() == 0
    clock.advance(LEASE + timedelta(seconds=1))
    assert Sender(clock).send_all() == 1


def test_a_hook_that_ended_meanwhile_is_not_moved(hook: Hook, receiver: Receiver, clock: ManualClock) -> None:
    something(clock, 2)
    sender = Sender(clock)
    leased = sender._lease()
    assert leased is not None
    clients.end(hook.client_id, clock.now())
    assert sender._mine(hook.pk) is None
    assert Sender(clock).send_all() == 0
    with pytest.raises(ClientUnknown):
        hooks.end(hook.pk, "again", clock.now())


@pytest.mark.parametrize("allows", ["", "elsewhere.example", "local host"])
def test_who_does_not_agree_is_sent_nothing(receiver: Receiver, clock: ManualClock, allows: str) -> None:
    receiver.allows = allows
    client, _ = clients.add("prosecution", ["events:read"], clock.now())
    with pytest.raises(AddressUnusable, match="did not agree"):
        hooks.add(client.id, receiver.url, clock.now())
    assert not Hook.objects.exists()


def test_the_own_name_is_agreement(receiver: Receiver, clock: ManualClock) -> None:
    receiver.allows = hooks.origin()
    client, _ = clients.add("prosecution", ["events:read"], clock.now())
    assert hooks.add(client.id, receiver.url, clock.now()).address == receiver.url


def test_a_client_without_the_scope_has_no_hook(receiver: Receiver, clock: ManualClock) -> None:
    client, _ = clients.add("lab", ["reports:write"], clock.now())
    with pytest.raises(ClientUnusable, match="events:read"):
        hooks.add(client.id, receiver.url, clock.now())
    assert receiver.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https:///x", "//example.org",
        "https://u:p@example.org/",
        "https://example.org/#x", "https://example.org:99999/", "https://exa mple.org/",
        "https://example.org/\u00e9",
        "https://example.org/\n", "https://" + "x" * 600, "", "http://127.0.0.1/", "https://[::1",
        "javascript:1",
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_good_are_refused(address: str) -> None:
    with pytest.raises(AddressUnusable):
        target_of(address)


@pytest.mark.parametrize(
    "found",
    [
        "127.0.0.1", "10.0.0.7", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1",
        "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.7", "64:ff9b::a00:7", "2002:a00:7::1", "ff02::1", "::",
        "::7f00:1", "::ffff:0:7f00:1", "fec0::1", "64:ff9b:1::a00:7", "2001::7f00:1",
    ],
)  # fmt: skip
def test_no_name_leads_into_a_private_network(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    """Also when only one of several addresses is private, and whatever it is written as."""
    family = socket.AF_INET6 if ":" in found else socket.AF_INET
    answers = [(socket.AF_INET, 1, 6, "", ("93.184.215.14", 443)), (family, 1, 6, "", (found, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it was connected to"))
    with pytest.raises(AddressUnusable, match="private network"):
        request("POST", "https://hook.example/", b"", {})


def test_the_address_that_was_checked_is_the_one_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere a moment later (DNS rebinding) is not asked twice."""
    asked: list[object] = []
    used: list[object] = []

    def once(*values: object, **_: object) -> list[tuple[object, ...]]:
        asked.append(values)
        return [(socket.AF_INET, 1, 6, "", ("93.184.215.14", 443))]

    def connect(address: object, *_: object) -> socket.socket:
        used.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", once)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotReached):
        request("POST", "https://hook.example/", b"", {})
    assert (len(asked), used) == (1, [("93.184.215.14", 443)])


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1", b"\x00" * 1000, b"HTTP/1.1 999999 x\r\n\r\n",
     b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500,
     b"HTTP/1.1 200 " + b"x" * 100_000],
)  # fmt: skip
def test_nonsense_is_no_answer(settings: Settings, answer: bytes) -> None:
    settings.API_PRIVATE_HOOKS = True
    with Talking(answer) as address, pytest.raises(NotReached):
        request("POST", address, b"{}", {})


def test_an_endless_answer_is_not_read(settings: Settings) -> None:
    settings.API_PRIVATE_HOOKS = True
    with Talking(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + b"x" * 100_000) as address:
        assert request("POST", address, b"{}", {}).status == 200


def test_who_answers_a_byte_at_a_time_is_cut_off(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_PRIVATE_HOOKS = True
    monkeypatch.setattr(sending, "DEADLINE", 0.5)
    with Talking(b"HTTP/1.1 200 OK\r\n" + b"x" * 10_000, drip=0.05) as address, pytest.raises(NotReached):
        request("POST", address, b"{}", {})


class Talking:
    """A server that says some bytes, whatever it is asked."""

    def __init__(self, answer: bytes, drip: float = 0) -> None:
        self.answer, self.drip, self.stop = answer, drip, threading.Event()

    def __enter__(self) -> str:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._talk)
        self.thread.start()
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}/"

    def _talk(self) -> None:
        try:
            wire, _ = self.listening.accept()
            with wire:
                wire.recv(65536)
                step = 1 if self.drip else max(1, len(self.answer))
                for start in range(0, len(self.answer), step):
                    wire.sendall(self.answer[start : start + step])
                    if self.drip and self.stop.wait(self.drip):
                        return
        except OSError:
            return

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.listening.close()
        self.thread.join()
