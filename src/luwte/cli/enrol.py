"""`luwte enrol`: fingerprints of pictures into a reference bundle. The pictures are read, never kept."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

import click

from luwte.base.errors import BadInput
from luwte.exchange.bundle import BundleSummary, extend_bundle
from luwte.exchange.entries import Entry, HashRecord, entry_from, series_name
from luwte.exchange.home import Home
from luwte.lab.carriers.names import printable
from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.recognition.verdicts import PDQ_QUALITY
from luwte.lab.scan.looking import look_at_files

_MANIFEST_LIMIT = 64 << 20
_LINE_LIMIT = 1 << 20


@click.command()
@click.argument("pictures", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option("--series", help="The series that the pictures belong to.")
@click.option(
    "--manifest", type=click.Path(path_type=Path), help="A CSV file with the columns path and series."
)
@click.option(
    "--to", "reference", required=True, type=click.Path(path_type=Path), help="The bundle to add to."
)
def enrol(pictures: tuple[Path, ...], series: str | None, manifest: Path | None, reference: Path) -> None:
    """Add fingerprints of PICTURES to a reference bundle, which is made if it is not there.

    Name a series for PICTURES, or a manifest whose paths are relative to its own folder. A picture with too
    little in it (PDQ quality below 50) is enrolled by its digests alone. Nothing is added when any of the
    files is no readable picture.
    """
    series_of = _wanted(pictures, series, manifest)
    home = Home.open()
    entries = _entries(series_of, home)
    told = extend_bundle(reference, entries, home)
    click.echo(_summary(len(entries), reference, told))


def _wanted(pictures: tuple[Path, ...], series: str | None, manifest: Path | None) -> dict[Path, list[str]]:
    """Return the series of each picture; raises `BadInput` when what was given does not say."""
    if manifest is not None:
        if pictures or series is not None:
            raise BadInput(
                "A manifest names its own pictures and series. Give either it or PICTURES and --series."
            )
        return _by_path(_rows(manifest))
    if not pictures or series is None:
        raise BadInput("Give PICTURES and --series, or --manifest.")
    return _by_path((path, _name(series, "--series")) for path in pictures)


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


def _entries(series_of: Mapping[Path, list[str]], home: Home) -> list[Entry]:
    """Return the entries; raises `BadInput` after naming each file that is no readable picture."""
    entries: list[Entry] = []
    workers = min(len(series_of), len(os.sched_getaffinity(0)))
    bad = 0
    for path, found, error in look_at_files(series_of, workers=max(1, workers)):
        reason = _refusal(found, error)
        if found is None or reason is not None:
            bad += 1
            click.echo(f"luwte: {_shown(path)} {reason}.", err=True)
        else:
            entries += [entry_from(_record(path, found), home.entry_key, name) for name in series_of[path]]
    if bad:
        raise BadInput(
            f"{bad} of {len(series_of)} files cannot be enrolled. Take them out; nothing was added."
        )
    return entries


def _refusal(found: Fingerprint | None, error: str | None) -> str | None:
    if found is None:
        return error or "cannot be read"
    if found.kind != "picture":
        return "is not a picture"
    return None if found.error is None else f"cannot be used ({found.error})"


def _record(path: Path, found: Fingerprint) -> HashRecord:
    quality = found.pdq_quality or 0
    if quality < PDQ_QUALITY:
        click.echo(
            f"luwte: {_shown(path)} has little in it (quality {quality}); only identical files will match.",
            err=True,
        )
        return HashRecord(md5=found.md5, sha1=found.sha1, sha256=found.sha256)
    return HashRecord(md5=found.md5, sha1=found.sha1, sha256=found.sha256, pdq=found.pdq, pdq_quality=quality)


def _summary(count: int, reference: Path, told: BundleSummary) -> str:
    return f"{count} pictures enrolled. {reference} has {told.entries} entries in {len(told.series)} series."


def _shown(path: Path) -> str:
    return printable(str(path), separators=True)
