"""One row of a worklist: what a scan knows of one file. Rows stay in the lab; they carry paths."""

from __future__ import annotations

from dataclasses import dataclass

UNALLOCATED = "$Unallocated"
"""The folder in which a picture is listed that was carved from free space, not from within a file."""


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One file of a carrier. Digests and `pdq` are lower-case hexadecimal text or None.

    `size` is in bytes, None where a list of hashes does not say it; `state` is live, deleted, carved,
    embedded or stream; `kind` picture, video or other; `verdict` identical, same_picture, near, same_scene
    or unknown; `distance` is in bits, of what is not identical; `entry` and `series` name the match; `error`
    says why the file could not be read whole; `counted_as` is the one class that the file counts under in
    the report; `carrier` is the path of the carrier that it is on. `cluster` (32 hex) names the files that
    one decision is for, and `likelihood` is in per mille; both are None where nothing was judged.
    `pdq_quality` is 0 to 100.
    """

    path: str
    state: str
    size: int | None
    md5: str | None
    sha1: str | None
    sha256: str | None
    kind: str | None
    pdq: str | None
    verdict: str
    distance: int | None
    entry: str | None
    series: str | None
    error: str | None
    counted_as: str
    carrier: str
    cluster: str | None = None
    likelihood: int | None = None
    pdq_quality: int | None = None
