"""Age files (age-encryption.org/v1) of any size, read and written in pieces: memory stays flat."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Protocol

import pyrage

from luwte.base.errors import BadInput
from luwte.crypto.identity import Pieces

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]+")
_BUFFER = 1 << 20
MOST_RECIPIENTS = 64


class Sink(Protocol):
    """Takes what was decrypted; what it raises comes out of `decrypt_into`."""

    def write(self, content: bytes, /) -> int:
        """Take a piece and return its length."""
        ...

    def flush(self) -> None:
        """Nothing is kept back."""
        ...


def recipients_in(text: str, where: str) -> list[str]:
    """Return the age public keys in `text`: one a line, `#` begins a comment. Raises `BadInput`."""
    lines = [line.strip() for line in text.splitlines()]
    found = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    for line in found:
        check_recipient(line, where)
    return found


def check_recipient(key: str, where: str) -> None:
    """Raise `BadInput`, naming `where`, when `key` is no plain age public key."""
    if _SECRET.search(key.upper()):
        raise BadInput(f"{where} holds a secret key. Give the public one, which begins with age1.")
    try:
        known = str(pyrage.x25519.Recipient.from_str(key)) == key
    except pyrage.RecipientError:
        known = False
    if not known:
        raise BadInput(
            f"{where} holds what is no age public key. One begins with age1, and is a line by itself."
        )


def secret_keys_in(text: str, where: str) -> list[str]:
    """Return the age secret keys in `text`, as `age-keygen` writes them. Raises `BadInput` for none."""
    found = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    if not found or len(found) > MOST_RECIPIENTS or not all(map(_SECRET.fullmatch, found)):
        raise BadInput(f"{where} holds no age secret key. It is a line that begins with AGE-SECRET-KEY-1.")
    try:
        for one in found:
            pyrage.x25519.Identity.from_str(one)
    except pyrage.IdentityError:
        raise BadInput(f"The secret key in {where} is damaged. Take another copy of it.") from None
    return found


def encrypt_into(file: IO[bytes], pieces: Iterable[bytes], recipients: Sequence[str]) -> None:
    """Write `pieces` together to `file`, as an age file that each of `recipients` can open.

    What `pieces` or `file` raises comes out as it is.
    """
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    source, target = _Told(pieces), _Target(file)
    try:
        pyrage.encrypt_io(io.BufferedReader(source, _BUFFER), target, keys)
    except pyrage.EncryptError:
        raised = source.raised or target.raised
        if raised is None:
            raise
        raise raised from None


def decrypt_into(file: IO[bytes], sink: Sink, secret_keys: Sequence[str], where: str) -> None:
    """Give `sink` what one of `secret_keys` opens in the age file `file`, piece by piece, each one checked.

    Raises `BadInput`, naming `where`, when none of them opens it, or it is no age file, cut off or changed.
    """
    keys = [pyrage.x25519.Identity.from_str(one) for one in secret_keys]
    try:
        pyrage.decrypt_io(file, sink, keys)
    except pyrage.DecryptError as error:
        if "matching keys" in str(error):
            raise BadInput(
                f"{where} was encrypted for other keys than the one given. Give that of a recipient."
            ) from None
        raise BadInput(f"{where} is no age file, or only the beginning of one. Take another copy.") from None
    except OSError as error:  # what pyrage raises for a piece that does not fit its seal
        if error.errno is not None:
            raise
        raise BadInput(f"{where} was changed or cut off after it was written. Take another copy.") from None


class _Told(Pieces):
    """Keeps what its pieces raised: pyrage makes text of that."""

    raised: BaseException | None = None

    def readinto(self, target: WriteableBuffer, /) -> int:
        try:
            return super().readinto(target)
        except BaseException as error:
            self.raised = error
            raise


class _Target:
    """Keeps what writing to a file raised, for the same reason."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.raised: BaseException | None = None

    def write(self, content: bytes, /) -> int:
        try:
            return self._file.write(content)
        except BaseException as error:
            self.raised = error
            raise

    def flush(self) -> None:
        self._file.flush()
