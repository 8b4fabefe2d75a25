"""Files that need no look: copies of one that was looked at, and files that are known to hold nothing.

Both are decided by digests, in the leading process, before a worker decodes anything.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from luwte.lab.fingerprints.fingerprint import Fingerprint

MOST_BYTES = 64 << 20
"""About how many bytes of memory the files that were looked at may take."""
_FILE_BYTES = 768
_FRAME_BYTES = 144


class Spared:
    """Remembers what was looked at, the latest `most` bytes of it.

    Beyond that it asks what is `noted` of a file, and whether it `is_good`.
    """

    def __init__(
        self,
        is_good: Callable[[Fingerprint], bool] | None = None,
        noted: Callable[[Fingerprint], Fingerprint | None] | None = None,
        most: int = MOST_BYTES,
    ) -> None:
        self._is_good = is_good
        self._noted = noted
        self._room = most
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[int, bytes], Fingerprint] = OrderedDict()

    def known(self, digested: Fingerprint) -> Fingerprint | None:
        """Return all of the file of which `digested` holds the digests, or None if it must be looked at."""
        with self._lock:
            found = self._seen.get(_key(digested))
            if found is not None:
                self._seen.move_to_end(_key(digested))
                return found
        if self._noted is not None and (found := self._noted(digested)) is not None:
            return found
        return digested if self._is_good is not None and self._is_good(digested) else None

    def remember(self, found: Fingerprint) -> None:
        """Take note of a picture or video that was looked at whole; one that failed is looked at again."""
        if found.kind == "other" or found.error is not None:
            return
        with self._lock:
            if _key(found) in self._seen:
                return
            self._seen[_key(found)] = found
            self._room -= _weight(found)
            while self._room < 0:
                self._room += _weight(self._seen.popitem(last=False)[1])


def _key(found: Fingerprint) -> tuple[int, bytes]:
    return found.size, found.sha256


def _weight(found: Fingerprint) -> int:
    hashes = [found.variants or b"", *(frame.variants for frame in found.frames)]
    return _FILE_BYTES + _FRAME_BYTES * len(found.frames) + sum(map(len, hashes))
