"""An OpenID provider on a loopback port, for tests: Authlib's side of a provider, with real keys and tokens.

It checks what a provider must (client, redirect address, PKCE, nonce, each code once). It can be told to
misbehave: in what its tokens say, how they are signed, and how it answers.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from luwte.desk.portal.broker import Broker

CLIENT = "luwte-desk"
SECRET = "a-secret-of-more-than-thirty-two-characters"
HIGH, LOW = "urn:test:substantial", "urn:test:basic"
BSN = "999990019"
"""A number for tests, of nobody."""
PAGE = b"""<!doctype html><html lang="en"><title>Sign in</title><main><h1>Sign in</h1>
<form method="post"><button name="act" value="yes">Yes, it is me</button>
<button name="act" value="no">Stop</button></form></main></html>"""

Claims = dict[str, Any]


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """A code, and what it was given for."""

    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    user: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None


@dataclass
class Client(ClientMixin):  # type: ignore[misc]
    """The desk, as the provider knows it."""

    back: str
    key: RSAKey | ECKey | None = None

    def get_client_id(self) -> str:
        return CLIENT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == ("private_key_jwt" if self.key else "client_secret_basic")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Provider:
    """What the provider is, knows and was asked.

    `says`: changes what a token says before it is signed; `signs`: signs in another way. `answers`: by path,
    what it answers instead, as status, headers and content. `slow`: by path, seconds between two bytes.
    """

    now: Callable[[], datetime]
    client: Client
    url: str = ""
    user: str = BSN
    level: str = HIGH
    keys: list[RSAKey] = field(default_factory=lambda: [new_key("one")])
    says: Callable[[Claims], Claims] | None = None
    signs: Callable[[Claims], str] | None = None
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    names_itself: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    assertions: set[str] = field(default_factory=set)

    def broker(self, **changes: Any) -> Broker:
        """Return the settings of a desk that knows this provider."""
        given = {"name": "TestiD", "issuer": self.url, "client": CLIENT, "levels": (HIGH,), "secret": SECRET}
        return Broker(**given | changes)

    def metadata(self) -> dict[str, Any]:
        """Return what it says of itself."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        itself = {"authorization_response_iss_parameter_supported": True} if self.names_itself else {}
        return {"issuer": self.url, **{one: f"{self.url}/{at}" for one, at in places.items()}, **itself}

    def sign(self, claims: Claims) -> str:
        """Return the token that says `claims`."""
        if self.signs:
            return self.signs(claims)
        return signed(self.keys[0], claims)

    def asked_at(self, path: str) -> list[dict[str, str]]:
        """Return what was asked at a path."""
        return [form for at, form in self.asked if at == path]


def new_key(name: str) -> RSAKey:
    """Return a key to sign tokens with."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def signed(key: RSAKey, claims: Claims, alg: str = "RS256", kid: str | None = None) -> str:
    """Return a token signed with `key`."""
    return jwt.encode({"alg": alg, "kid": kid or key.kid or "none"}, claims, key, [alg])


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Let `provider` answer on loopback."""

    class Handler(_Handler):
        state = provider
        server_side = _server(provider)

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.daemon_threads = True
    provider.url = f"http://127.0.0.1:{web.server_port}"
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


class _Request(OAuth2Request):  # type: ignore[misc]
    """Authlib takes only what came by HTTPS; in a test nothing does."""

    def __init__(self, method: str, path: str, query: Claims, form: Claims, headers: Any) -> None:
        super().__init__(method, f"https://provider{path}", headers=headers)
        self._query, self._form = query, form
        self.payload = BasicOAuth2Payload(query | form)

    @property
    def args(self) -> Claims:
        return self._query

    @property
    def form(self) -> Claims:
        return self._form


def _server(provider: Provider) -> AuthorizationServer:
    class Server(AuthorizationServer):  # type: ignore[misc]
        def query_client(self, client_id: str) -> Client | None:
            return provider.client if client_id == CLIENT else None

        def save_token(self, token: Claims, request: OAuth2Request) -> None:
            """Tokens are good for nothing more."""

        def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
            """Nobody listens."""

        def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
            return request

        def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
            return status, body, headers

    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "private_key_jwt"]

        def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
            data = request.payload.data
            names = ("nonce", "code_challenge", "code_challenge_method")
            provider.codes[code] = Code(
                request.payload.redirect_uri, request.scope, *(data[name] for name in names), provider.user
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            provider.codes = {
                name: one for name, one in provider.codes.items() if one is not authorization_code
            }

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.user

    class Tokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
            return any(one.nonce == nonce for one in provider.codes.values())

        def generate_user_info(self, user: str, scope: str) -> Claims:
            return {"sub": user, "acr": provider.level}

        def get_client_claims(self, client: Client) -> Claims:
            now = int(provider.now().timestamp())
            who = {"iss": provider.url, "aud": [client.get_client_id()]}
            return who | {"iat": now, "exp": now + 300, "auth_time": now}

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return provider.keys[0]

        def encode_id_token(self, token: Claims, request: OAuth2Request) -> str:
            said = jwt.decode(super().encode_id_token(token, request), provider.keys[0]).claims
            return provider.sign(provider.says(said) if provider.says else said)

    class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
        CLIENT_AUTH_METHOD = "private_key_jwt"

        def get_audiences(self) -> list[str]:
            return [f"{provider.url}/token"]

        def validate_jti(self, claims: Claims, jti: str) -> bool:
            new = jti not in provider.assertions
            provider.assertions.add(jti)
            return new

        def resolve_client_public_key(self, client: Client) -> RSAKey | ECKey | None:
            return client.key

    def token(**_: Any) -> Claims:
        return {"token_type": "Bearer", "access_token": f"at-{time.monotonic_ns()}", "scope": "openid"}

    server = Server()
    server.register_token_generator("default", token)
    server.register_client_auth_method("private_key_jwt", Assertion())
    server.register_grant(Grant, [CodeChallenge(required=True), Tokens(require_nonce=True)])
    return server


class _Handler(BaseHTTPRequestHandler):
    state: Provider
    server_side: AuthorizationServer

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._answer(dict(parse_qsl(self.rfile.read(length).decode())))

    def _answer(self, form: Claims) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        self.state.asked.append((parts.path, query | form))
        if parts.path in self.state.answers:
            self._send(*self.state.answers[parts.path])
        elif parts.path == "/.well-known/openid-configuration":
            self._say(200, self.state.metadata(), [])
        elif parts.path == "/keys":
            self._say(200, KeySet(list(self.state.keys)).as_dict(private=False), [])
        elif parts.path == "/token":
            self._say(*self.server_side.create_token_response(self._request(parts.path, query, form)))
        elif parts.path == "/authorize":
            self._authorize(self._request(parts.path, query, form), form)
        else:
            self._send(404, {}, b"")

    def _authorize(self, request: OAuth2Request, form: Claims) -> None:
        grant = self.server_side.get_consent_grant(request)
        if self.command == "GET":
            self._send(200, {"Content-Type": "text/html"}, PAGE)
            return
        user = self.state.user if form.get("act") == "yes" else None
        status, body, headers = self.server_side.create_authorization_response(request, user, grant)
        if self.state.names_itself:
            headers = [(name, f"{value}&iss={self.state.url}") for name, value in headers]
        self._say(status, body, headers)

    def _request(self, path: str, query: Claims, form: Claims) -> OAuth2Request:
        return _Request(self.command, path, query, form, self.headers)

    def _say(self, status: int, body: Any, headers: Any) -> None:
        content = json.dumps(body).encode() if body else b""
        self._send(status, {"Content-Type": "application/json"} | dict(headers), content)

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        pause = self.state.slow.get(urlsplit(self.path).path, 0.0)
        try:
            if pause:
                self._drip(content, pause)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    def _drip(self, content: bytes, pause: float) -> None:
        head = f"HTTP/1.0 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        for byte in head + content:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(pause)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""
