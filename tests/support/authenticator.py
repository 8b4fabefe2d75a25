"""A device that makes passkeys, in software: what a browser would send for it (WebAuthn level 2, ES256)."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from html import unescape
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
SEEN = FLAG.UP | FLAG.UV
ORIGIN = "http://testserver"


def asked(page: bytes) -> dict[str, Any]:
    """Return what a page asks of the device."""
    found = re.search(r'data-options="([^"]*)"', page.decode())
    assert found is not None, "the page asks for no passkey"
    options: dict[str, Any] = json.loads(unescape(found.group(1)))["publicKey"]
    return options


class Authenticator:
    """A device with one passkey; `counter`: how often it signed, zero when it does not count."""

    def __init__(self, *, counts: bool = True) -> None:
        self.id = token_bytes(32)
        self.counter = 0
        self._counts = counts
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any], origin: str = ORIGIN, flags: int = SEEN) -> str:
        """Return the answer to a page that lets one make a passkey."""
        public = ES256.from_cryptography_key(self._key.public_key())  # type: ignore[no-untyped-call]
        data = AttestedCredentialData.create(bytes(16), self.id, public)
        host = options["rp"]["id"]
        made = AuthenticatorData.create(_hash(host), FLAG(flags) | FLAG.AT, self.counter, bytes(data))
        return self._written(
            clientDataJSON=_said("webauthn.create", options["challenge"], origin),
            attestationObject=bytes(AttestationObject.create("none", made, {})),
        )

    def use(self, options: dict[str, Any], origin: str = ORIGIN, flags: int = SEEN) -> str:
        """Return the answer to a page that asks for a passkey."""
        self.counter += self._counts
        said = _said("webauthn.get", options["challenge"], origin)
        data = bytes(AuthenticatorData.create(_hash(options["rpId"]), FLAG(flags), self.counter))
        signed = self._key.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._written(clientDataJSON=said, authenticatorData=data, signature=signed)

    def _written(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )


def _said(kind: str, challenge: str, origin: str) -> bytes:
    return bytes(CollectedClientData.create(kind, websafe_decode(challenge), origin))


def _hash(host: str) -> bytes:
    return sha256(host.encode()).digest()
