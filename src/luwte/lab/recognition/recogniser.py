"""The recogniser: compares files with the reference list, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from luwte.lab.fingerprints.fingerprint import Frame
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS, Match
from luwte.lab.reference.index import Digested, Pictured, ReferenceIndex


class Compared(Protocol):
    """What of a file is compared; each part is None where it is not known."""

    @property
    def size(self) -> int | None:
        """Bytes of the file."""
        ...

    @property
    def md5(self) -> bytes | None:
        """16 bytes."""
        ...

    @property
    def sha1(self) -> bytes | None:
        """20 bytes."""
        ...

    @property
    def sha256(self) -> bytes | None:
        """32 bytes."""
        ...

    @property
    def variants(self) -> bytes | None:
        """One or eight PDQ hashes of 32 bytes."""
        ...

    @property
    def pdq_quality(self) -> int | None:
        """0 to 100."""
        ...

    @property
    def frames(self) -> Sequence[Frame]:
        """Further frames or pages of a picture, or of a video."""
        ...


def recognise(index: ReferenceIndex, files: Sequence[Compared]) -> list[list[Match]]:
    """Return for each file its matches, the best first: at most one a series, the best one there.

    Each series counts, because each may be another person's. An identical file is also searched for nearby,
    because its edited copy may stand in the list under a series of its own. Of a file with several frames the
    nearest one decides.
    """
    identical = index.exact([Digested(file.size, file.md5, file.sha1, file.sha256) for file in files])
    pictures = [
        (number, frame) for number, file in enumerate(files) if file.variants for frame in _pictured(file)
    ]
    near = index.near([frame for _, frame in pictures], PDQ_RADIUS, PDQ_QUALITY)
    matches = [[Match(entry, "identical") for entry in entries] for entries in identical]
    for (number, _), entries in zip(pictures, near, strict=True):
        matches[number] += [Match(entry, "near", distance) for entry, distance in entries]
    return [_best_of_each_series(index, found) for found in matches]


def _pictured(file: Compared) -> Iterator[Pictured]:
    yield Pictured(file.variants or b"", file.pdq_quality)
    for frame in file.frames:
        yield Pictured(frame.variants, frame.quality)


def _best_of_each_series(index: ReferenceIndex, matches: Iterable[Match]) -> list[Match]:
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: match.rank):
        best.setdefault(index.series(match.entry), match)
    return list(best.values())
