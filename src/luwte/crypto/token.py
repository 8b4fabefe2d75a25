"""Keys in a PKCS#11 token (an HSM; SoftHSM in tests): they are made there and never leave it.

Envelopes are those of `luwte.crypto.envelope`: only who does AES-256-GCM differs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from luwte.base.errors import BadInput, Failure
from luwte.crypto.envelope import KEY_BYTES, NONCE_BYTES, TAG_BYTES, EnvelopeBroken, header, key_id_of

if TYPE_CHECKING:
    from pkcs11 import Session

T = TypeVar("T")


class TokenUnusable(BadInput):
    """The token cannot be used as the settings say; the sentence says what to change."""


class TokenFailed(Failure):
    """The token answered with an error."""


@dataclass(slots=True)
class TokenKeys:
    """The keys of the token `label`, reached through the library `module` with `pin`."""

    module: str
    label: str
    pin: str = field(repr=False)
    _process: int = field(default=0, init=False, repr=False, compare=False)
    _session: Session | None = field(default=None, init=False, repr=False, compare=False)
    _found: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lock: RLock = field(default_factory=RLock, init=False, repr=False, compare=False)

    def seal(self, key_id: str, plaintext: bytes, place: str) -> bytes:
        """Return an envelope under `key_id`, bound to `place`. Raises `TokenFailed`."""
        nonce = os.urandom(NONCE_BYTES)
        mechanism = _gcm(nonce, place)
        sealed: bytes = self._asked(lambda: self._key(key_id).encrypt(plaintext, **mechanism))
        return header(key_id) + nonce + sealed

    def open(self, envelope: bytes, place: str) -> bytes:
        """Return the plaintext. Raises `EnvelopeBroken`; `TokenFailed` when the token does not answer."""
        key_id = key_id_of(envelope)
        rest = envelope[len(header(key_id)) :]
        mechanism = _gcm(rest[:NONCE_BYTES], place)
        if not self.has(key_id):
            raise EnvelopeBroken(
                f"The key {key_id} is not in the token {self.label}; restore it to read {place}."
            )
        pkcs11 = _pkcs11()
        broken = (pkcs11.EncryptedDataInvalid, pkcs11.GeneralError, pkcs11.FunctionFailed)
        try:
            found: bytes = self._asked(lambda: self._key(key_id).decrypt(rest[NONCE_BYTES:], **mechanism))
        except TokenFailed as error:
            if isinstance(error.__cause__, broken):
                raise EnvelopeBroken(
                    f"The sealed value of {place} was changed or moved; restore it."
                ) from error
            raise
        return found

    def has(self, key_id: str) -> bool:
        """Return whether the token has this key."""
        try:
            self._asked(lambda: self._key(key_id))
        except TokenFailed as error:
            if isinstance(error.__cause__, _pkcs11().NoSuchKey):
                return False
            raise
        return True

    def make(self, key_id: str) -> None:
        """Make an AES key of 256 bits that cannot be taken out."""
        pkcs11 = _pkcs11()
        template = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
        self._asked(
            lambda: self._open().generate_key(
                pkcs11.KeyType.AES, 8 * KEY_BYTES, label=_named(key_id), store=True, template=template
            )
        )

    def destroy(self, key_id: str) -> None:
        """Destroy a key for ever; one that is not there is no error."""
        if self.has(key_id):
            self._asked(lambda: self._key(key_id).destroy())
        self._found.pop(key_id, None)

    def _key(self, key_id: str) -> Any:
        pkcs11 = _pkcs11()
        session = self._open()
        if key_id not in self._found:
            self._found[key_id] = session.get_key(
                object_class=pkcs11.ObjectClass.SECRET_KEY,
                key_type=pkcs11.KeyType.AES,
                label=_named(key_id),
            )
        return self._found[key_id]

    def _open(self) -> Session:
        """A child of a process has no session of its parent's (PKCS#11 2.40, 6.6.1)."""
        pkcs11 = _pkcs11()
        if self._session is None or self._process != os.getpid():
            forked = self._process not in (0, os.getpid())
            library = pkcs11.lib(self.module)
            if forked:
                library.reinitialize()
            self._found.clear()
            token = library.get_token(token_label=self.label)
            try:
                self._session = token.open(rw=True, user_pin=self.pin)
            except pkcs11.UserAlreadyLoggedIn:  # another session of this process, which counts for all
                self._session = token.open(rw=True)
            self._process = os.getpid()
        return self._session

    def _asked(self, question: Callable[[], T]) -> T:
        pkcs11 = _pkcs11()
        with self._lock:
            try:
                return question()
            except (pkcs11.NoSuchToken, pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinLocked) as error:
                raise TokenUnusable(
                    f"There is no token {self.label!r}, or its PIN is wrong. Check LUWTE_TOKEN_LABEL and "
                    "LUWTE_TOKEN_PIN_FILE; a token locks itself after some wrong PINs."
                ) from error
            except (pkcs11.PKCS11Error, RuntimeError) as error:
                raise TokenFailed(
                    f"The token {self.label!r} does not answer ({type(error).__name__}). Check that it is "
                    "there and that LUWTE_TOKEN_MODULE is its library."
                ) from error


def _pkcs11() -> Any:
    """Return the package python-pkcs11. Raises `TokenUnusable` where it is not installed."""
    try:
        import pkcs11
    except ImportError:
        raise TokenUnusable(
            "The key ring is in a token, and the package python-pkcs11 is not here. "
            "Install it: pip install 'luwte[hsm]'."
        ) from None
    return pkcs11


def _gcm(nonce: bytes, place: str) -> dict[str, object]:
    pkcs11 = _pkcs11()
    parameters = pkcs11.GCMParams(nonce, aad=place.encode(), tag_bits=8 * TAG_BYTES)
    return {"mechanism": pkcs11.Mechanism.AES_GCM, "mechanism_param": parameters}


def _named(key_id: str) -> str:
    return f"luwte-{key_id}"
