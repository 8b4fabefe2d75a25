"""Why a carrier as a whole cannot be read; each message says what, where and what to do."""

from __future__ import annotations

from pathlib import Path

from luwte.base.errors import BadInput
from luwte.lab.carriers.carrier import Kind
from luwte.lab.carriers.names import printable

KINDS_READ = "a folder, an archive, a raw image (single or split), an E01 image or a virtual disk"


class CarrierCannotBeOpened(BadInput):
    """The path is missing, or this user may not read it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{shown(path)} cannot be opened ({reason}). Check the path and your rights to read it."
        )


class CarrierIsEmpty(BadInput):
    """The file has no bytes."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{shown(path)} is empty. Copy the carrier again from its source.")


class CarrierIsNotSupported(BadInput):
    """The file is of a kind that is not read."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{shown(path)} is {what}, which is not supported. Give {KINDS_READ}.")


class LibraryIsMissing(BadInput):
    """What reads this kind is not installed; the other kinds can be read."""

    def __init__(self, path: Path, library: str) -> None:
        super().__init__(
            f"{shown(path)} needs the library {library}, which is not installed here. Install it first."
        )


class CarrierIsUnknown(BadInput):
    """The file is no carrier of any known kind."""

    def __init__(self, path: Path, found: str = "") -> None:
        detail = f" ({found})" if found else ""
        super().__init__(f"Nothing in {shown(path)} can be read{detail}. Give {KINDS_READ}.")


class CarrierIsEncrypted(BadInput):
    """All that is on the carrier is encrypted, `how` says in what way; with `key` a given key may open it.

    `kind` and `size` (bytes, None if not known) are those of the carrier.
    """

    def __init__(self, path: Path, how: str, kind: Kind, size: int | None, *, key: bool = False) -> None:
        self.how, self.kind, self.size = how, kind, size
        advice = "Give its key (luwte scan --unlock FILE), or decrypt" if key else "Decrypt"
        super().__init__(
            f"{shown(path)} is encrypted ({how}). {advice} it first and scan the decrypted image."
        )


class CarrierIsDamaged(BadInput):
    """The carrier contradicts itself or ends too early."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{shown(path)} is damaged: {what}. Copy it again from its source.")


class SegmentIsMissing(BadInput):
    """A piece of a split image is not beside the others."""

    def __init__(self, missing: Path) -> None:
        super().__init__(
            f"The segment {shown(missing)} is missing. Put all segments of the image in one folder."
        )


class NotTheFirstSegment(BadInput):
    """A later piece of a split image was given."""

    def __init__(self, path: Path, first: Path) -> None:
        super().__init__(
            f"{shown(path)} is a later segment of a split image. Give the first one, {shown(first)}."
        )


def shown(path: Path) -> str:
    """Return `path` as printable text."""
    return printable(str(path), separators=True)
