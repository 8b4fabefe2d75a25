"""What a person wants to know of a reference list: how much is in it, and what it can and cannot find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from luwte.exchange.columns import Columns
from luwte.exchange.entries import FINGERPRINT_BYTES
from luwte.exchange.statement import Statement


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
            "entries, by PDQ; each such copy is a near match until somebody confirms it"
        )
    if videos:
        yield (
            f"recompressed, resized and mirrored copies of {videos} of {total} entries that are videos, "
            "whole or as a clip, longer videos that hold one, and stills of them, by PDQ of their frames; "
            "each is a near match until somebody confirms it"
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
    if not pictured.all():
        yield f"edited copies of the {int((~pictured).sum())} entries without PDQ"
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
    yield from _without_codes(columns)


def _without_codes(columns: Columns) -> Iterator[str]:
    coded = columns.coded
    if not coded:
        yield "crops, free rotation, collages, and videos inside the picture of another"
        return
    if coded < len(columns):
        yield f"crops, free rotation and collages of the {len(columns) - coded} entries without local codes"
