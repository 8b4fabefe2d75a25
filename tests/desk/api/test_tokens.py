"""Tokens: given for an id and a secret, short, less than asked never more, gone with their client."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from pytest_django import Settings

from luwte.base.clock import ManualClock
from luwte.desk.api import clients, tokens, tries
from luwte.desk.api.errors import ClientUnusable, ScopeUnknown
from luwte.desk.api.models import Client, Token, Tries
from luwte.desk.audit.models import Leaf
from tests.support.interface import ALL, FORM, Machine

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
PATH = "/api/v1/tokens"


@pytest.fixture
def known(clock: ManualClock) -> tuple[Client, str]:
    """A client with every scope, and its secret."""
    return clients.add("Police lab 7", ALL, clock.now())


def basic(name: str, secret: str) -> str:
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"


def test_a_secret_opens_and_is_kept_nowhere(machine: Machine, known: tuple[Client, str]) -> None:
    client, secret = known
    given = machine.token(client.id, secret)
    assert given.status == 200
    said = given.json()
    assert (said["token_type"], said["expires_in"], said["scope"]) == ("Bearer", 600, " ".join(ALL))
    assert machine.ask("GET", "/api/v1/events", token=said["access_token"]).status == 200
    kept = str([*Client.objects.values(), *Token.objects.values(), *Leaf.objects.values()])
    assert secret not in kept
    assert said["access_token"] not in kept


def test_a_form_may_show_the_secret_too(machine: Machine, known: tuple[Client, str]) -> None:
    client, secret = known
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": secret}
    assert machine.ask("POST", PATH, urlencode(form).encode(), kind=FORM).status == 200
    twice = machine.ask(
        "POST", PATH, urlencode(form).encode(), kind=FORM, Authorization=basic(client.id, secret)
    )
    assert (twice.status, twice.json()["error"]) == (400, "invalid_request")


def test_less_can_be_asked_for_and_never_more(machine: Machine, clock: ManualClock) -> None:
    client, secret = clients.add("lab", ["reports:write", "events:read"], clock.now())
    less = machine.token(client.id, secret, "events:read").json()
    assert less["scope"] == "events:read"
    refused = machine.deliver(less["access_token"], b"{}")
    assert (refused.status, refused.json()["type"]) == (403, "urn:luwte:problem:not-allowed")
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    for scope in ("cases:write", "events:read cases:write", "nonsense", "events:read\x00"):
        more = machine.token(client.id, secret, scope)
        assert (more.status, more.json()["error"]) == (400, "invalid_scope"), scope


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "unsupported_grant_type"),
        ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("&".join(f"a{number}=1" for number in range(30)), "invalid_request"),
        ("grant_type", "invalid_request"),
        ("grant_type=%ff", "invalid_request"),
        ("grant_type=\xff", "invalid_request"),
    ],
)
def test_a_form_that_is_none_is_refused(machine: Machine, form: str, error: str) -> None:
    answer = machine.ask("POST", PATH, form.encode("latin-1") or b"a=", kind=FORM)
    assert answer.status == 400
    assert answer.json()["error"] in (error, "unsupported_grant_type")
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_client_and_a_wrong_secret_look_the_same(
    machine: Machine, known: tuple[Client, str]
) -> None:
    client, secret = known
    wrong = [
        machine.token(client.id, secret[:-1]),
        machine.token("0" * 32, secret),
        machine.token("\x00\ud7ff", secret),
        machine.token("", ""),
        machine.ask("POST", PATH, b"grant_type=client_credentials", kind=FORM, Authorization="Basic ####"),
        machine.ask("POST", PATH, b"grant_type=client_credentials", kind=FORM, Authorization="Digest x"),
    ]
    assert {answer.status for answer in wrong} == {401}
    documents = [{**answer.json(), "instance": ""} for answer in wrong]
    assert all(document == documents[0] for document in documents)
    assert documents[0]["error"] == "invalid_client"
    assert all(answer.headers["www-authenticate"].startswith("Basic") for answer in wrong)


def test_tries_are_bounded_and_the_bound_ends(
    machine: Machine, known: tuple[Client, str], clock: ManualClock
) -> None:
    client, secret = known
    for _ in range(tries.LIMIT):
        assert machine.token(client.id, "wrong").status == 401
    bounded = machine.token(client.id, secret)
    assert bounded.status == 429
    assert 0 < int(bounded.headers["retry-after"]) <= 15 * 60
    assert Tries.objects.count() == 1
    assert "127.0.0.1" not in str(Tries.objects.values())
    clock.advance(tries.SPAN + timedelta(seconds=1))
    assert machine.token(client.id, secret).status == 200
    machine.token(client.id, "wrong")
    assert Tries.objects.get().failed == 1


def test_a_token_ends_with_its_time(machine: Machine, clock: ManualClock) -> None:
    token = machine.let_in()
    clock.advance(tokens.LASTS - timedelta(seconds=1))
    assert machine.ask("GET", "/api/v1/events", token=token).status == 200
    clock.advance(timedelta(seconds=1))
    over = machine.ask("GET", "/api/v1/events", token=token)
    assert (over.status, 'error="invalid_token"' in over.headers["www-authenticate"]) == (401, True)


def test_a_client_that_ended_opens_nothing_at_once(
    machine: Machine, known: tuple[Client, str], clock: ManualClock
) -> None:
    client, secret = known
    token = machine.token(client.id, secret).json()["access_token"]
    clients.end(client.id, clock.now())
    assert machine.ask("GET", "/api/v1/events", token=token).status == 401
    assert machine.token(client.id, secret).status == 401
    acts = list(Leaf.objects.filter(about=client.id).order_by("id").values_list("act", flat=True))
    assert acts == ["api.client-added", "api.client-ended"]


def test_tokens_of_one_client_are_bounded(
    machine: Machine, known: tuple[Client, str], monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    client, secret = known
    monkeypatch.setattr(tokens, "TOKENS_AT_ONCE", 3)
    assert [machine.token(client.id, secret).status for _ in range(4)] == [200, 200, 200, 429]
    clock.advance(tokens.LASTS)
    assert machine.token(client.id, secret).status == 200
    assert Token.objects.count() == 1, "what is over is not kept"


@pytest.mark.parametrize("token", ["", "x", "a b", "\u00e9", "x" * 5_000])
def test_what_is_no_token_opens_nothing(machine: Machine, token: str) -> None:
    answer = machine.ask("GET", "/api/v1/events", Authorization=f"Bearer {token}")
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")


def test_a_certificate_binds_where_the_proxy_says_it(
    machine: Machine, clock: ManualClock, settings: Settings
) -> None:
    """RFC 8705: without the setting a header that a caller writes is not believed."""
    mark = "AB:" * 31 + "AB"
    client, secret = clients.add("lab", ALL, clock.now(), certificate=mark)
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": secret}
    body = urlencode(form).encode()

    def status(**headers: str) -> int:
        return machine.ask("POST", PATH, body, kind=FORM, **headers).status

    assert status(X_Certificate="ab" * 32) == 401, "no header is believed"
    settings.API_CERTIFICATE_HEADER = "X-Certificate"
    assert status(X_Certificate="ab" * 32) == 200
    assert status(X_Certificate="cd" * 32) == 401
    assert status() == 401
    given = machine.ask("POST", PATH, body, kind=FORM, X_Certificate="ab" * 32).json()["access_token"]
    assert machine.ask("GET", "/api/v1/events", token=given).status == 401, "a token without its certificate"
    assert machine.ask("GET", "/api/v1/events", token=given, X_Certificate="ab" * 32).status == 200


@pytest.mark.parametrize(("name", "certificate"), [("", ""), ("a\x00b", ""), ("x" * 201, ""), ("lab", "ab")])
def test_what_no_client_can_have_is_refused(clock: ManualClock, name: str, certificate: str) -> None:
    with pytest.raises(ClientUnusable):
        clients.add(name, ALL, clock.now(), certificate=certificate)


@pytest.mark.parametrize("scopes", [[], ["people:read"], ["reports:write", ""]])
def test_a_scope_that_there_is_not_is_refused(clock: ManualClock, scopes: list[str]) -> None:
    with pytest.raises(ScopeUnknown):
        clients.add("lab", scopes, clock.now())
