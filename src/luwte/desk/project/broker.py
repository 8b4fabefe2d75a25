"""The broker through which people may sign in, from the environment; none without LUWTE_BROKER_ISSUER."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from luwte.desk.portal.broker import Broker
from luwte.desk.project.environment import SettingWrong, secret, web_address

LARGEST_KEY = 20_000
LEAST_BITS = 2048
_WORD = re.compile(r"[!-~]{1,200}")


def broker() -> Broker | None:
    """Return the broker that the environment names, or None. Raises `SettingWrong`."""
    if not os.environ.get("LUWTE_BROKER_ISSUER"):
        return None
    found = Broker(
        name=_name(),
        issuer=_issuer(),
        client=_word("LUWTE_BROKER_CLIENT"),
        levels=_levels(),
        secret=secret("LUWTE_BROKER_SECRET"),
        key=_key(),
        claim=_word("LUWTE_BROKER_CLAIM", "sub"),
        scope=_scope(),
    )
    if found.secret and found.key:
        raise SettingWrong(
            "This desk can show the broker who it is in one way. Give LUWTE_BROKER_SECRET_FILE or "
            "LUWTE_BROKER_KEY_FILE, not both."
        )
    return found


def _name() -> str:
    name = os.environ.get("LUWTE_BROKER_NAME", "").strip()
    if not name or len(name) > 40 or not name.isprintable():
        raise SettingWrong("LUWTE_BROKER_NAME is empty or too long. Write how people know it, such as DigiD.")
    return name


def _issuer() -> str:
    issuer = web_address("LUWTE_BROKER_ISSUER", "")
    parts = urlsplit(issuer)
    if parts.query or parts.fragment or parts.username or not parts.hostname:
        raise SettingWrong("LUWTE_BROKER_ISSUER is not the address of a broker. Write it as https://HOST/.")
    return issuer


def _word(name: str, default: str = "") -> str:
    value = os.environ.get(name, default)
    if not _WORD.fullmatch(value):
        raise SettingWrong(f"{name} is missing or not one word. Write it as the broker gave it.")
    return value


def _levels() -> tuple[str, ...]:
    """One at least: a broker with weak ways to sign in would else let in by the weakest."""
    levels = tuple(os.environ.get("LUWTE_BROKER_ACR", "").split())
    if not levels or not all(map(_WORD.fullmatch, levels)):
        raise SettingWrong(
            "LUWTE_BROKER_ACR names no level of assurance. Write each that is enough, as in the broker's "
            "tokens, with blanks between."
        )
    return levels


def _scope() -> str:
    words = os.environ.get("LUWTE_BROKER_SCOPE", "openid").split()
    if "openid" not in words or not all(map(_WORD.fullmatch, words)):
        raise SettingWrong("LUWTE_BROKER_SCOPE cannot be used. Write openid, and what more is needed.")
    return " ".join(words)


def _key() -> bytes:
    name = os.environ.get("LUWTE_BROKER_KEY_FILE")
    if not name:
        return b""
    try:
        with Path(name).open("rb") as file:
            content = file.read(LARGEST_KEY)
        key = load_pem_private_key(content, None)
    except (OSError, ValueError, TypeError):
        raise SettingWrong(
            "The file that LUWTE_BROKER_KEY_FILE names holds no private key that can be read. Give one in "
            "PEM, without a password."
        ) from None
    strong = isinstance(key, RSAPrivateKey) and key.key_size >= LEAST_BITS
    if not strong and not (isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)):
        raise SettingWrong(
            f"The key of LUWTE_BROKER_KEY_FILE cannot be used. Make one of RSA with {LEAST_BITS} bits or "
            "more, or of the curve P-256."
        )
    return content
