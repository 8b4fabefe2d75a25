"""`luwte fingerprint`: fingerprints of files as JSON lines."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from luwte.base.errors import BadInput
from luwte.cli._once import Once
from luwte.lab.carriers.names import printable
from luwte.lab.fingerprints.fingerprint import Fingerprint, boxes_in
from luwte.lab.scan.crew import DEADLINE
from luwte.lab.scan.looking import look_at_files


@click.command(cls=Once)
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--deadline",
    type=click.FloatRange(0.1, 3600),
    default=DEADLINE,
    show_default=True,
    help="Seconds that looking at one file may take.",
)
def fingerprint(files: tuple[Path, ...], deadline: float) -> None:
    """Print the fingerprint of each of FILES, one JSON object a line.

    Keys: path, size, md5, sha1, sha256, kind (picture, video or other), width, height, pdq (64 hexadecimal
    digits), pdq_quality, boxes, frames, error. Of a picture with frames or pages the PDQ is that of the
    first, of a video that of the fullest frame. What is compared too: boxes is how many photos were found
    inside it (in a border, on a screenshot), frames how many other frames there are. What cannot be decoded
    has its digests and an error. A file that cannot be read is told on standard error, the others are
    printed, and the exit code is 2.
    """
    workers = min(len(files), len(os.sched_getaffinity(0)))
    missed = 0
    for path, found, error in look_at_files(files, workers=workers, deadline=deadline):
        if found is None:
            missed += 1
            click.echo(f"luwte: {_shown(path)} {error}.", err=True)
        else:
            click.echo(json.dumps(document(_shown(path), found), ensure_ascii=False))
    if missed:
        raise BadInput(
            f"{missed} of {len(files)} files could not be read. Check their names and your rights."
        )


def document(path: str, found: Fingerprint) -> dict[str, str | int | None]:
    """Return what is printed of the file at `path`, as JSON values."""
    return {
        "path": path,
        "size": found.size,
        "md5": found.md5.hex(),
        "sha1": found.sha1.hex(),
        "sha256": found.sha256.hex(),
        "kind": found.kind,
        "width": found.width,
        "height": found.height,
        "pdq": None if found.pdq is None else found.pdq.hex(),
        "pdq_quality": found.pdq_quality,
        "boxes": boxes_in(found.variants),
        "frames": len({frame.variants for frame in found.frames} - {found.variants}),
        "error": found.error,
    }


def _shown(path: Path) -> str:
    return printable(str(path), separators=True)
