"""From foreign hash lists to a reference bundle: read, sifted, and counted by what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from luwte.base.clock import Clock, SystemClock
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import extend_bundle, seal_bundle
from luwte.exchange.entries import UNASSIGNED, Entry, HashRecord, entry_from, meaningful
from luwte.exchange.home import Home
from luwte.exchange.importers import Complaints, open_list
from luwte.exchange.summary import BundleSummary

BAD = "rows with a bad hash"
EMPTY = "rows with an empty file's or a filler hash"
UNWANTED = "rows of other categories"
CONSTANT = "constant PhotoDNA values"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How to read lists. `columns` maps fields (md5, series, ...) to CSV columns; `long_kind` says what 64
    digits without a name are (sha256 or pdq); `categories` keeps only rows of these, None keeps all.
    """

    series: str = UNASSIGNED
    columns: Mapping[str, str] = field(default_factory=dict)
    long_kind: str = "sha256"
    categories: frozenset[str] | None = None
    skip_bad: bool = False


@dataclass(slots=True)
class Sifted:
    """How many `rows` were read, and how many were left out, by reason."""

    rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, reason: str, count: int = 1) -> None:
        """Count rows or values that were left out."""
        if count:
            self.left_out[reason] = self.left_out.get(reason, 0) + count


def build_reference(
    out: Path,
    lists: Iterable[Path],
    home: Home,
    options: ListOptions,
    *,
    progress: Progress | None = None,
    clock: Clock | None = None,
) -> tuple[BundleSummary, Sifted]:
    """Make the bundle `out` from `lists` and return its summary, and what was left out.

    `progress` is told the bytes and rows read so far, over all lists. Raises `BadInput` when a list cannot
    be read, or has bad rows that are not to be skipped; then nothing is written.
    """
    sifted, builder = Sifted(), ColumnBuilder()
    for entry in sift(lists, home, options, sifted, progress):
        builder.add(entry, home.rotation_seed)
    sifted.leave_out(CONSTANT, builder.drop_repeated("photodna"))
    columns = builder.finish()
    del builder  # as large as the columns are
    return seal_bundle(out, columns, home, clock or SystemClock()), sifted


def add_to_reference(
    out: Path,
    lists: Iterable[Path],
    home: Home,
    options: ListOptions,
    *,
    progress: Progress | None = None,
    clock: Clock | None = None,
) -> tuple[BundleSummary, Sifted]:
    """Add `lists` to the bundle `out`, as `build_reference` makes one anew."""
    sifted = Sifted()
    entries = sift(lists, home, options, sifted, progress)
    return extend_bundle(out, entries, home, clock), sifted


def sift(
    lists: Iterable[Path],
    home: Home,
    options: ListOptions,
    sifted: Sifted,
    progress: Progress | None = None,
) -> Iterator[Entry]:
    """Give an entry for each row of `lists` that can identify a picture; count the others in `sifted`."""
    done = 0
    for path in lists:
        complaints = Complaints(skip=options.skip_bad)
        for record in open_list(
            path,
            options.columns,
            long_kind=options.long_kind,
            complaints=complaints,
            progress=_from(done, sifted, progress),
        ):
            sifted.rows += 1
            kept = _kept(record, options, sifted)
            if kept is not None:
                yield entry_from(kept, home.entry_key, options.series)
        done += path.stat().st_size
        sifted.leave_out(BAD, complaints.count)


def _kept(record: HashRecord, options: ListOptions, sifted: Sifted) -> HashRecord | None:
    if options.categories is not None and record.attributes.get("category") not in options.categories:
        sifted.leave_out(UNWANTED)
        return None
    kept = meaningful(record)
    if kept is None:
        sifted.leave_out(EMPTY)
    return kept


def _from(start: int, sifted: Sifted, progress: Progress | None) -> Callable[[int], None] | None:
    """Return what tells `progress` of a list that begins when `start` bytes of others are done."""
    if progress is None:
        return None
    return lambda position: progress(start + position, sifted.rows)
