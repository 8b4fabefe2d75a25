"""`luwte enrol`: fingerprints of pictures and videos into a reference bundle. They are read, never kept."""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import click

from luwte.base.errors import BadInput
from luwte.cli._enrolled import Enrolled, enrolled
from luwte.cli._once import Once
from luwte.exchange.bundle import extend_bundle
from luwte.exchange.entries import Entry, entry_from, series_name
from luwte.exchange.home import Home
from luwte.exchange.summary import BundleSummary
from luwte.lab.carriers.names import printable
from luwte.lab.fingerprints import films
from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.fingerprints.local_codes import Rotation
from luwte.lab.scan.crew import DEADLINE
from luwte.lab.scan.looking import look_at_files

_MANIFEST_LIMIT = 64 << 20
_LINE_LIMIT = 1 << 20


@click.command(cls=Once)
@click.argument("files", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option("--series", help="The series that FILES belong to.")
@click.option(
    "--manifest",
    type=click.Path(readable=False, path_type=Path),
    help="A CSV file with the columns path and series.",
)
@click.option(
    "--to",
    "reference",
    required=True,
    type=click.Path(readable=False, path_type=Path),
    help="The bundle to add to.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(0.1, 3600),
    default=DEADLINE,
    show_default=True,
    help="Seconds that looking at one file may take; a long video may need more.",
)
def enrol(
    files: tuple[Path, ...], series: str | None, manifest: Path | None, reference: Path, deadline: float
) -> None:
    """Add fingerprints of FILES, pictures and videos, to a reference bundle, which is made if need be.

    Name a series for FILES, or a manifest whose paths are relative to its own folder. What has too little in
    it (PDQ quality below 50) is enrolled without PDQ. Pictures, and up to eight frames of each video, get
    local codes, by which crops and collages of them are found; what has nothing that stands out gets none,
    and is named. Of a picture that moves or has pages up to 16 frames become an entry each. A video that
    could be looked at only in part is enrolled with the frames that there are, and named; videos need
    `pip install luwte[media]`. Nothing is added when any of the files is no readable picture or video.
    """
    series_of = _wanted(files, series, manifest)
    home = Home.open()
    entries = _entries(series_of, home, deadline)
    told = extend_bundle(reference, entries, home)
    click.echo(_summary(series_of, entries, reference, told))


def _wanted(files: tuple[Path, ...], series: str | None, manifest: Path | None) -> dict[Path, list[str]]:
    """Return the series of each file; raises `BadInput` when what was given does not say."""
    if manifest is not None:
        if files or series is not None:
            raise BadInput("A manifest names its own files and series. Give either it or FILES and --series.")
        return _by_path(_rows(manifest))
    if not files or series is None:
        raise BadInput("Give FILES and --series, or --manifest.")
    return _by_path((path, _name(series, "--series")) for path in files)


def _by_path(rows: Iterable[tuple[Path, str]]) -> dict[Path, list[str]]:
    found: dict[Path, list[str]] = {}
    for path, series in rows:
        names = found.setdefault(path, [])
        if series not in names:
            names.append(series)
    return found


def _rows(manifest: Path) -> Iterator[tuple[Path, str]]:
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(_lines(file, manifest))
            if not {"path", "series"} <= set(table.fieldnames or ()):
                raise BadInput(f"{manifest} has no columns path and series. Add a header line with both.")
            for row in table:
                where = f"line {table.line_num} of {manifest}"
                if not row["path"]:
                    raise BadInput(f"There is no path in {where}. Add it, or remove the line.")
                yield manifest.parent / row["path"], _name(row["series"] or "", where)
    except OSError as error:
        raise BadInput(
            f"{manifest} cannot be read ({error.strerror}). Check the name and your rights."
        ) from None
    except (UnicodeDecodeError, csv.Error):
        raise BadInput(f"{manifest} is not CSV text in UTF-8. Save it as such and try again.") from None


def _lines(file: TextIO, manifest: Path) -> Iterator[str]:
    """Give the lines of `file`, each and together of a length that a manifest has, whatever it is."""
    left = _MANIFEST_LIMIT
    while line := file.readline(_LINE_LIMIT):
        left -= len(line)
        if left < 0 or len(line) == _LINE_LIMIT:
            raise BadInput(f"{manifest} is too large for a manifest, or has a line that is. Split it.")
        yield line


def _name(series: str, where: str) -> str:
    try:
        return series_name(series)
    except ValueError as error:
        raise BadInput(f"The series in {where} cannot be used: {error}. Mend it and try again.") from None


def _entries(series_of: Mapping[Path, list[str]], home: Home, deadline: float) -> list[Entry]:
    """Return the entries; raises `BadInput` after naming each file that cannot be enrolled."""
    looked: dict[Path, Fingerprint] = {}
    for path, found, error in look_at_files(series_of, workers=_workers(series_of), deadline=deadline):
        reason = _refusal(found, error)
        if found is None or reason is not None:
            _warn(path, reason or "cannot be read")
        else:
            looked[path] = found
    whole = len(looked) == len(series_of)
    shown = _looked_into(looked, home, deadline) if whole else {}
    bad = len(series_of) - len(shown if whole else looked)
    if bad:
        raise BadInput(
            f"{bad} of {len(series_of)} files cannot be enrolled. Take them out; nothing was added."
        )
    return [
        _coded(entry_from(one.record, home.entry_key, name), one.codes)
        for path, pictures in shown.items()
        for name in series_of[path]
        for one in pictures
    ]


def _looked_into(
    looked: Mapping[Path, Fingerprint], home: Home, deadline: float
) -> dict[Path, list[Enrolled]]:
    """Return what is enrolled of each file after a close look, without those that are another file by now."""
    rotation = Rotation(home.rotation_seed)
    enrolling: dict[Path, list[Enrolled]] = {}
    for path, closely, error in look_at_files(looked, workers=_workers(looked), deadline=deadline, deep=True):
        found = looked[path]
        if closely is None or closely.sha256 != found.sha256:
            _warn(path, "changed while it was enrolled")
            continue
        enrolling[path], told = enrolled(found, closely, error or closely.error, rotation)
        for sentence in told:
            _warn(path, sentence)
    return enrolling


def _coded(entry: Entry, codes: tuple[bytes, ...]) -> Entry:
    return replace(entry, frame_codes=codes) if entry.frames else replace(entry, codes=b"".join(codes))


def _workers(files: Collection[Path]) -> int:
    return max(1, min(len(files), len(os.sched_getaffinity(0))))


def _refusal(found: Fingerprint | None, error: str | None) -> str | None:
    if found is None:
        return error
    if found.kind == "other":
        return "is not a picture or video"
    if found.kind == "video" and not films.installed():
        return "is a video, which needs PyAV: pip install luwte[media]"
    whole = found.error is None or (found.kind == "video" and found.variants)
    return None if whole else f"cannot be used ({found.error})"


def _warn(path: Path, told: str) -> None:
    click.echo(f"luwte: {_shown(path)} {told}.", err=True)


def _summary(
    series_of: Mapping[Path, list[str]], entries: Sequence[Entry], reference: Path, told: BundleSummary
) -> str:
    files, videos = sum(map(len, series_of.values())), sum(bool(entry.frames) for entry in entries)
    counted = ((files - videos, "picture"), (videos, "video"))
    added = " and ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in counted if count)
    several = f", in {len(entries)} entries, one a frame or page" if len(entries) > files else ""
    return f"{added} enrolled{several}. {reference} has {told.entries} entries in {len(told.series)} series."


def _shown(path: Path) -> str:
    return printable(str(path), separators=True)
