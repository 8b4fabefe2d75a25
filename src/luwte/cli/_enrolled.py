"""What `luwte enrol` makes of one file: a video, or each picture that it shows, with local codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from luwte.exchange.entries import HashRecord, frames_from
from luwte.lab.fingerprints.fingerprint import MOST_STILLS, PDQ_BYTES, Fingerprint, Frame
from luwte.lab.fingerprints.local_codes import Rotation, telling
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS

if TYPE_CHECKING:
    from luwte.lab.fingerprints.keypoints import Keypoints  # it loads OpenCV

ALIKE: Final = PDQ_RADIUS // 2
"""Bits up to which a frame shows what one before it does: a copy as far again is still near that one."""
LEAST: Final = 10
"""Keypoints of a picture without a PDQ below which its local codes would find nothing."""


class Enrolled(NamedTuple):
    """What becomes an entry: a record, and the local codes of its picture, or of frames of its video."""

    record: HashRecord
    codes: tuple[bytes, ...] = ()


class _Shown(NamedTuple):
    frame: Frame
    keypoints: Keypoints | None


def enrolled(
    found: Fingerprint, closely: Fingerprint, why: str | None, rotation: Rotation
) -> tuple[list[Enrolled], list[str]]:
    """Return what is enrolled of a file, one record or more, and what its owner has to be told of it.

    `found` is what the fast look gave and `closely` the close one, which failed if there is a `why`.
    """
    if found.kind == "video":
        return _film(found, closely, why, rotation)
    shown = _shown(found, closely)
    digests = _digests(found)
    kept = [Enrolled(_pictured(digests, one), _codes(one, rotation)) for one in _apart(shown)]
    dim = [one for one in shown if one.frame.quality < PDQ_QUALITY]
    fullest = max(dim, key=_count, default=None)
    if fullest is not None and _count(fullest) >= LEAST:
        kept.append(Enrolled(digests, _codes(fullest, rotation)))
    told = [*_told_of_dim(dim, kept), *_told_of_codes(kept, why), *_told_of_many(shown)]
    return kept or [Enrolled(digests)], told


def _film(
    found: Fingerprint, closely: Fingerprint, why: str | None, rotation: Rotation
) -> tuple[list[Enrolled], list[str]]:
    told = []
    if found.error is not None:
        told.append(f"was looked at only in part ({found.error}); what it shows elsewhere will not match")
    if (found.pdq_quality or 0) < PDQ_QUALITY:
        return [Enrolled(_digests(found))], [*told, _little(found.pdq_quality)]
    good = (frame.variants[:PDQ_BYTES] for frame in found.frames if frame.quality >= PDQ_QUALITY)
    record = replace(_digests(found), frames=frames_from(good))
    codes = tuple(rotation.encode(one).to_bytes() for one in telling(closely.frame_keypoints))
    kept = [Enrolled(record, codes)]
    return kept, [*told, *_told_of_codes(kept, why)]


def _digests(found: Fingerprint) -> HashRecord:
    return HashRecord(md5=found.md5, sha1=found.sha1, sha256=found.sha256)


def _shown(found: Fingerprint, closely: Fingerprint) -> list[_Shown]:
    """Return the picture, or each frame or page of it, with its keypoints where there are any."""
    if closely.frames:
        return [_Shown(*pair) for pair in zip(closely.frames, closely.frame_keypoints, strict=True)]
    first = _Shown(Frame(found.pdq_quality or 0, found.pdq or b""), closely.keypoints)
    return [first, *(_Shown(replace(one, variants=one.variants[:PDQ_BYTES]), None) for one in found.frames)]


def _apart(shown: Sequence[_Shown]) -> list[_Shown]:
    """Return those that have a PDQ and show something that none before them shows."""
    kept: list[_Shown] = []
    for one in shown:
        others = (_distance(one.frame.variants, other.frame.variants) for other in kept)
        if one.frame.quality >= PDQ_QUALITY and all(distance > ALIKE for distance in others):
            kept.append(one)
    return kept


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _pictured(digests: HashRecord, one: _Shown) -> HashRecord:
    return replace(digests, pdq=one.frame.variants, pdq_quality=one.frame.quality)


def _codes(one: _Shown, rotation: Rotation) -> tuple[bytes, ...]:
    return (rotation.encode(one.keypoints).to_bytes(),) if one.keypoints else ()


def _count(one: _Shown) -> int:
    return len(one.keypoints) if one.keypoints else 0


def _little(quality: int | None) -> str:
    return f"has little in it (quality {quality or 0}); only identical files will match"


def _told_of_dim(dim: Sequence[_Shown], kept: Sequence[Enrolled]) -> list[str]:
    if not dim:
        return []
    quality = max(one.frame.quality for one in dim)
    if not kept:
        return [_little(quality)]
    if all(one.record.pdq is None for one in kept):
        return [f"has little in it (quality {quality}); copies of it match by local codes alone"]
    return [f"has frames or pages with little in them ({len(dim)}); not all of these will match"]


def _told_of_codes(kept: Sequence[Enrolled], why: str | None) -> list[str]:
    bare = sum(not one.codes for one in kept)
    if not bare:
        return []
    because = f" ({why})" if why else ", as it is small or nothing in it stands out"
    where = f" for {bare} of its {len(kept)} frames or pages" if len(kept) > 1 else ""
    return [f"gets no local codes{where}{because}; crops of it will not match"]


def _told_of_many(shown: Sequence[_Shown]) -> list[str]:
    if len(shown) <= MOST_STILLS // 2:
        return []
    return [f"has many frames or pages; at most {MOST_STILLS} of them, spread over it, are enrolled"]
