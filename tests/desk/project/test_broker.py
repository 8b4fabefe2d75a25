"""The settings of the broker: all of them or none, and `luwte desk check` when they are not safe."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import override_settings

from luwte.desk.portal.broker import Broker
from luwte.desk.project.broker import broker
from luwte.desk.project.checks import web
from luwte.desk.project.environment import SettingWrong

GIVEN = {
    "ISSUER": "https://broker.example/realm",
    "NAME": "DigiD",
    "CLIENT": "luwte",
    "SECRET": "s" * 40,
    "ACR": "urn:substantial urn:high",
}


def pem(key: object) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"LUWTE_BROKER_{name}", value)
    return monkeypatch


def test_without_an_address_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUWTE_BROKER_NAME", "DigiD")
    assert broker() is None


def test_a_broker_is_read_whole(given: pytest.MonkeyPatch) -> None:
    found = broker()
    assert found == Broker(
        "DigiD", GIVEN["ISSUER"], "luwte", ("urn:substantial", "urn:high"), secret=GIVEN["SECRET"]
    )
    assert (found.claim, found.scope) == ("sub", "openid")
    assert GIVEN["SECRET"] not in repr(found)
    given.setenv("LUWTE_BROKER_CLAIM", "urn:nl:bsn")
    given.setenv("LUWTE_BROKER_SCOPE", "openid  bsn")
    changed = broker()
    assert changed is not None
    assert (changed.claim, changed.scope) == ("urn:nl:bsn", "openid bsn")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "broker.example"),
        ("ISSUER", "https://broker.example/?a"),
        ("ISSUER", "https://user@broker.example/"),
        ("ISSUER", "https:///"),
        ("NAME", ""),
        ("NAME", "x" * 41),
        ("NAME", "Digi\nD"),
        ("CLIENT", ""),
        ("CLIENT", "two words"),
        ("ACR", ""),
        ("ACR", "é"),
        ("CLAIM", ""),
        ("SCOPE", "profile"),
        ("KEY_FILE", "/nowhere"),
    ],
)
def test_what_is_missing_or_wrong_is_said_by_name(given: pytest.MonkeyPatch, name: str, value: str) -> None:
    given.setenv(f"LUWTE_BROKER_{name}", value)
    with pytest.raises(SettingWrong, match=f"LUWTE_BROKER_{name}"):
        broker()


def test_a_key_in_place_of_a_secret(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    given.setenv("LUWTE_BROKER_KEY_FILE", str(file))
    file.write_bytes(pem(generate_private_key(SECP256R1())))
    with pytest.raises(SettingWrong, match="not both"):
        broker()
    given.delenv("LUWTE_BROKER_SECRET")
    for key in (generate_private_key(SECP256R1()), generate_rsa_key(65537, 2048)):
        file.write_bytes(pem(key))
        found = broker()
        assert found is not None
        assert found.key == file.read_bytes()
    for weak in (
        generate_private_key(SECP384R1()),
        generate_rsa_key(65537, 1024),
        Ed25519PrivateKey.generate(),
    ):
        file.write_bytes(pem(weak))
        with pytest.raises(SettingWrong, match="cannot be used"):
            broker()
    for content in (b"", b"\xff", b"-----BEGIN CERTIFICATE-----\nxx\n", b"x" * 30_000):
        file.write_bytes(content)
        with pytest.raises(SettingWrong, match="no private key"):
            broker()


@pytest.mark.parametrize(
    ("issuer", "secret", "found"),
    [
        ("https://broker.example", "s" * 32, set()),
        ("http://broker.example", "s" * 32, {"web.broker"}),
        ("http://127.0.0.1:8080", "s" * 32, {"web.broker-here"}),
        ("https://localhost", "s" * 32, {"web.broker-here"}),
        ("https://broker.example", "s" * 31, {"web.broker-secret"}),
        ("https://broker.example", "", {"web.broker-unshown"}),
    ],
)
def test_the_check_says_when_it_is_not_safe(issuer: str, secret: str, found: set[str]) -> None:
    one = Broker("DigiD", issuer, "luwte", ("high",), secret=secret)
    with override_settings(BROKER=one):
        assert {str(said.id) for said in web.the_broker_is_a_safe_one()} == found
    with override_settings(BROKER=None):
        assert list(web.the_broker_is_a_safe_one()) == []


@pytest.mark.parametrize(
    ("issuer", "address", "may"),
    [
        ("https://a.example", "https://b.example/token", True),
        ("https://a.example", "http://b.example/token", False),
        ("https://a.example", "http://127.0.0.1/token", False),
        ("http://127.0.0.1:1", "http://localhost:2/token", True),
        ("http://127.0.0.1:1", "http://b.example/token", False),
        ("https://a.example", "https://u@b.example/token", False),
        ("https://a.example", "https:///token", False),
        ("https://a.example", "ftp://a.example/", False),
    ],
)
def test_what_the_desk_may_ask(issuer: str, address: str, may: bool) -> None:
    assert Broker("x", issuer, "c", ("high",)).may_ask(address) is may
