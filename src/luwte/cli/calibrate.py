"""`luwte calibrate`: a model of likelihoods, fitted on edits of pictures and tried on others."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luwte.cli._once import Once

if TYPE_CHECKING:
    from luwte.lab.recognition.calibration import Trial
    from luwte.lab.recognition.evidence import GreyPicture

_SIZE = (512, 384)


@click.command(cls=Once)
@click.option(
    "--photos",
    type=click.Path(readable=False, path_type=Path),
    help="Take the pictures of this folder as well; they stay here. Confined workers decode them.",
)
@click.option(
    "--drawn",
    default=200,
    show_default=True,
    type=click.IntRange(0, 2000),
    help="How many pictures to draw.",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Which ones are drawn.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where to write the model; by default where scans of this machine look for it.",
)
def calibrate(photos: Path | None, drawn: int, seed: int, out: Path | None) -> None:
    """Fit how probably a match is a copy, on half of the pictures, and show how sure that is on the others.

    Each picture is edited in many ways and compared with all the others. The same pictures give the same
    model. Thresholds that this machine's model already has are kept.
    """
    from luwte.base.files import check_writable, write_bytes
    from luwte.exchange.home import Home
    from luwte.lab.recognition.calibration import fit, try_out
    from luwte.lab.recognition.evidence import gather
    from luwte.lab.recognition.model import FILE_NAME, model_bytes, model_of, version

    home = Home.open().path
    thresholds, target = model_of(home).thresholds, out or home / FILE_NAME
    check_writable(target)
    pictures = [*_drawn(drawn, seed), *(_read(photos) if photos else ())]
    about = f"{drawn} drawn pictures from seed {seed}, {len(pictures) - drawn} photos"
    with click.progressbar(length=2 * len(pictures), label="comparing", file=sys.stderr) as bar:
        told = partial(bar.update, 1)
        fitting, trying = (gather(pictures, range(half, len(pictures), 2), told) for half in (0, 1))
    model = replace(fit(fitting, about), thresholds=thresholds)
    _show(try_out(model, trying))
    write_bytes(target, model_bytes(model))
    click.echo(f"Model {version(model)}, on {about}: {target}")


def _drawn(count: int, seed: int) -> Iterator[GreyPicture]:
    import numpy as np

    from luwte.demo.pictures import draw

    with click.progressbar(range(seed, seed + count), label="drawing", file=sys.stderr) as seeds:
        for number in seeds:
            yield np.asarray(draw(number, *_SIZE).convert("L"), np.uint8)


def _read(folder: Path) -> Iterator[GreyPicture]:
    from luwte.lab.scan.photos import photos

    passed_over: Counter[str] = Counter()
    yield from photos(folder, lambda why: passed_over.update([why]))
    for why, count in sorted(passed_over.items()):
        click.echo(f"Passed over in {folder}: {count} ({why}).", err=True)


def _show(trial: Trial) -> None:
    click.echo(
        f"Tried on {trial.pictures} other pictures: {trial.copies} copies, {trial.strangers} strangers."
    )
    click.echo("likelihood      pairs  expected copies  seen")
    for band in trial.bands:
        click.echo(
            f"{band.low:<5g} to {band.high:<5g} {band.pairs:7}  {band.expected:15.4f}  {band.seen:.4f}"
        )
    for name, count in (("copies", trial.of_copies), ("strangers", trial.of_strangers)):
        told = ", ".join(f"{number} {verdict.replace('_', ' ')}" for verdict, number in count.items())
        click.echo(f"{name}: {told}")
    click.echo(
        f"False pairs taken for the same picture: {trial.of_strangers['same_picture']}, "
        f"at 95 % fewer than {trial.ceiling:.1e} of all."
    )
