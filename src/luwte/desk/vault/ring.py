"""Where the key ring of the desk is, and changing it: one process at a time, the file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from luwte.base.errors import BadInput
from luwte.base.files import make_folder
from luwte.base.locks import exclusive
from luwte.crypto.keyring import KeyRing, KeyRingUnreadable, parse_key_ring, read_key_ring
from luwte.crypto.token import TokenKeys, TokenUnusable
from luwte.desk.vault.place import KEYS_FILE, vault_folder

ENVIRONMENT = "LUWTE_DESK_KEYS"
TOKEN_MODULE, TOKEN_LABEL = "LUWTE_TOKEN_MODULE", "LUWTE_TOKEN_LABEL"
TOKEN_PIN, TOKEN_PIN_FILE = "LUWTE_TOKEN_PIN", "LUWTE_TOKEN_PIN_FILE"
LONGEST_PIN = 255
_LOCK = ".keys-in-change"


class RingNotInFile(BadInput):
    """The ring is in the environment, which no program can change."""

    def __init__(self) -> None:
        super().__init__(
            f"The key ring is in {ENVIRONMENT} itself and cannot be changed here. Put it into a file of mode "
            f"0600 and give {ENVIRONMENT} the name of that file."
        )


def ring_file() -> Path | None:
    """Return the file of the key ring, which need not be there; None when the environment holds the ring."""
    given = os.environ.get(ENVIRONMENT, "")
    if given.lstrip().startswith("{"):
        return None
    return Path(given) if given else vault_folder() / KEYS_FILE


def key_ring() -> KeyRing:
    """Return the desk's key ring: from LUWTE_DESK_KEYS (the ring itself or its file), or from the home.

    Raises `KeyRingMissing` or `KeyRingUnreadable`, also when others than its owner can read it in the home;
    `TokenUnusable` or `TokenFailed` for one in a token.
    """
    path = ring_file()
    if path is None:
        return parse_key_ring(os.environ[ENVIRONMENT], ENVIRONMENT, token)
    try:
        status = path.stat()
    except OSError:
        return read_key_ring(path, token)
    if not os.environ.get(ENVIRONMENT) and status.st_mode & 0o077:
        raise KeyRingUnreadable(f"Other users can read the key ring {path}. Run `chmod 600 {path}` first.")
    return _read(path, status.st_mtime_ns, status.st_ino)


def change_ring(change: Callable[[KeyRing], KeyRing]) -> KeyRing:
    """Put `change` of the ring that is there now in its place, and return it. Raises `RingNotInFile`."""
    path = ring_file()
    if path is None:
        raise RingNotInFile
    with exclusive(make_folder(path.parent / _LOCK)):
        before = read_key_ring(path, token)
        after = change(before)
        if after is not before:
            after.write(path)
    return after


def token(label: str) -> TokenKeys:
    """Return the token `label`, as the environment says where it is; sessions are kept. See `key_ring`."""
    module, pin = os.environ.get(TOKEN_MODULE, ""), _pin()
    if not module or not pin:
        raise TokenUnusable(
            f"The key ring is in the token {label!r}. Set {TOKEN_MODULE} to the library of that token and "
            f"{TOKEN_PIN_FILE} to a file with its PIN."
        )
    return _token(module, label, pin)


def token_of_settings() -> TokenKeys:
    """Return the token that LUWTE_TOKEN_LABEL names. Raises `TokenUnusable` without one."""
    label = os.environ.get(TOKEN_LABEL, "")
    if not label:
        raise TokenUnusable(f"Which token is meant is not said. Set {TOKEN_LABEL} to its label.")
    return token(label)


def _pin() -> str:
    file = os.environ.get(TOKEN_PIN_FILE)
    if not file:
        return os.environ.get(TOKEN_PIN, "")
    try:
        with Path(file).open() as found:
            return found.read(LONGEST_PIN).strip()
    except (OSError, UnicodeDecodeError):
        raise TokenUnusable(f"The PIN in {file} cannot be read. Check {TOKEN_PIN_FILE}.") from None


@lru_cache(maxsize=4)
def _token(module: str, label: str, pin: str) -> TokenKeys:
    return TokenKeys(module, label, pin)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int) -> KeyRing:
    return read_key_ring(path, token)
