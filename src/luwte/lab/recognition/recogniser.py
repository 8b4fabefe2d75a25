"""The recogniser: compares files with the reference list, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np

from luwte.exchange.entries import MOST_CONFIRMED
from luwte.lab.fingerprints.fingerprint import FORMS_BYTES, Frame
from luwte.lab.fingerprints.licensed import HasherFailed
from luwte.lab.recognition.films import FILM_SHARE, LEAST_LOOKS, shows
from luwte.lab.recognition.likelihood import Evidence, Model
from luwte.lab.recognition.verdicts import BEYOND, PDQ_QUALITY, PDQ_RADIUS, Match
from luwte.lab.reference.hamming import HASH_BYTES
from luwte.lab.reference.index import Digested, Pictured, ReferenceIndex
from luwte.lab.reference.licensed import LicensedList

RULES = f"PDQ {PDQ_RADIUS} {PDQ_QUALITY}, films {FILM_SHARE} {LEAST_LOOKS}, photo boxes, boxes of films"
"""What two scans must share beside the list, so that what one found holds for the other."""


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
        """One or eight PDQ hashes of 32 bytes, and eight more for each photo box."""
        ...

    @property
    def pdq_quality(self) -> int | None:
        """0 to 100."""
        ...

    @property
    def frames(self) -> Sequence[Frame]:
        """Further frames or pages of a picture, or all frames of a video."""
        ...

    @property
    def licensed(self) -> bytes | None:
        """The hash of a licensed hasher."""
        ...


class Outcome(NamedTuple):
    """What a file matches, the best first: at most one entry a series, the best one there.

    `rejected` counts the entries that were left out because a reviewer rejected them before; `failed` says
    that its licensed hash could not be compared.
    """

    matches: list[Match]
    rejected: int = 0
    failed: bool = False


def recognise(
    index: ReferenceIndex, files: Sequence[Compared], model: Model | None = None
) -> list[list[Match]]:
    """Return for each file its matches, as `compare` gives them."""
    return [outcome.matches for outcome in compare(index, files, model=model)]


def compare(
    index: ReferenceIndex,
    files: Sequence[Compared],
    licensed: LicensedList | None = None,
    model: Model | None = None,
    radius: int = PDQ_RADIUS,
) -> list[Outcome]:
    """Return what comes of comparing each file with the list, and its `licensed` hash with those in the list.

    Each series counts, because each may be another person's. An identical file is also searched for nearby,
    because its edited copy may stand in the list under a series of its own. A file is near a picture when one
    of its frames is, the nearest one decides, and up to `radius` bits when it has but one (`wide_net`); and
    near a video by shares of frames, or their order. A match
    that was rejected before is left out, whatever found it, but of an identical file. With a `model`, each
    match that is near has its likelihood, by its distance alone; a film that is near a video by several
    frames has none, for no model knows what they are worth together.
    """
    identical = index.exact([Digested(file.size, file.md5, file.sha1, file.sha256) for file in files])
    shown = [_pictured(file) for file in files]
    pictures = [(number, frame) for number, frames in enumerate(shown) for frame in frames]
    near = index.near([frame for _, frame in pictures], radius, PDQ_QUALITY)
    matches = [[Match(entry, "identical") for entry in entries] for entries in identical]
    for (number, _), entries in zip(pictures, near, strict=True):
        reach = radius if len(shown[number]) == 1 else PDQ_RADIUS
        matches[number] += [_near(index, files[number], *pair) for pair in entries if pair[1] <= reach]
    films = _near_films(index, shown)
    if model is not None:
        matches = [[_weighed(match, model, len(index.bundle)) for match in found] for found in matches]
        films = [
            [match if len(frames) > 1 else _weighed(match, model, len(index.bundle)) for match in found]
            for found, frames in zip(films, shown, strict=True)
        ]
    for found, its_films in zip(matches, films, strict=True):
        found += its_films
    failed = [not _licensed(licensed, *pair) for pair in zip(files, matches, strict=True)]
    return [_outcome(index, *found) for found in zip(files, matches, failed, strict=True)]


def _near(index: ReferenceIndex, file: Compared, entry: int, distance: int) -> Match:
    return Match(entry, "near", distance, whole=_by_whole(index, file, entry, distance))


def _by_whole(index: ReferenceIndex, file: Compared, entry: int, distance: int) -> bool:
    """Return whether the whole of `file`, a picture, is `distance` bits from `entry`, and no box or frame."""
    if file.frames or (file.pdq_quality is not None and file.pdq_quality < PDQ_QUALITY):
        return False
    forms = np.frombuffer((file.variants or b"")[:FORMS_BYTES], np.uint8).reshape(-1, 1, HASH_BYTES)
    different = forms ^ index.hashes(entry, PDQ_QUALITY)
    return bool((np.bitwise_count(different).sum(axis=2, dtype=np.intp) <= distance).any())


def _licensed(licensed: LicensedList | None, file: Compared, found: list[Match]) -> bool:
    """Add to `found` what the licensed hash of `file` is near; return whether it could be compared."""
    if licensed is None or file.licensed is None:
        return True
    try:
        entries = set(licensed.near(file.licensed)) - {match.entry for match in found}
    except HasherFailed:
        return False
    found += [Match(entry, "near") for entry in sorted(entries)]
    return True


def _outcome(index: ReferenceIndex, file: Compared, found: Sequence[Match], failed: bool) -> Outcome:
    kept = [match for match in found if not _is_rejected(index, file, match)]
    rejected = {match.entry for match in found} - {match.entry for match in kept}
    return Outcome(_best_of_each_series(index, kept), len(rejected), failed)


def _is_rejected(index: ReferenceIndex, file: Compared, match: Match) -> bool:
    if match.verdict == "identical" or not index.rejected.concerns(match.entry):
        return False
    return index.rejected.rejects(match.entry, file.sha256, _whole(index, file, match), PDQ_RADIUS)


def _whole(index: ReferenceIndex, file: Compared, match: Match) -> bytes | None:
    """Return the PDQ of `file` as it is, where that made the `match`: of one picture, the whole."""
    if not file.variants or file.frames or match.distance is None:
        return None
    whole = file.variants[:FORMS_BYTES]
    return whole[:HASH_BYTES] if index.distance(match.entry, whole) == match.distance else None


def _weighed(match: Match, model: Model, references: int) -> Match:
    if match.distance is None:
        return match
    return replace(match, likelihood=model.likelihood(Evidence(match.distance), references))


def _near_films(index: ReferenceIndex, shown: Sequence[Sequence[Pictured]]) -> list[list[Match]]:
    asked = [_in_share(frames) for frames in shown]
    return [
        [Match(one.entry, "near", one.distance) for one in found if shows(index.films, frames, one)]
        for frames, found in zip(asked, index.films.overlaps(asked, PDQ_RADIUS), strict=True)
    ]


def _in_share(frames: Sequence[Pictured]) -> list[bytes]:
    """Return what counts of `frames`, each once, in their order."""
    good = (frame for frame in frames if frame.quality is None or frame.quality >= PDQ_QUALITY)
    return list(dict.fromkeys(frame.variants for frame in good))


def _pictured(file: Compared) -> list[Pictured]:
    """Return all that `file` shows, each frame once."""
    if not file.variants:
        return []
    others = (_comparable(frame.variants, frame.quality) for frame in file.frames)
    return list(dict.fromkeys([_comparable(file.variants, file.pdq_quality), *others]))


def _comparable(variants: bytes, quality: int | None) -> Pictured:
    """Return what of a frame is compared. Its photo boxes are good where the frame itself is too empty."""
    boxes = variants[FORMS_BYTES:]
    if boxes and quality is not None and quality < PDQ_QUALITY:
        return Pictured(boxes, None)
    return Pictured(variants, quality)


def _best_of_each_series(index: ReferenceIndex, matches: Iterable[Match]) -> list[Match]:
    found: dict[str, list[Match]] = {}
    for match in sorted(matches, key=lambda match: match.rank):
        found.setdefault(index.series(match.entry), []).append(match)
    return [_best(index, in_series) for in_series in found.values()]


def _best(index: ReferenceIndex, found: Sequence[Match]) -> Match:
    """Return the first of what matches in one series, the best first, and what of it rests on a decision.

    What the list itself says goes before what reviewers confirmed, where a file is identical to both.
    """
    best = found[0]
    if best.verdict == "identical":
        return _identical(index, [match for match in found if match.verdict == "identical"])
    if best.distance is None or index.decided_in(best.entry) is None:
        return best
    name = index.entry_id(best.entry)
    originals = [one for one in found if index.decided_in(one.entry) is None]
    distances = [
        one.distance for one in originals if index.entry_id(one.entry) == name and one.distance is not None
    ]
    return replace(best, itself=min(distances, default=BEYOND))


def _identical(index: ReferenceIndex, found: Sequence[Match]) -> Match:
    clusters: set[str] = set()
    for match in found:
        decided = index.decided_in(match.entry)
        if not decided:
            return match
        clusters.update(decided)
    return replace(found[0], remembered=tuple(sorted(clusters)[:MOST_CONFIRMED]))
