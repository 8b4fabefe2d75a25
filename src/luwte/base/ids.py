"""Opaque identifiers: random, so that neither order nor content can be read from them."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """Return 128 random bits as 32 lower-case hexadecimal characters."""
    return secrets.token_hex(16)
