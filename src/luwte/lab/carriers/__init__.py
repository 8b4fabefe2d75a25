"""Open a carrier (folder, archive, image, virtual disk) and walk over its files. Nothing is ever written."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from luwte.base.files import open_plain
from luwte.lab.carriers.carrier import (
    CHUNK_SIZE,
    Carrier,
    CarrierFile,
    Inside,
    Kind,
    Problem,
    State,
    Unreadable,
)
from luwte.lab.carriers.errors import (
    CarrierCannotBeOpened,
    CarrierIsEmpty,
    CarrierIsNotSupported,
    CarrierIsUnknown,
    LibraryIsMissing,
)

_FORMATS = ("folder", "ewf", "zip", "archived", "virtual", "raw")
_HEAD_SIZE = 4096


def open_carrier(path: Path, keys: Sequence[str] = ()) -> Carrier:
    """Open the carrier at `path` with the first format that knows it; raw images have no mark and come last.

    Each of `keys` (passwords, recovery keys) is tried on each encrypted volume in it.

    Raises `BadInput` (see `errors`) when it is missing, empty, cut off, damaged, encrypted, a later segment,
    of a kind that is not read, or when a segment or a needed library is missing.
    """
    from luwte.lab.carriers.unsupported import unsupported_kind

    head = _head(path)
    if kind := unsupported_kind(path, head):
        raise CarrierIsNotSupported(path, kind)
    for name in _FORMATS:
        try:
            module = import_module(f"luwte.lab.carriers.{name}")
            if module.detect(path, head):
                carrier: Carrier = module.open_path(path, keys)
                return carrier
        except ImportError as error:
            raise LibraryIsMissing(path, error.name or "of this kind") from error
    raise CarrierIsUnknown(path)


def _head(path: Path) -> bytes:
    """Return the first bytes of a file, nothing for a folder. A pipe or socket is refused, not waited on."""
    try:
        if path.is_dir():
            return b""
        with open_plain(path, disk=True) as file:
            head = file.read(_HEAD_SIZE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CarrierCannotBeOpened(path, reason) from error
    if not head:
        raise CarrierIsEmpty(path)
    return head


__all__ = [
    "CHUNK_SIZE",
    "Carrier",
    "CarrierFile",
    "Inside",
    "Kind",
    "Problem",
    "State",
    "Unreadable",
    "open_carrier",
]
