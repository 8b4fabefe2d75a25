"""The hashes of a licensed hasher that entries of a list carry as opaque attributes, compared in bulk."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections import defaultdict
from collections.abc import Sequence

from luwte.base.errors import BadInput
from luwte.exchange.columns import Columns
from luwte.lab.fingerprints.licensed import HasherFailed, load


class LicensedList:
    """The hashes in `columns` under the attribute `name`, of the hasher that is called so.

    `told` says in one sentence how many can be used. Raises `BadInput` when none can, or there is no such
    hasher.
    """

    def __init__(self, columns: Columns, name: str) -> None:
        self._hasher = load(name)
        self._name = name
        self._entries: dict[bytes, list[int]] = defaultdict(list)
        carried = 0
        for entry in range(len(columns)):
            text = columns.attributes_of(entry).get(name)
            if text is not None:
                carried += 1
                if (value := hash_in(text, self._hasher.width)) is not None:
                    self._entries[value].append(entry)
        used = sum(map(len, self._entries.values()))
        self.told = f"{name}: {used} of {carried} entries that carry it can be compared."
        if not used:
            raise BadInput(
                f"No entry of the list carries a {name} hash of {self._hasher.width} bytes. Scan without "
                "--hasher, or build the list from one that has them."
            )
        self._hashes = list(self._entries)
        self._joined = b"".join(self._hashes)

    def near(self, value: bytes) -> list[int]:
        """Return the entries whose hash is near `value`, ascending. Raises `HasherFailed` when it fails."""
        if len(value) != self._hasher.width:
            raise HasherFailed
        found: list[int] = []
        for known, distance in zip(self._hashes, self._distances(value), strict=True):
            if distance <= self._hasher.threshold:
                found += self._entries[known]
        return sorted(found)

    def _distances(self, value: bytes) -> Sequence[int]:
        many = getattr(self._hasher, "distances", None)
        try:
            if many is None:
                distances = [self._hasher.distance(value, known) for known in self._hashes]
            else:
                distances = [int(distance) for distance in many(value, self._joined)]
        except Exception as error:  # it is somebody else's code
            raise HasherFailed from error
        if len(distances) != len(self._hashes) or not all(type(one) is int and one >= 0 for one in distances):
            raise HasherFailed
        return distances


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
    except (ValueError, Error):
        return None
    return found if len(found) == width else None
