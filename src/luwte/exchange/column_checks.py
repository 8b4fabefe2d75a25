"""The bounds of the columns of a payload: orders, numbers, names, so that nothing later runs out of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from luwte.exchange.entries import (
    FINGERPRINT_BYTES,
    MOST_CODED_FRAMES,
    MOST_CODES,
    MOST_FRAMES,
    PLACES,
    SEED_BYTES,
    series_name,
)
from luwte.exchange.errors import Unusable
from luwte.exchange.layout import Bytes, Numbers, as_keys

if TYPE_CHECKING:
    from luwte.exchange.columns import Columns


def check(columns: Columns, where: str) -> None:
    """Return nothing when every order, number and name in `columns` holds; raise `Unusable` otherwise."""
    count = len(columns)
    if not _ascending(columns.ids, strictly=True):
        raise malformed(where, "ids")
    _check_series(columns, where)
    covered = np.zeros(count, bool)
    for kind in FINGERPRINT_BYTES:
        values, owners = getattr(columns, kind), getattr(columns, f"{kind}_entry")
        in_order = kind == "pdq" or _ascending(values, strictly=False)
        if len(values) != len(owners) or not in_order or not _numbers_once(owners, count):
            raise malformed(where, kind)
        covered[owners] = True
    _check_frames(columns, where)
    covered[columns.frames_entry] = True
    if not covered.all():
        raise malformed(where, "an entry without fingerprint")
    if len(columns.pdq_quality) != len(columns.pdq) or np.any(
        np.diff(columns.pdq_entry.astype(np.int64)) <= 0
    ):
        raise malformed(where, "pdq")
    _check_attributes(columns, where)
    _check_codes(columns, where)
    _check_rejected(columns, where)


def malformed(where: str, what: str) -> Unusable:
    """Return the sentence for a payload that breaks a bound in `what`."""
    return Unusable(f"The contents of {where} are malformed ({what}). Ask its maker to build it again.")


def _ascending(rows: Bytes, *, strictly: bool) -> bool:
    keys = as_keys(rows)
    held = keys[:-1] < keys[1:] if strictly else keys[:-1] <= keys[1:]
    return bool(held.all())


def _numbers_once(numbers: Numbers, limit: int) -> bool:
    if not len(numbers):
        return True
    return int(numbers.max()) < limit and int(np.bincount(numbers, minlength=1).max()) == 1


def _check_series(columns: Columns, where: str) -> None:
    try:
        names = json.loads(columns.names.tobytes())
        good = isinstance(names, list) and all(
            isinstance(name, str) and series_name(name) == name for name in names
        )
    except (ValueError, RecursionError):
        good = False
    if not good or sorted(set(names)) != names or len(columns.series) != len(columns):
        raise malformed(where, "series")
    if len(columns.series) and int(columns.series.max()) >= len(names):
        raise malformed(where, "series")


def _check_frames(columns: Columns, where: str) -> None:
    owners = columns.frames_entry
    if len(owners) != len(columns.frames) or np.any(owners[:-1] > owners[1:]):
        raise malformed(where, "frames")
    if len(owners) and (owners[-1] >= len(columns) or np.any(owners[MOST_FRAMES:] == owners[:-MOST_FRAMES])):
        raise malformed(where, "frames")


def _check_attributes(columns: Columns, where: str) -> None:
    offsets = columns.attribute_offsets
    if len(offsets) != len(columns) + 1 or offsets[0] != 0 or offsets[-1] != len(columns.attributes):
        raise malformed(where, "attributes")
    if np.any(offsets[:-1] > offsets[1:]):
        raise malformed(where, "attributes")


def _check_codes(columns: Columns, where: str) -> None:
    owners, counts, frames = columns.coded_entry, columns.coded_count, columns.coded_frame
    if not len(owners) == len(counts) == len(frames) or not _owners(owners, len(columns)):
        raise malformed(where, "codes")
    again = owners[1:][owners[1:] == owners[:-1]]
    often = np.any(owners[MOST_CODED_FRAMES:] == owners[:-MOST_CODED_FRAMES])
    if often or not np.isin(again, columns.frames_entry).all():
        raise malformed(where, "codes")
    if len(counts) and not 1 <= int(counts.min()) <= int(counts.max()) <= MOST_CODES:
        raise malformed(where, "codes")
    if int(counts.sum(dtype=np.int64)) != len(columns.codes):
        raise malformed(where, "codes")
    if len(frames) and not 1 <= int(frames.min()) <= int(frames.max()) <= PLACES:
        raise malformed(where, "codes")
    if len(columns.rotation) != (SEED_BYTES if len(owners) else 0):
        raise malformed(where, "rotation")


def _check_rejected(columns: Columns, where: str) -> None:
    owners, digests, pictures = columns.rejected_entry, columns.rejected_sha256, columns.rejected_pdq
    if not len(owners) == len(digests) == len(pictures) or not _owners(owners, len(columns)):
        raise malformed(where, "rejected")
    files = np.concatenate([digests, pictures], axis=1)
    same, keys = owners[:-1] == owners[1:], as_keys(files)
    if np.any(keys[:-1][same] >= keys[1:][same]) or not files.any(axis=1).all():
        raise malformed(where, "rejected")


def _owners(owners: Numbers, limit: int) -> bool:
    """Return whether `owners` ascend below `limit`; each may be there more than once."""
    return not len(owners) or (bool((owners[:-1] <= owners[1:]).all()) and int(owners[-1]) < limit)
