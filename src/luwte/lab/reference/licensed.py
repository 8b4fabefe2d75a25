"""The hashes of a licensed hasher that entries of a list carry as opaque attributes, compared in bulk."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Protocol

from luwte.base.errors import BadInput
from luwte.exchange.columns import Columns
from luwte.lab.fingerprints.licensed import load


class Comparison(Protocol):
    """Compares a hash with those of a list."""

    def near(self, value: bytes) -> Sequence[int]:
        """Return the places of those that `value` is near, ascending. Raises `HasherFailed`."""
        ...

    def close(self) -> None:
        """Let go of what it needed."""
        ...


class LicensedList:
    """The hashes in `columns` under the attribute `name`, of the hasher that is called so.

    `comparing` is given that name and the hashes, and gives what compares them. `told` says in one sentence
    how many can be used. Raises `BadInput` when none can, or there is no such hasher. Close it.
    """

    def __init__(
        self, columns: Columns, name: str, comparing: Callable[[str, Sequence[bytes]], Comparison]
    ) -> None:
        width = load(name).width
        entries: dict[bytes, list[int]] = defaultdict(list)
        carried = 0
        for entry in range(len(columns)):
            text = columns.attributes_of(entry).get(name)
            if text is not None:
                carried += 1
                if (value := hash_in(text, width)) is not None:
                    entries[value].append(entry)
        used = sum(map(len, entries.values()))
        self.told = f"{name}: {used} of {carried} entries that carry it can be compared."
        if not used:
            raise BadInput(
                f"No entry of the list carries a {name} hash of {width} bytes. Scan without "
                "--hasher, or build the list from one that has them."
            )
        self._entries = list(entries.values())
        self._comparison = comparing(name, list(entries))

    def near(self, value: bytes) -> list[int]:
        """Return the entries whose hash is near `value`, ascending. Raises `HasherFailed` when it fails."""
        return sorted(entry for place in self._comparison.near(value) for entry in self._entries[place])

    def close(self) -> None:
        """Let go of what compares."""
        self._comparison.close()


def hash_in(text: str, width: int) -> bytes | None:
    """Return the hash of `width` bytes that `text` says: hexadecimal, base64, or numbers with commas.

    None where it says none, or another width.
    """
    try:
        if re.fullmatch(r"[0-9a-fA-F]+", text) and len(text) == 2 * width:
            return bytes.fromhex(text)
        if "," in text:
            found = bytes(int(number) for number in text.split(","))
        else:
            found = b64decode(text, validate=True)
    except ValueError:
        return None
    return found if len(found) == width else None
