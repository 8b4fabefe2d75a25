"""OpenID Connect with a broker: where to send somebody, and who came back.

OpenID Connect Core 1.0, the code flow (3.1), with PKCE (RFC 7636, S256), a state and a nonce; Discovery 1.0
for the broker's addresses; RFC 9207 where it names itself in its answer. The keys are asked for each time, so
one that the broker withdrew counts no more. Authlib does the protocol, joserfc the signatures.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from luwte.desk.portal.attempt import Attempt
from luwte.desk.portal.broker import Broker
from luwte.desk.portal.fetching import Bounded, NotFetched

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Of signatures: with a key that only the broker has, never with a secret that both know, never none."""
SLACK = 60
"""Seconds by which two clocks may differ."""
KEPT = 600.0
"""Seconds for which the addresses of the broker are remembered."""
LONGEST = 255
"""Characters by which a broker may name somebody (`sub`: OpenID Connect Core 1.0, section 2)."""
_BY_NAME = (AuthlibBaseError, JoseError, requests.RequestException, NotFetched)
_WRONG = (*_BY_NAME, RecursionError, ValueError, TypeError, KeyError, AttributeError)
"""What an answer of any shape brings about in those who read it."""


class BrokerAway(Exception):
    """The broker gave no usable answer."""


class NotShown(Exception):
    """What came back does not show who somebody is; the reason is for who reads the code, not for a page."""


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of a broker; `names_itself`: it says in its answer who it is."""

    sign_in: str
    tokens: str
    keys: str
    names_itself: bool


_places: dict[str, tuple[float, Places]] = {}


def address(broker: Broker, attempt: Attempt, back: str) -> str:
    """Return the address of the broker to which somebody goes to sign in. Raises `BrokerAway`.

    Asked to show who they are, even when the broker still knows them: others may use the same browser.
    """
    with _session(broker, back) as session:
        found, _ = session.create_authorization_url(
            places(broker).sign_in,
            state=attempt.state,
            code_verifier=attempt.verifier,
            nonce=attempt.nonce,
            acr_values=" ".join(broker.levels),
            prompt="login",
        )
    return str(found)


def who(broker: Broker, attempt: Attempt, back: str, code: str, said: str, now: datetime) -> str:
    """Return what the broker's token says in `broker.claim`, for the `code` that came back.

    `said`: who answered, by the answer itself, empty when it does not say. Raises `BrokerAway`, or `NotShown`
    when the token is not of this broker, for this desk, of this attempt, of now, at a level that is enough.
    """
    there = places(broker)
    if said != broker.issuer and (said or there.names_itself):
        raise NotShown("another broker answered")
    try:
        with _session(broker, back) as session:
            given = session.fetch_token(
                there.tokens, code=code, code_verifier=attempt.verifier, grant_type="authorization_code"
            )
        keys = _keys(_object(broker, there.keys))
    except _WRONG as error:
        raise BrokerAway(type(error).__name__) from error
    try:
        return _shown(broker, attempt, given, keys, now)
    except _WRONG as error:
        raise NotShown(type(error).__name__) from error


def places(broker: Broker) -> Places:
    """Return the addresses of the broker, remembered for some minutes. Raises `BrokerAway`."""
    asked, kept = _places.get(broker.issuer, (0.0, None))
    if kept is not None and time.monotonic() - asked < KEPT:
        return kept
    place = f"{broker.issuer.rstrip('/')}/.well-known/openid-configuration"
    if not broker.may_ask(place):
        raise BrokerAway("its address is not safe")
    try:
        found = _read(broker, _object(broker, place))
    except _WRONG as error:
        raise BrokerAway(type(error).__name__) from error
    _places[broker.issuer] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Ask for the addresses of the broker anew next time."""
    _places.clear()


def _read(broker: Broker, said: dict[str, Any]) -> Places:
    if said["issuer"] != broker.issuer:
        raise ValueError("the broker has another name")
    named = [said[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(one, str) and broker.may_ask(one) for one in named):
        raise ValueError("an address of the broker is not safe")
    sign_in, tokens, keys = named
    return Places(sign_in, tokens, keys, said.get("authorization_response_iss_parameter_supported") is True)


def _keys(said: dict[str, Any]) -> KeySet:
    """Those to sign with; what else stands there, also of an unknown kind, is passed over (RFC 7517, 5)."""
    kinds: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}
    fit = [one for one in said["keys"] if one.get("kty") in kinds and one.get("use", "sig") == "sig"]
    return KeySet([kinds[one["kty"]].import_key(one) for one in fit])


def _object(broker: Broker, place: str) -> dict[str, Any]:
    """Return the JSON object that stands at an address of the broker."""
    with _session(broker, "") as session:
        answer = session.get(place, headers={"Accept": "application/json"}, withhold_token=True)
    found = json.loads(answer.content)
    if answer.status_code != 200 or not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _shown(broker: Broker, attempt: Attempt, given: Any, keys: KeySet, now: datetime) -> str:
    token = jwt.decode(given["id_token"], keys, algorithms=ALGORITHMS)
    known = {"nonce": attempt.nonce, "client_id": broker.client, "access_token": given.get("access_token")}
    claims = CodeIDToken(token.claims, token.header, {}, known)
    claims.validate(int(now.timestamp()), SLACK)
    if claims["iss"] != broker.issuer or claims["aud"] not in (broker.client, [broker.client]):
        raise NotShown("not of this broker, or not for this desk")
    if claims.get("acr") not in broker.levels:
        raise NotShown("not at a level that is enough")
    if min(claims["iat"], claims.get("auth_time", now.timestamp())) < attempt.begun - SLACK:
        raise NotShown("of before this attempt: perhaps of somebody else at this device")
    value = claims.get(broker.claim)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
        raise NotShown("says not who it is")
    return value


def _session(broker: Broker, back: str) -> OAuth2Session:
    """Return a client of the protocol whose requests are bounded."""
    key = _own_key(broker)
    session = OAuth2Session(
        broker.client,
        key or broker.secret,
        token_endpoint_auth_method="private_key_jwt" if key else "client_secret_basic",
        scope=broker.scope,
        redirect_uri=back,
        code_challenge_method="S256",
    )
    session.trust_env = False
    if key:
        session.register_client_auth_method(PrivateKeyJWT(alg="ES256" if isinstance(key, ECKey) else "RS256"))
    for scheme in ("https://", "http://"):
        session.mount(scheme, Bounded())
    return session


def _own_key(broker: Broker) -> ECKey | RSAKey | None:
    if not broker.key:
        return None
    try:
        return RSAKey.import_key(broker.key)
    except (JoseError, ValueError):
        return ECKey.import_key(broker.key)
