"""Coming in through the broker: who may, who not, and what a broker that is away or lies brings about."""

from __future__ import annotations

import hmac
import json
import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from joserfc.jwk import ECKey, RSAKey

from luwte.base.clock import ManualClock
from luwte.desk.audit.acts import Act
from luwte.desk.pages import moment
from luwte.desk.portal import attempt, fetching, openid
from luwte.desk.portal.pull import STEP
from luwte.desk.vault import brokered
from luwte.desk.vault import services as vault
from luwte.desk.vault.models import Leaf, LookUp
from luwte.desk.wishes.rules import Detail
from tests.support import provider as at
from tests.support.by_broker import BACK, arrive, come_back, connected, known, sign_in, standing
from tests.support.desk import NOON, someone
from tests.support.pages import words
from tests.support.provider import BSN, LOW, Claims, Provider, new_key, signed
from tests.support.stage import told

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
CLOSED, WRONG = "Wij kunnen u zo niet binnenlaten", "Inloggen is niet gelukt"


@pytest.fixture
def provider(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that behaves, known to the desk."""
    monkeypatch.setattr(fetching, "TIMEOUT", 2.0)
    monkeypatch.setattr(fetching, "DEADLINE", 3.0)
    with standing() as found:
        yield found


def is_in(client: Client) -> bool:
    return "/pauze/" in client.get("/").content.decode()


def test_without_a_broker_there_is_no_such_way() -> None:
    assert settings.BROKER is None
    client = Client()
    assert "/via/" not in client.get("/").content.decode()
    assert [client.get(path).status_code for path in ("/via/", "/via/terug/?code=1&state=2")] == [404, 404]


def test_a_process_without_a_secret_does_not_offer_it(provider: Provider) -> None:
    with known(provider, secret=""):
        assert "/via/" not in Client().get("/").content.decode()
        assert Client().get("/via/").status_code == 404


def test_who_is_known_comes_in_and_sees_their_messages(provider: Provider) -> None:
    connected(told("Noor", Detail.BANDS))
    client = Client()
    assert "Inloggen met TestiD" in words(client.get("/"))
    answer = sign_in(client)
    assert answer.status_code == 200
    assert "Voordat u verder" in words(answer)
    assert "Er is een bericht voor u" in words(client.get("/"))


def test_the_broker_is_asked_as_the_protocol_says(provider: Provider) -> None:
    client = Client()
    there = client.get("/via/")
    asked = dict(parse_qsl(urlsplit(there["Location"]).query))
    assert there["Referrer-Policy"] == "no-referrer"
    assert {name: asked[name] for name in ("response_type", "code_challenge_method", "prompt", "scope")} == {
        "response_type": "code", "code_challenge_method": "S256", "prompt": "login", "scope": "openid",
    }  # fmt: skip
    assert (asked["redirect_uri"], asked["acr_values"]) == (BACK, at.HIGH)
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    again = dict(parse_qsl(urlsplit(client.get("/via/")["Location"]).query))
    assert not {asked[name] for name in ("state", "nonce", "code_challenge")} & set(again.values())
    sign_in()
    (asked_for,) = provider.asked_at("/token")
    assert len(asked_for["code_verifier"]) >= 43


def test_the_cookie_of_an_attempt_comes_along_from_another_site_and_no_other_does(provider: Provider) -> None:
    client = Client()
    client.get("/via/")
    cookie = client.cookies["a"]
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"]) == ("Lax", True, 900)
    answer = sign_in(client)
    assert client.cookies["a"].value == ""
    assert answer.cookies["s"]["samesite"] == "Strict"


def test_who_has_nothing_here_may_not_come_in_and_nothing_tells_them_apart(provider: Provider) -> None:
    client = Client()
    closed = sign_in(client)
    assert CLOSED in words(closed)
    assert not is_in(client)
    connected(someone())
    let_in = sign_in()
    assert "Voordat u verder" in words(let_in)
    assert closed.status_code == let_in.status_code == 200
    assert len(closed.content) == len(let_in.content) == STEP
    assert set(closed.headers) == set(let_in.headers)
    sizes = [
        {name: len(one.OutputString()) for name, one in answer.cookies.items()} for answer in (closed, let_in)
    ]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize(
    "changes",
    [{"informed": False}, {"conflict": "certain"}, {"conflict": "doubt"}, {"deceased": True}],
    ids=str,
)
def test_who_may_not_come_in_alone_sees_what_a_stranger_sees(
    provider: Provider, changes: dict[str, Any]
) -> None:
    stranger = words(sign_in())
    person = connected(someone())
    vault.change_person(person.id, **changes)
    client = Client()
    assert words(sign_in(client)) == stranger
    assert not is_in(client)


def test_who_was_erased_or_whose_account_was_taken_away_is_a_stranger(provider: Provider) -> None:
    erased, former = connected(someone("Noor"), "1"), connected(someone("Piet"), "2")
    vault.erase(erased.id)
    assert brokered.disconnect(former.id, NOON)
    for provider.user in ("1", "2"):
        assert CLOSED in words(sign_in())
    assert not LookUp.objects.filter(kind="broker").exists()


def test_an_account_of_two_lets_in_neither(provider: Provider) -> None:
    account = brokered.mark(provider.url, "sub", BSN)
    for name in ("Noor", "Piet"):
        vault.change_person(someone(name).id, account=account)
    assert CLOSED in words(sign_in())


def test_signing_in_ends_the_visit_before_and_voids_links(provider: Provider) -> None:
    person = connected(someone())
    token = vault.sign_in_link(person.id, NOON)
    first, second = Client(), Client()
    sign_in(first)
    assert is_in(first)
    sign_in(second)
    assert (is_in(first), is_in(second)) == (False, True)
    assert Client().post(f"/in/{token}/").status_code == 410


def test_a_visit_begins_with_a_session_of_its_own(provider: Provider) -> None:
    connected(someone())
    client = Client()
    sign_in(client)
    before = client.cookies["s"].value
    client.cookies["s"] = before
    sign_in(client)
    assert client.cookies["s"].value != before
    assert is_in(client)


def test_what_the_broker_says_stands_nowhere(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    connected(someone("Noor"))
    client = Client()
    pages = [
        sign_in(client),
        client.get("/"),
        client.get("/mijn/gegevens/"),
        client.post("/mijn/gegevens/blad/"),
    ]
    assert all(BSN not in page.content.decode() for page in pages)
    provider.user = "999990020"
    sign_in()
    kept = str([list(model._default_manager.values_list()) for model in apps.get_models()])
    kept += str([one.get_decoded() for one in Session.objects.all()]) + str(vault.people(NOON))
    assert "Noor" in kept
    assert BSN not in kept
    assert "999990020" not in kept
    assert BSN not in caplog.text


def test_coming_in_is_recorded_and_so_is_that_nobody_did(provider: Provider) -> None:
    person = connected(someone())
    sign_in()
    provider.user = "nobody"
    sign_in()
    rows = Leaf.objects.filter(act=Act.BROKER_USED).order_by("id")
    assert [row.about for row in rows] == [person.id, ""]


def test_the_desk_shows_who_it_is_with_a_key(provider: Provider) -> None:
    connected(someone())
    for key in (RSAKey.generate_key(2048), ECKey.generate_key("P-256")):
        provider.client.key = key
        with known(provider, secret="", key=key.as_pem(private=True)):
            assert "Voordat u verder" in words(sign_in())
    assert len(provider.assertions) == 2
    with known(provider):
        assert WRONG in words(sign_in()), "the secret counts no more"


def test_a_broker_that_changes_its_key_is_believed_at_once(provider: Provider) -> None:
    connected(someone())
    assert "Voordat u verder" in words(sign_in())
    old = provider.keys[0]
    provider.keys = [new_key("two")]
    assert "Voordat u verder" in words(sign_in())
    provider.signs = lambda claims: signed(old, claims)
    assert WRONG in words(sign_in()), "the old key counts no more"


def test_keys_of_other_kinds_beside_the_brokers_do_not_matter(provider: Provider) -> None:
    connected(someone())
    others: list[Claims] = [
        {"kty": "later", "kid": "x"},
        {"kty": "oct", "k": "AAAA", "kid": "one"},
        {**provider.keys[0].as_dict(private=False), "use": "enc"},
    ]
    own = provider.keys[0].as_dict(private=False)
    provider.answers["/keys"] = (200, {}, json.dumps({"keys": [*others, own]}).encode())
    assert "Voordat u verder" in words(sign_in())
    provider.answers["/keys"] = (200, {}, json.dumps({"keys": others}).encode())
    assert WRONG in words(sign_in())


def changed(**others: Any) -> Callable[[Claims], Claims]:
    return lambda claims: claims | others


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def later(name: str, seconds: float) -> Callable[[Claims], Claims]:
    return lambda claims: claims | {name: claims[name] + seconds}


TOKENS: dict[str, Callable[[Claims], Claims]] = {
    "another nonce": changed(nonce="x" * 43),
    "no nonce": without("nonce"),
    "nonces": lambda claims: claims | {"nonce": [claims["nonce"], "x"]},
    "for another desk": changed(aud="another"),
    "for two desks": changed(aud=[at.CLIENT, "another"], azp=at.CLIENT),
    "by the word of another": changed(azp="another"),
    "no audience": without("aud"),
    "of another broker": changed(iss="https://other.example"),
    "of nobody": without("iss"),
    "over": later("exp", -361),
    "over for ever": changed(exp=float("-inf")),
    "ends never": changed(exp="never"),
    "without an end": without("exp"),
    "not yet": later("iat", 61),
    "of before the attempt": later("iat", -61),
    "of an earlier visit of somebody": later("auth_time", -61),
    "at a low level": changed(acr=LOW),
    "at no level": without("acr"),
    "at any level": lambda claims: claims | {"acr": [claims["acr"], LOW]},
    "about nobody": without("sub"),
    "about nothing": changed(sub=""),
    "about a number": changed(sub=999990019),
    "about too much": changed(sub="9" * 256),
    "with another access token": changed(at_hash="x"),
}


@pytest.mark.parametrize("says", TOKENS.values(), ids=TOKENS)
def test_a_token_that_shows_not_who_came_back_lets_nobody_in(
    provider: Provider, says: Callable[[Claims], Claims]
) -> None:
    connected(someone())
    provider.says = says
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, WRONG in words(answer)) == (400, True)
    assert not is_in(client)
    assert not Leaf.objects.filter(act=Act.BROKER_USED).exists()


def test_a_token_at_the_edge_of_its_time_counts(provider: Provider) -> None:
    connected(someone())
    for says in (later("exp", -359), later("iat", 60), later("iat", -60)):
        provider.says = says
        assert "Voordat u verder" in words(sign_in())


def _by_hand(alg: str, claims: Claims, secret: bytes = b"") -> str:
    """Return a token as no library makes it: with no signature, or one by a key that is public."""
    parts = [json.dumps(part).encode() for part in ({"alg": alg, "kid": "one"}, claims)]
    head = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.digest(secret, head, "sha256") if secret else b""
    return b".".join((head, urlsafe_b64encode(signature).rstrip(b"="))).decode()


SIGNATURES: dict[str, Callable[[Provider, Claims], str]] = {
    "none": lambda provider, claims: _by_hand("none", claims),
    "of another key": lambda provider, claims: signed(new_key("one"), claims),
    "of a key that is not the broker's": lambda provider, claims: signed(new_key("three"), claims),
    "with the public key as a secret": lambda provider, claims: _by_hand(
        "HS256", claims, provider.keys[0].as_pem(private=False)
    ),
    "with the desk's own secret": lambda provider, claims: _by_hand("HS256", claims, at.SECRET.encode()),
    "changed afterwards": lambda provider, claims: signed(provider.keys[0], claims)[:-8] + "AAAAAAAA",
    "no token": lambda provider, claims: "none.of.it",
    "nothing": lambda provider, claims: "",
}


@pytest.mark.parametrize("signs", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_that_is_not_the_brokers_lets_nobody_in(
    provider: Provider, signs: Callable[[Provider, Claims], str]
) -> None:
    connected(someone())
    provider.signs = lambda claims: signs(provider, claims)
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, WRONG in words(answer)) == (400, True)
    assert not is_in(client)


JSON = {"Content-Type": "application/json"}
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "a fault": (500, JSON, b"{}"),
    "a refusal": (400, JSON, b'{"error": "invalid_grant"}'),
    "no JSON": (200, JSON, b"<html>"),
    "no object": (200, JSON, b"[1]"),
    "an empty object": (200, JSON, b"{}"),
    "nothing": (200, JSON, b""),
    "no text": (200, JSON, b"\xff\xfe\xfd"),
    "too deep": (200, JSON, b"[" * 200_000),
    "too big": (200, JSON, b'{"a": "' + b"x" * fetching.LARGEST + b'"}'),
    "elsewhere": (302, {"Location": "http://127.0.0.1:9/"}, b""),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_broker_that_is_away_or_answers_garbage_gets_one_sentence_and_changes_nothing(
    provider: Provider, path: str, answer: tuple[int, dict[str, str], bytes]
) -> None:
    connected(someone())
    client = Client()
    before = Leaf.objects.count()
    provider.answers[path] = answer
    found = client.get("/via/") if path.startswith("/.well") else sign_in(client)
    assert WRONG in words(found)
    assert found.status_code in (400, 503)
    if (path, answer) != ("/token", ANSWERS["an empty object"]):
        assert "TestiD werkt nu niet" in words(found)
    assert not is_in(client)
    assert Leaf.objects.count() == before


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_broker_that_answers_byte_after_byte_is_left_in_time(
    provider: Provider, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "DEADLINE", 0.6)
    connected(someone())
    provider.slow[path] = 0.1
    client, begun = Client(), time.monotonic()
    found = client.get("/via/") if path.startswith("/.well") else sign_in(client)
    assert "TestiD werkt nu niet" in words(found)
    assert time.monotonic() - begun < 5
    assert not is_in(client)


def test_a_broker_that_does_not_answer_at_all_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", 0.3)
    openid.forget()
    with override_settings(BROKER=Provider(moment.now, at.Client(BACK), "http://127.0.0.1:9").broker()):
        assert "TestiD werkt nu niet" in words(Client().get("/via/"))


def test_no_more_than_some_wait_for_a_slow_broker_at_once(provider: Provider) -> None:
    for _ in range(2):
        assert fetching.AT_ONCE.acquire(blocking=False)
    try:
        assert "TestiD werkt nu niet" in words(Client().get("/via/"))
    finally:
        for _ in range(2):
            fetching.AT_ONCE.release()
    assert Client().get("/via/").status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://other.example"},
        {"authorization_endpoint": "http://other.example/authorize"},
        {"token_endpoint": "http://other.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": "https://user@other.example/token"},
        {"token_endpoint": 1},
    ],
    ids=str,
)
def test_a_broker_that_names_another_or_unsafe_address_is_not_asked(
    provider: Provider, change: dict[str, object]
) -> None:
    provider.metadata = lambda: Provider.metadata(provider) | change  # type: ignore[method-assign]
    assert "TestiD werkt nu niet" in words(Client().get("/via/"))


def test_a_broker_elsewhere_is_asked_by_https_alone() -> None:
    openid.forget()
    broker = Provider(moment.now, at.Client(BACK), "http://broker.example").broker()
    assert not broker.may_ask("http://broker.example/x")
    with override_settings(BROKER=broker):
        assert "TestiD werkt nu niet" in words(Client().get("/via/"))


def test_who_stops_at_the_broker_can_try_again(provider: Provider) -> None:
    client = Client()
    answer = arrive(client, come_back(client, "no"))
    assert (answer.status_code, WRONG in words(answer)) == (400, True)
    assert "Misschien stopte u" in words(answer)
    assert provider.asked_at("/token") == []


def test_an_answer_of_another_attempt_or_of_none_is_not_looked_at(provider: Provider) -> None:
    connected(someone())
    client, other = Client(), Client()
    back = come_back(client)
    come_back(other)
    query = parse_qs(urlsplit(back).query)
    code, state = query["code"][0], query["state"][0]
    tries = [
        (Client(), f"?code={code}&state={state}"),
        (other, f"?code={code}&state={state}"),
        (client, f"?code={code}&state="),
        (client, f"?code={code}"),
        (client, f"?code={code}&state={state}x"),
    ]
    for browser, asked in tries:
        kept = browser.cookies["a"].value if "a" in browser.cookies else None
        answer = browser.get(f"/via/terug/{asked}")
        assert (answer.status_code, WRONG in words(answer)) == (400, True), asked
        assert not is_in(browser)
        if kept:
            browser.cookies["a"] = kept
    assert provider.asked_at("/token") == []
    assert "Voordat u verder" in words(client.get(f"/via/terug/?code={code}&state={state}"))


@pytest.mark.parametrize("query", ["", "code=", f"code={'x' * 4001}"], ids=["none", "empty", "long"])
def test_an_answer_without_a_code_is_not_passed_on(provider: Provider, query: str) -> None:
    client = Client()
    state = parse_qs(urlsplit(client.get("/via/")["Location"]).query)["state"][0]
    assert client.get(f"/via/terug/?state={state}&{query}").status_code == 400
    assert provider.asked_at("/token") == []


def test_an_attempt_ends_after_a_while_and_counts_once(provider: Provider, clock: ManualClock) -> None:
    connected(someone())
    client = Client()
    back = come_back(client)
    clock.advance(attempt.LASTS)
    assert WRONG in words(arrive(client, back))
    back = come_back(client)
    clock.advance(-timedelta(seconds=1))
    assert WRONG in words(arrive(client, back)), "of later than now"
    back = come_back(client)
    assert "Voordat u verder" in words(arrive(client, back))
    asked = len(provider.asked_at("/token"))
    assert WRONG in words(arrive(client, back))
    assert len(provider.asked_at("/token")) == asked, "the broker is not even asked"


@pytest.mark.parametrize("content", ["", "x", "W10:x:y", "é"])
def test_a_cookie_that_the_desk_did_not_make_is_none(provider: Provider, content: str) -> None:
    client = Client()
    client.cookies["a"] = content
    assert client.get("/via/terug/?code=1&state=").status_code == 400


def test_a_broker_that_names_itself_in_its_answer_must_be_the_one_that_was_asked(provider: Provider) -> None:
    connected(someone())
    provider.names_itself = True
    assert "Voordat u verder" in words(sign_in())
    openid.forget()
    client = Client()
    back = come_back(client)
    assert WRONG in words(arrive(client, back.partition("&iss=")[0]))
    client = Client()
    back = come_back(client).partition("&iss=")[0]
    assert WRONG in words(arrive(client, f"{back}&iss=https://other.example"))


def test_the_exit_forgets_an_attempt_too(provider: Provider) -> None:
    client = Client()
    client.get("/via/")
    client.get("/uit/")
    assert client.cookies["a"].value == ""


def test_the_policy_of_the_pages_names_no_other_site(provider: Provider) -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert provider.url not in policy
    assert "form-action 'self'" in policy
