"""A maker whose keys everybody knows: a fuzzer cannot forge a signature, so the targets sign for it."""

from __future__ import annotations

import json
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from luwte.crypto.identity import Identity, PublicIdentity

_SEED: Final = bytes(range(32))
_RECIPIENT: Final = "age1su6tl9k4gyhjl9yce5xydjj8rdwyzfgyq47ustqp9jjyuht665as99xzrr"

MAKER: Final = Identity(_SEED, "")
"""Signs; it cannot receive."""

KNOWN: Final = PublicIdentity(
    Ed25519PrivateKey.from_private_bytes(_SEED).public_key().public_bytes_raw(), _RECIPIENT
)
"""What the readers trust. Nobody has the secret of its recipient."""


def document(form: str, schema: int, body: bytes) -> bytes:
    """Return the signed document of that format and schema with `body`, as `exchange.signed` writes it."""
    head = {"format": form, "schema": schema, "signer": KNOWN.id, "signature": MAKER.sign(body).hex()}
    opening = json.dumps(head, separators=(",", ":")).removesuffix("}").encode()
    return opening + b',"body":\n' + body + b"\n}\n"
