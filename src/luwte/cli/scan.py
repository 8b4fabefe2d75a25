"""`luwte scan`: read carriers out and recognise known imagery."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from luwte.base.errors import Failure
from luwte.cli._once import Once
from luwte.cli._progress import amount, shown_progress
from luwte.cli.report import named_classes
from luwte.exchange.home import Home
from luwte.exchange.report import Report
from luwte.lab.scan.crew import DEADLINE
from luwte.lab.scan.executors.ray import Ray
from luwte.lab.scan.folder import REPORT
from luwte.lab.scan.handover import HANDOVER
from luwte.lab.scan.pipeline import scan as run_scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.stopped import count
from luwte.lab.scan.walls import standing
from luwte.lab.scan.worklist import NAME

_LONGEST_WAIT = 10


@click.command(cls=Once)
@click.argument("carriers", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--reference",
    required=True,
    type=click.Path(readable=False, path_type=Path),
    help="The bundle to compare with.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder for the results.")
@click.option("--case", help="The case number that the report carries.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=lambda: len(os.sched_getaffinity(0)),
    show_default="one a core",
    help="How many processes look at files here; with --ray each node has one a processor.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(0.1, 3600),
    default=DEADLINE,
    show_default=True,
    help="Seconds that looking at one file may take.",
)
@click.option("--verify/--no-verify", default=True, help="Check the hash that an E01 image stores of itself.")
@click.option(
    "--carve/--no-carve",
    default=True,
    help="Find pictures in free space and inside other files; without it a scan is faster and misses them.",
)
@click.option(
    "--walls",
    type=click.Choice(["any", "required"]),
    default="any",
    show_default=True,
    help="Scan behind the walls that this machine has, or only where all of them stand.",
)
@click.option(
    "--known-good",
    multiple=True,
    type=click.Path(readable=False, path_type=Path),
    help="A list of known software (NSRL RDS version 3): its files are not decoded. May be given again.",
)
@click.option(
    "--unlock",
    multiple=True,
    type=click.Path(readable=False, path_type=Path),
    help="A file of keys to encrypted volumes (BitLocker, LUKS, FileVault), one a line, at most 32, that its "
    "owner alone can read. May be given again.",
)
@click.option(
    "--hasher",
    metavar="NAME",
    default="",
    help="Also use the licensed hasher NAME (photodna, ...) that is installed here: see docs/hashers.md.",
)
@click.option(
    "--ray",
    metavar="ADDRESS",
    help="Have the machines of the Ray cluster whose head is at ADDRESS (host:port) do the work.",
)
@click.option(
    "--fast-only",
    is_flag=True,
    help="Leave out the deep pass, which looks closely, for crops and pastes, at what no list knows. The "
    "same command without this does it later.",
)
@click.option("--replace", is_flag=True, help="Replace the results of a finished scan in the folder.")
def scan(  # noqa: PLR0913 - one argument an option
    carriers: tuple[Path, ...],
    reference: Path,
    out: Path,
    case: str | None,
    workers: int,
    deadline: float,
    verify: bool,
    carve: bool,
    walls: str,
    known_good: tuple[Path, ...],
    unlock: tuple[Path, ...],
    hasher: str,
    ray: str | None,
    fast_only: bool,
    replace: bool,
) -> None:
    """Read CARRIERS out and recognise known imagery.

    A carrier is a folder, a zip, tar, 7z or rar, a raw or E01 image (also split: name its first segment), a
    virtual disk (VMDK, QCOW2, VHD, VHDX), or a list of hashes that another tool exported (VICS JSON, CSV,
    text). The folder named with --out gets report.lwreport, which may leave the lab, worklist.sqlite, which
    may not, and handover.vics.json, the unknown pictures and videos for victim identification, which stays
    with the police.

    Where the list has local codes, a deep pass then looks closely at the pictures that are still unknown, for
    crops, copies at any angle, collages and pastes. The results of the fast pass are written before it
    begins, and written anew with what it finds when it ends.

    With --ray, each node must see the carriers and the list under the same paths, and opens the list with its
    own keys. A node that is lost costs nothing but time.

    Exit code 0 when all carriers were read to their end, even if some files on them could not be; 1 when one
    broke off or differs from its stored hash (the report is there and says so), or when the work failed; 2
    when something given cannot be used.
    """
    request = Request(
        carriers=carriers,
        reference=reference,
        out=out,
        case=case,
        workers=workers,
        deadline=deadline,
        stall=_LONGEST_WAIT * max(deadline, DEADLINE),
        verify=verify,
        carve=carve,
        replace=replace,
        known_good=known_good,
        unlock=unlock,
        hasher=hasher,
        fast_only=fast_only,
    )
    home = Home.open()
    _say_walls(required=walls == "required")
    tell = partial(click.echo, err=True)
    cluster = None if ray is None else partial(Ray, address=ray, walls=walls == "required", tell=tell)
    with shown_progress() as progress:
        report = run_scan(request, home, progress=progress, tell=tell, cluster=cluster)
    click.echo(summary(report))
    click.echo(f"acute, first  {out / HANDOVER}\nmay leave     {out / REPORT}\nstays here    {out / NAME}")
    if careful := count(report.coverage.reasons):
        click.echo(f"with care     {careful} files, listed by luwte worklist stopped {out}")
    _complain(report)


def _say_walls(*, required: bool) -> None:
    """Say which walls stand around what reads foreign bytes; with `required` end when one is missing."""
    found = standing()
    if required:
        found.require_all()
    click.echo(str(found), err=True)


def summary(report: Report) -> str:
    """Return what a report says, as a short table."""
    coverage = report.coverage
    rows = [
        ("pass", _passed(report)),
        ("files", f"{coverage.files} ({amount(coverage.bytes)})"),
        ("pictures", f"{coverage.pictures}, videos {coverage.videos}, other {coverage.other}"),
        ("unreadable", _with_reasons(coverage.unreadable, coverage.reasons)),
        ("identical", str(coverage.identical)),
        ("same picture", f"{coverage.same_picture} (to be reviewed, unless that is automatic)"),
        ("near", f"{coverage.near} (to be reviewed)"),
        ("same scene", f"{coverage.same_scene} (of no list; in the hand-over)"),
        ("unknown", f"{coverage.unknown} (of any kind, that match nothing)"),
        ("classes", ", ".join(f"{name} {count}" for name, count in named_classes(coverage))),
        ("series found", str(len(report.findings))),
    ]
    for number, carrier in enumerate(coverage.carriers, 1):
        state = "read to its end" if carrier.complete else "INCOMPLETE"
        told = [f"{carrier.kind}, {carrier.files} files, {state}", *carrier.file_systems]
        if carrier.image_hash != "not checked":
            told.append(f"image hash {carrier.image_hash}")
        told += [f"{problem.reason}: {problem.count}" for problem in carrier.problems]
        rows.append((f"carrier {number}", ", ".join(told)))
    return "\n".join(f"{name:<13} {value}" for name, value in rows)


def _passed(report: Report) -> str:
    """Return how deep a scan went: nothing is said to be searched that was not."""
    coverage = report.coverage
    if report.depth == "fast":
        return "fast: crops, pastes and copies at an angle were not looked for"
    told = f"deep: {coverage.closely} unknown pictures were looked at closely"
    left = _with_reasons(sum(coverage.not_closely.values()), dict(coverage.not_closely))
    return f"{told}, not {left}" if coverage.not_closely else told


def _with_reasons(count: int, reasons: dict[str, int]) -> str:
    told = ", ".join(f"{reason}: {number}" for reason, number in sorted(reasons.items()))
    return f"{count} ({told})" if told else str(count)


def _complain(report: Report) -> None:
    carriers = report.coverage.carriers
    broken = [number for number, carrier in enumerate(carriers, 1) if not carrier.complete]
    differing = [number for number, carrier in enumerate(carriers, 1) if carrier.image_hash == "differs"]
    if broken:
        raise Failure(
            f"Carrier {_numbers(broken)} could not be read whole; the report says so (incomplete), and why. "
            "Scan it again with the right to read all of it, or image it again."
        )
    if differing:
        raise Failure(
            f"Carrier {_numbers(differing)} differs from the hash that was stored when it was imaged; the "
            "report says so. Image it again."
        )


def _numbers(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
