"""Encrypted volumes and the keys to them.

BitLocker by libbde, or by `bitlocker` where no NTFS is in it: passwords and recovery passwords of 48 digits.
LUKS 1 by libluksde and LUKS 2 by `luks2`: passphrases. Core Storage (FileVault 2) by libfvde: passwords and
recovery keys. Each attempt stretches a key for a second or so, which is why both the keys and the time for
them are bounded.
"""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from luwte.lab.carriers.carrier import Read, Unreadable
from luwte.lab.carriers.libyal import TROUBLE, Plain, Source

SECONDS: Final = 150.0
"""Processor time after which no further key is tried on a carrier; a silent reader is given up at 300."""

Attempt = Callable[[str | None], Any]
"""Opens with a key, or without; returns what is open, or None when it stays locked. Raises `TROUBLE`."""

_MOST_VOLUMES = 16
_LUKS_HEADER, _ACTIVE = 592, 0x00AC71F3
_MOST_ITERATIONS = 40_000_000  # of LUKS 1; its tools take a second or two for theirs, two million or so
UNREAD: Final = ": it is damaged, or of a kind that no key opens here"
_FLAW = "a part of the encrypted volume that cannot be read"


class Keys:
    """The keys that were given for a carrier, each tried on each encrypted volume while there is time."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = tuple(keys)
        self._left = SECONDS

    def open(self, attempt: Attempt) -> Any:
        """Return what `attempt` opens without a key or with one, or None when it stays locked."""
        began = time.process_time()
        try:
            return next(self._opened(attempt, began), None)
        finally:
            self._left -= time.process_time() - began

    def _opened(self, attempt: Attempt, began: float) -> Iterator[Any]:
        for key in (None, *self._keys):
            if key is not None and time.process_time() - began > self._left:
                return
            try:
                found = attempt(key)
            except TROUBLE:
                if key is None:
                    raise
                continue  # a key that cannot be one of this kind
            if found is not None:
                yield found

    def __bool__(self) -> bool:
        return bool(self._keys)

    @property
    def told(self) -> str:
        """Return the words about the keys for a volume that stays locked: none when no key was given."""
        if not self._keys:
            return ""
        many = len(self._keys) > 1
        given = f"no given key of {len(self._keys)} opens it" if many else "the given key does not open it"
        return f": {given}" + (" in the time there is" if self._left < 0 else "")


class StaysLocked(Exception):
    """No key opens an encrypted volume; `args[0]` says in words about the keys why, if any were given."""


def plain_volumes(kind: str, read: Read, size: int, keys: Keys) -> list[Plain | StaysLocked]:
    """Return what lies in the volume of `size` bytes behind `read`, encrypted in the way `kind`."""
    try:
        return [_plain(keys.open(attempt), keys) for attempt in _ATTEMPTS[kind](read, size)]
    except (*TROUBLE, Unreadable):
        return [StaysLocked(UNREAD if keys else "")]


def _plain(opened: Any, keys: Keys) -> Plain | StaysLocked:
    return StaysLocked(keys.told) if opened is None else Plain(opened, int(opened.get_size()), _FLAW)


def _bitlocker(read: Read, size: int) -> list[Attempt]:
    from luwte.lab.carriers.bitlocker import RECOVERY, BitLocker

    def attempt(key: str | None) -> Any:
        import pybde

        volume = pybde.volume()
        if key is not None and RECOVERY.fullmatch(key):
            volume.set_recovery_password("-".join(re.findall(r"\d{6}", key)))
        elif key is not None:
            volume.set_password(key)
        try:
            volume.open_file_object(Source(read, 0, size))
        except OSError:
            if key is None:
                raise
            return BitLocker(read, size, key)  # what it says of a right key when it finds no NTFS
        return None if volume.is_locked() else volume

    return [attempt]


def _luks(read: Read, size: int) -> list[Attempt]:
    if _iterations(read(0, _LUKS_HEADER)) > _MOST_ITERATIONS:
        raise OSError("it asks for too much work")

    def attempt(key: str | None) -> Any:
        import pyluksde

        if key is None:
            return None
        volume = pyluksde.volume()
        volume.set_password(key)
        volume.open_file_object(Source(read, 0, size))
        return None if volume.is_locked() else volume

    return [attempt]


def _iterations(header: bytes) -> int:
    """Return how often the header of a LUKS 1 volume has one passphrase hashed, over all its key slots."""
    header = header.ljust(_LUKS_HEADER, b"\0")
    slots = [struct.unpack_from(">LL", header, 208 + 48 * number) for number in range(8)]
    return sum(int.from_bytes(header[164:168], "big") + count for active, count in slots if active == _ACTIVE)


def _luks2(read: Read, size: int) -> list[Attempt]:
    from luwte.lab.carriers.luks2 import Luks2

    volume = Luks2(read, size)
    return [lambda key: volume if key is not None and volume.unlock(key) else None]


def _core_storage(read: Read, size: int) -> list[Attempt]:
    def opened() -> Any:
        import pyfvde

        disk, source = pyfvde.volume(), Source(read, 0, size)
        disk.open_file_object(source)
        disk.open_physical_volume_files_as_file_objects([source])
        return disk.get_volume_group()

    def attempt(number: int, key: str | None) -> Any:
        volume = opened().get_logical_volume(number)
        if volume.is_locked() and key is not None:
            volume.set_password(key)
            volume.set_recovery_password(key)
            volume.unlock()
        return None if volume.is_locked() else volume

    count = min(_MOST_VOLUMES, opened().get_number_of_logical_volumes())
    return [partial(attempt, number) for number in range(count)]


_ATTEMPTS: dict[str, Callable[[Read, int], list[Attempt]]] = {
    "BitLocker": _bitlocker,
    "LUKS": _luks,
    "LUKS 2": _luks2,
    "Core Storage": _core_storage,
}
