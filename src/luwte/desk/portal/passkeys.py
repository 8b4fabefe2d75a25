"""Passkeys in the portal (WebAuthn level 2): what the browser is asked, and what its answer is worth.

A passkey has to be unlocked each time (user verification), and the browser finds it without a name. What it
shows beside it is the neutral name of the portal. Answers are foreign bytes: what is no answer is refused.
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from luwte.desk.pages.moment import now
from luwte.desk.portal.challenge import challenge, ours, spend

ENTER = "enter"
LONGEST_ANSWER = 16_384
"""Characters; that of an ordinary passkey has about a thousand."""
_HANDLE_BYTES = 32
_FOREIGN = (
    ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, RecursionError,
    NotImplementedError, struct.error, UnsupportedAlgorithm,
)  # fmt: skip
"""What reading bytes that are no answer may end in."""


class PasskeyWrong(Exception):
    """An answer of a browser that is none, or not to what was asked."""


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that was just made: its id, its id with its public key, its counter."""

    id: bytes
    credential: bytes
    count: int


def to_make(request: HttpRequest, purpose: str, known: Iterable[bytes]) -> str:
    """Return, as JSON, what the browser needs to make a passkey; none for a device with one of `known`."""
    # The handle is of nobody: a device that is asked by somebody else tells nothing by it.
    user = PublicKeyCredentialUserEntity(
        name=_name(), id=secrets.token_bytes(_HANDLE_BYTES), display_name=_name()
    )
    options, _ = _server(request).register_begin(
        user,
        [AttestedCredentialData(one) for one in known],
        ResidentKeyRequirement.REQUIRED,
        UserVerificationRequirement.REQUIRED,
        challenge=challenge(purpose, now()),
    )
    return json.dumps(dict(options))


def made(request: HttpRequest, text: str, purpose: str) -> Made:
    """Return the passkey that the browser made. Raises `PasskeyWrong`."""
    try:
        answer = RegistrationResponse.from_dict(_read(text))
        asked = answer.response.client_data.challenge
        found = _server(request).register_complete(_state(asked, purpose), answer)
        credential = found.credential_data
        if credential is None or not spend(asked):
            raise PasskeyWrong
        return Made(bytes(credential.credential_id), bytes(credential), int(found.counter))
    except _FOREIGN as error:
        raise PasskeyWrong from error


def to_enter(request: HttpRequest) -> str:
    """Return, as JSON, what the browser needs to use a passkey."""
    options, _ = _server(request).authenticate_begin(
        None, UserVerificationRequirement.REQUIRED, challenge=challenge(ENTER, now())
    )
    return json.dumps(dict(options))


class Shown:
    """A passkey that somebody shows: its `id`, and whether the signature is that of the one we know."""

    def __init__(self, request: HttpRequest, text: str) -> None:
        """Read the answer of the browser. Raises `PasskeyWrong`."""
        try:
            self._answer = AuthenticationResponse.from_dict(_read(text))
            self._asked = self._answer.response.client_data.challenge
            self._state = _state(self._asked, ENTER)
            self.id = bytes(self._answer.raw_id)
        except _FOREIGN as error:
            raise PasskeyWrong from error
        self._server = _server(request)

    def check(self, credential: bytes) -> int | None:
        """Return the counter of the passkey with this id and public key, None when it did not sign.

        The same for an answer that counted before.
        """
        try:
            self._server.authenticate_complete(
                self._state, [AttestedCredentialData(credential)], self._answer
            )
            count = int(self._answer.response.authenticator_data.counter)
        except _FOREIGN:
            return None
        return count if spend(self._asked) else None


def _server(request: HttpRequest) -> Fido2Server:
    """The origin must be our own, not only one below the same name."""
    host = request.get_host()
    own = f"{request.scheme}://{host}"
    entity = PublicKeyCredentialRpEntity(name=_name(), id=urlsplit(f"//{host}").hostname)
    return Fido2Server(entity, verify_origin=lambda origin: origin == own)


def _state(found: bytes, purpose: str) -> dict[str, Any]:
    if not ours(found, purpose, now()):
        raise PasskeyWrong
    return {"challenge": websafe_encode(found), "user_verification": UserVerificationRequirement.REQUIRED}


def _read(text: str) -> dict[str, Any]:
    if len(text) > LONGEST_ANSWER:
        raise PasskeyWrong
    found = json.loads(text)
    if not isinstance(found, dict):
        raise PasskeyWrong
    return found


def _name() -> str:
    return str(settings.MFA_TOTP_ISSUER)
