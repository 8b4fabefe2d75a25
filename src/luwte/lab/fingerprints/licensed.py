"""The seam for a hasher that may not be given away (PhotoDNA and the like): an installed package brings it.

A package names it among its entry points in the group `luwte.hashers`: the name is that of the attribute
under which foreign lists carry its hashes, and it leads to something to call that gives a `Hasher`. Nothing
is used that a scan was not asked for by name. See docs/hashers.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Final, Protocol

from luwte.base.errors import BadInput

GROUP: Final = "luwte.hashers"
MOST_WIDTH: Final = 1024
"""The most bytes that a hash may have."""
_NAME = r"[a-z][a-z0-9_]{0,31}"
_VERSION = r"[0-9A-Za-z.+-]{1,32}"


class Hasher(Protocol):
    """Makes and compares hashes of `width` bytes; hashes at most `threshold` apart are near.

    Where it also has `distances(hash, hashes)`, which compares one with many (joined, `width` bytes each) and
    gives a sequence of whole numbers, that is called instead of `distance`.
    """

    version: str
    width: int
    threshold: int

    def hash(self, content: bytes) -> bytes | None:
        """Return the hash of the picture file `content`, or None where it has none."""
        ...

    def distance(self, one: bytes, other: bytes) -> int:
        """Return how far two hashes are apart."""
        ...


class HasherFailed(Exception):
    """A hasher raised, or gave what is no hash."""


@cache
def load(name: str) -> Hasher:
    """Return the hasher called `name`. Raises `BadInput` when none is installed, or it is not usable."""
    installed = entry_points(group=GROUP)
    found = [point for point in installed if point.name == name and re.fullmatch(_NAME, name)]
    if len({point.value for point in found}) != 1:
        names = ", ".join(sorted({point.name for point in installed})) or "none"
        many = "Several packages bring" if found else "No package brings"
        raise BadInput(f"{many} a hasher called {name}. Installed here: {names}. See docs/hashers.md.")
    try:
        hasher: Hasher = found[0].load()()
        sound = (
            re.fullmatch(_VERSION, hasher.version) is not None
            and type(hasher.width) is type(hasher.threshold) is int
            and 0 < hasher.width <= MOST_WIDTH
            and hasher.threshold >= 0
            and callable(hasher.hash)
            and callable(hasher.distance)
        )
    except Exception as error:  # it is somebody else's code
        raise BadInput(
            f"The hasher {name} does not start ({type(error).__name__}). Ask its maker, or scan without it."
        ) from error
    if not sound:
        raise BadInput(
            f"The hasher {name} does not say its version, width (1 to {MOST_WIDTH} bytes) and threshold as "
            "it should. Ask its maker, or scan without it."
        )
    return hasher


def described(name: str) -> str:
    """Return in one line what the hasher called `name` is, as far as it matters to what a scan finds."""
    hasher = load(name)
    return f"{name} {hasher.version}, {hasher.width} bytes, threshold {hasher.threshold}"


def hashed(hasher: Hasher, content: bytes) -> bytes | None:
    """Return what `hasher` makes of a picture file; raises `HasherFailed` when that is no hash of its."""
    try:
        found = hasher.hash(content)
    except MemoryError:
        raise
    except Exception as error:
        raise HasherFailed from error
    if found is not None and (type(found) is not bytes or len(found) != hasher.width):
        raise HasherFailed
    return found


def near_rows(hasher: Hasher, value: bytes, known: Sequence[bytes]) -> list[int]:
    """Return the rows of the `known` hashes that `hasher` finds near `value`; raises `HasherFailed`."""
    if len(value) != hasher.width:
        raise HasherFailed
    distances = _distances(hasher, value, known)
    return [row for row, distance in enumerate(distances) if distance <= hasher.threshold]


def _distances(hasher: Hasher, value: bytes, known: Sequence[bytes]) -> Sequence[int]:
    many = getattr(hasher, "distances", None)
    try:
        if many is None:
            distances = [hasher.distance(value, one) for one in known]
        else:
            distances = [int(distance) for distance in many(value, b"".join(known))]
    except Exception as error:  # it is somebody else's code
        raise HasherFailed from error
    if len(distances) != len(known) or not all(type(one) is int and one >= 0 for one in distances):
        raise HasherFailed
    return distances
