"""Codes that work once: those of an app, by the time (TOTP, RFC 6238), and recovery codes for paper.

The app's are six digits of HMAC-SHA-1 for each half minute, which every such app knows. One half minute
before and one after count too, for clocks that differ.
"""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

PERIOD = 30
"""Seconds that a code is shown."""
DIGITS = 6
DRIFT = 1
SECRET_BYTES = 20
"""As long as the hash, as RFC 4226 recommends (section 4, R6)."""
NUMBER_DIGITS = 12
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Of which recovery codes are made: none that looks like another on paper. Ten of them are 49 bits."""
_SECRET = re.compile(r"[A-Z2-7]{32}")


def new_secret() -> str:
    """Return a fresh secret of an app: 20 bytes in base32 (RFC 4648), 32 characters."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Return whether `text` can be a secret of `new_secret`."""
    return _SECRET.fullmatch(text) is not None


def code_at(secret: str, step: int) -> str:
    """Return the code of an app with `secret` in the half minute `step` since 1970 (RFC 4226, RFC 6238)."""
    algorithm = SHA1()  # noqa: S303 - what apps know (RFC 6238, 1.2) # nosec B303
    return HOTP(base64.b32decode(secret), DIGITS, algorithm).generate(step).decode()


def step_of(moment: datetime) -> int:
    """Return the number of the half minute that holds `moment`."""
    return int(moment.timestamp()) // PERIOD


def step_shown(secret: str, code: str, now: datetime, after: int) -> int | None:
    """Return the half minute of which an app with `secret` shows `code`; None when no code fits now.

    `after`: the half minute of the last code that was taken; it and earlier ones are refused (RFC 6238,
    section 5.2: a code counts once).
    """
    step = step_of(now)
    for one in range(max(step - DRIFT, after + 1), step + DRIFT + 1):
        if bytes_eq(code_at(secret, one).encode(), code.encode()):
            return one
    return None


def app_address(secret: str, name: str) -> str:
    """Return the address that an app reads from a picture; `name` is what it shows beside the code."""
    return f"otpauth://totp/{quote(name)}?{urlencode({'secret': secret, 'issuer': name})}"


def new_number() -> str:
    """Return a fresh number to come in by: 12 random digits that say nothing."""
    return f"{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}}"


def new_recovery_codes() -> list[str]:
    """Return ten fresh recovery codes as they are written down: `k7mpx-2dq4r`."""
    made = ("".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return [f"{one[:5]}-{one[5:]}" for one in made]


def plain(text: str) -> str:
    """Return a number or a code without what makes it easy to read as it was typed; at most 64 characters."""
    return "".join(letter for letter in text[:64].casefold() if letter.isalnum())
