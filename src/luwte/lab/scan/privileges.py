"""The privileges of a process that root started (capabilities(7)), and giving up what reading can spare."""

from __future__ import annotations

import ctypes
from typing import Final

_VERSION_3: Final = 0x2008_0522
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2
NAMES: Final = {_DAC_OVERRIDE: "CAP_DAC_OVERRIDE", _DAC_READ_SEARCH: "CAP_DAC_READ_SEARCH"}


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def held() -> int:
    """Return the privileges in force in this thread, one bit each; 0 when they cannot be asked for."""
    sets = _asked()
    return 0 if sets is None else sets[0].effective | sets[1].effective << 32


def kept() -> int | None:
    """Return the one privilege that reading a carrier may need: to read what belongs to somebody else."""
    mine = held()
    return next((one for one in (_DAC_READ_SEARCH, _DAC_OVERRIDE) if mine & 1 << one), None)


def give_up() -> None:
    """Give up every privilege but `kept`, for good; without any this changes nothing."""
    sets = _asked()
    if sets is None or not held():
        return
    keep = kept()
    for number, part in enumerate(sets):
        mask = 0 if keep is None or keep // 32 != number else 1 << keep % 32
        part.effective &= mask
        part.permitted &= mask
        part.inheritable = 0
    ctypes.CDLL(None).capset(ctypes.byref(_Header(_VERSION_3, 0)), sets)


def _asked() -> ctypes.Array[_Sets] | None:
    sets = (_Sets * 2)()
    return None if ctypes.CDLL(None).capget(ctypes.byref(_Header(_VERSION_3, 0)), sets) else sets
