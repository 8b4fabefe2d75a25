"""What a person wants to know of a reference list: how much is in it, and what it can and cannot find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from luwte.exchange.columns import Columns
from luwte.exchange.entries import FINGERPRINT_BYTES
from luwte.exchange.statement import Statement

MANY_FRAMES: Final = 8
"""Frames or pages of one picture from which on some may be left out (`lab/fingerprints/spread.py`)."""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """What a person wants to know of a bundle. `kinds` counts fingerprints, `videos` the entries with frames,
    `coded` those with local codes, `rejected` files that are none of them, `attributes` opaque values,
    `series` entries; `can_find` and `cannot_find` are sentences."""

    statement: Statement
    entries: int
    kinds: dict[str, int]
    videos: int
    coded: int
    rejected: int
    attributes: dict[str, int]
    series: dict[str, int]
    can_find: tuple[str, ...]
    cannot_find: tuple[str, ...]


def bundle_summary(columns: Columns, statement: Statement) -> BundleSummary:
    """Return the summary of a list: counts, and what it can and cannot find."""
    kinds = {kind: len(getattr(columns, kind)) for kind in FINGERPRINT_BYTES}
    tally = np.bincount(columns.series, minlength=len(columns.series_names))
    attributes: dict[str, int] = {}
    for entry in np.flatnonzero(np.diff(columns.attribute_offsets)):
        for name in columns.attributes_of(int(entry)):
            attributes[name] = attributes.get(name, 0) + 1
    return BundleSummary(
        statement,
        len(columns),
        kinds,
        columns.videos,
        columns.coded,
        len(columns.rejected_entry),
        dict(sorted(attributes.items())),
        {name: int(count) for name, count in zip(columns.series_names, tally, strict=True)},
        tuple(_can_find(columns, kinds)),
        tuple(_cannot_find(columns, attributes)),
    )


def _can_find(columns: Columns, kinds: dict[str, int]) -> Iterator[str]:
    videos, coded, total = columns.videos, columns.coded, len(columns)
    names = [name for kind, name in (("md5", "MD5"), ("sha1", "SHA-1"), ("sha256", "SHA-256")) if kinds[kind]]
    if names:
        yield f"identical files, by {', '.join(names)}"
    if kinds["pdq"]:
        yield (
            f"recompressed, resized, recoloured, mirrored and turned copies of {kinds['pdq']} of {total} "
            "entries, and most in a border, between bars or on a screenshot, by PDQ; each such copy is a "
            "near match until somebody confirms it"
        )
    if videos:
        yield (
            f"recompressed, resized and mirrored copies of {videos} of {total} entries that are videos, "
            "whole or as a clip, at another speed or backward, longer videos that hold one or a part of it, "
            "most that play inside the picture of another, and stills of them, by PDQ of their frames and "
            "their order; each is a near match until somebody confirms it"
        )
    if coded:
        yield (
            f"crops, copies at any turn, in collages or on another picture, of {coded} of {total} entries, "
            "by local codes, in the deep pass, while they show enough of the picture"
            + (f"; {columns.coded_videos} of these are videos, of some frames each" if videos else "")
        )


def _cannot_find(columns: Columns, attributes: dict[str, int]) -> Iterator[str]:
    total = len(columns)
    pictured = np.zeros(total, bool)
    pictured[columns.pdq_entry] = pictured[columns.frames_entry] = True
    by_codes = np.zeros(total, bool)
    by_codes[columns.coded_entry] = True
    if not (pictured | by_codes).all():
        yield f"edited copies of the {int((~pictured & ~by_codes).sum())} entries without PDQ"
    if (by_codes & ~pictured).any():
        yield (
            f"edited copies of the {int((by_codes & ~pictured).sum())} entries without PDQ that have local "
            "codes, in the fast pass; the deep one finds them"
        )
    digested = np.zeros(total, bool)
    for kind in ("md5", "sha1", "sha256"):
        digested[getattr(columns, f"{kind}_entry")] = True
    if not digested.all():
        yield f"identical files as such, of the {int((~digested).sum())} entries without a digest"
    if "photodna" in attributes:
        yield (
            f"anything by PhotoDNA ({attributes['photodna']} entries carry it): it cannot be computed "
            "openly; it is kept, and used only where a licensed hasher is installed (luwte scan --hasher)"
        )
    if columns.videos:
        yield "a part of a video without three different frames in it, among other scenes"
    if many := _with_many_frames(columns):
        yield f"frames or pages between those enrolled, of {many} files that have many"
    yield from _without_codes(columns)


def _with_many_frames(columns: Columns) -> int:
    """Return how many files are `MANY_FRAMES` entries or more of one series, each a frame or page."""
    rows, owners = columns.sha256, columns.sha256_entry
    alike = (rows[MANY_FRAMES - 1 :] == rows[: max(0, len(rows) - MANY_FRAMES + 1)]).all(axis=1)
    starts = np.flatnonzero(alike)  # the digests ascend
    found = {(rows[row].tobytes(), int(owners[row + step])) for row in starts for step in range(MANY_FRAMES)}
    entries = Counter((digest, int(columns.series[entry])) for digest, entry in found)
    return sum(count >= MANY_FRAMES for count in entries.values())


def _without_codes(columns: Columns) -> Iterator[str]:
    coded = columns.coded
    if not coded:
        yield "crops, free rotation and collages"
        return
    if coded < len(columns):
        yield f"crops, free rotation and collages of the {len(columns) - coded} entries without local codes"
