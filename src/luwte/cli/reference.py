"""`luwte reference`: build a reference bundle from hash lists and decisions, and show one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from luwte.base.errors import BadInput
from luwte.cli._once import Once
from luwte.cli._reading import reading
from luwte.exchange.bundle import is_bundle, open_bundle
from luwte.exchange.decisions import Decision, read_decisions, with_known
from luwte.exchange.documents import moment_text
from luwte.exchange.entries import UNASSIGNED, series_name
from luwte.exchange.errors import unreadable
from luwte.exchange.home import Home
from luwte.exchange.lists import ListOptions, Sifted, add_to_reference, build_reference
from luwte.exchange.receipts import check_receipts, read_receipts, receipts_of, write_receipts
from luwte.exchange.summary import BundleSummary, bundle_summary
from luwte.lab.recognition.model import model_of
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.recognition.wide import wide_net
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.reference.memory import remember
from luwte.lab.scan.worklist import read_rows

FILE = click.Path(readable=False, path_type=Path)
SERIES_SHOWN = 20
KIND_NAMES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "pdq": "PDQ"}


@click.group()
def reference() -> None:
    """Build and show reference bundles."""


@reference.command(cls=Once)
@click.option("--from", "first", multiple=True, type=FILE, metavar="FILE...",
              help="Hash lists: VICS JSON, CSV with a header, one hash a line, a video by vPDQ.")  # fmt: skip
@click.argument("more", nargs=-1, type=FILE, metavar="")
@click.option("--out", required=True, type=FILE, help="The bundle to write.")
@click.option("--series", default=UNASSIGNED, show_default=True, help="The series of rows that name none.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=NAME",
              help="Take FIELD (md5, sha1, sha256, pdq, series, ...) from the CSV column NAME.")  # fmt: skip
@click.option("--category", "categories", metavar="1,2", help="Take only rows of these VICS categories.")
@click.option("--kind", type=click.Choice(["sha256", "pdq"]), default="sha256", show_default=True,
              help="What a hash of 64 digits is, where the list does not say.")  # fmt: skip
@click.option("--skip-bad", is_flag=True, help="Leave bad rows out, counted, instead of refusing the list.")
@click.option("--add", is_flag=True, help="Add to the bundle instead of making it anew; without "
              "--from, only sign and encrypt it again, for the keys that are trusted now.")  # fmt: skip
@click.option("--decisions", multiple=True, type=FILE, metavar="FILE",
              help="With --add: what reviewers decided. The newest decision on a cluster holds.")  # fmt: skip
@click.option("--worklist", "worklists", multiple=True, type=FILE, metavar="SCAN_FOLDER",
              help="Results of a scan whose clusters were decided: which files they are.")  # fmt: skip
def build(
    first: tuple[Path, ...],
    more: tuple[Path, ...],
    out: Path,
    add: bool,
    decisions: tuple[Path, ...],
    worklists: tuple[Path, ...],
    **how: Any,
) -> None:
    """Make a signed, encrypted bundle from hash lists. A bundle that stands at --out is replaced.

    With --decisions, files that reviewers confirmed become entries of their series, and those that they
    rejected are never matched with that entry again. The same decisions twice change nothing.
    """
    lists, home = [*first, *more], Home.open()
    options = _options(**how)
    _check_target(out)
    if decisions or worklists:
        _check_decisions(out, add=add, decisions=decisions, worklists=worklists)
        given = [one for path in decisions for one in read_decisions(path, home.trusted())]
        decided = with_known(given, home)
        if not lists:
            _remember(out, decided, worklists, home)
            return
    if not lists and not (add and out.exists()):
        raise BadInput("There is nothing to build from. Name hash lists with --from.")
    work = add_to_reference if add else build_reference
    with reading(sum(_size(path) for path in lists), "Reading lists") as progress:
        summary, sifted = work(out, lists, home, options, progress=progress)
    click.echo(f"{out} is written, from {sifted.rows:,} rows.")
    _print_left_out(sifted)
    if decisions:
        _remember(out, decided, worklists, home)
    else:
        _print(summary)


@reference.command()
@click.argument("file", metavar="REF", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(file: Path, as_json: bool) -> None:
    """Show the version, maker and contents of the bundle REF, and what it can and cannot find here."""
    home = Home.open()
    bundle = open_bundle(file, home)
    summary = bundle_summary(bundle, bundle.statement)
    index = ReferenceIndex(bundle)
    radius = wide_net(model_of(home.path), index)
    if as_json:
        document = summary_document(summary) | {"pdq_radius": radius if len(bundle.pdq) else None}
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    _print(summary)
    if len(bundle.pdq):
        click.echo(f"by PDQ   {_net(radius, index)}")


def _net(radius: int, index: ReferenceIndex) -> str:
    """Return what the wide net of a list is."""
    count = f"{index.pictured:,} entries with PDQ"
    if radius > PDQ_RADIUS:
        return (
            f"edited copies up to {radius} bits of 256, where the rule of the field ends at {PDQ_RADIUS}: "
            f"among {count} few strangers are so near by chance, as the model here says"
        )
    return (
        f"edited copies up to {radius} bits of 256, as the field has it, and none by a wider net: among "
        f"{count} what is further off is most likely a stranger, as the model here says"
    )


@reference.command()
@click.argument("file", metavar="REF", type=FILE)
@click.option("--out", type=FILE, help="The file to write.")
@click.option("--check", type=FILE, help="Instead, see whether these receipts fit what REF holds.")
def receipts(file: Path, out: Path | None, check: Path | None) -> None:
    """Write for the desk what shows later that a series was in the list REF; only its maker can.

    The file names every series: guard it as the list itself. `luwte desk lists receipts` takes it in.
    """
    if (out is None) == (check is None):
        raise BadInput("Say what to do: write receipts with `--out FILE`, or check some with `--check FILE`.")
    home = Home.open()
    bundle = open_bundle(file, home)
    if out is None:
        check_receipts(read_receipts(check or file, home.trusted()), bundle)
        click.echo("These receipts are for exactly the series and entries of this list.")
        return
    found = receipts_of(bundle, home)
    write_receipts(out, found, home)
    click.echo(f"{out} is written: receipts for {len(found.commitment.receipts):,} series.")


def summary_document(summary: BundleSummary) -> dict[str, object]:
    """Return what `luwte reference show --json` prints."""
    return {
        "version": summary.statement.version,
        "made": moment_text(summary.statement.made),
        "signer": summary.statement.signer,
        "recipients": list(summary.statement.recipients),
        "entries": summary.entries,
        "kinds": summary.kinds,
        "videos": summary.videos,
        "coded": summary.coded,
        "rejected": summary.rejected,
        "attributes": summary.attributes,
        "series": summary.series,
        "can_find": list(summary.can_find),
        "cannot_find": list(summary.cannot_find),
    }


def _options(
    series: str, columns: tuple[str, ...], categories: str | None, kind: str, skip_bad: bool
) -> ListOptions:
    wanted = None if categories is None else frozenset(part.strip() for part in categories.split(","))
    if wanted is not None and not all(part.isdecimal() for part in wanted):
        raise BadInput(f"--category {categories} is not a list of numbers. Write it as --category 1,2.")
    pairs = [column.partition("=") for column in columns]
    if not all(field and name for field, _, name in pairs):
        raise BadInput("--column needs a field and a column name. Write it as --column md5=NAME.")
    try:
        name = series_name(series)
    except ValueError as error:
        raise BadInput(f"--series {series!r} cannot be used: {error}.") from None
    return ListOptions(name, {field: name for field, _, name in pairs}, kind, wanted, skip_bad)


def _check_decisions(
    out: Path, *, add: bool, decisions: tuple[Path, ...], worklists: tuple[Path, ...]
) -> None:
    if not add or not out.exists():
        raise BadInput("Decisions are about entries of a list. Name the list with --out, and give --add.")
    if not decisions:
        raise BadInput("A worklist alone decides nothing. Give the decisions on it with --decisions.")
    if not worklists:
        raise BadInput(
            "Decisions name clusters, not files. Give the folder of the scan that found them with --worklist."
        )


def _remember(out: Path, decided: list[Decision], worklists: tuple[Path, ...], home: Home) -> None:
    rows = (row for path in worklists for row in read_rows(path))
    summary, told = remember(out, decided, rows, home)
    click.echo(f"{out} is written, from {len(decided):,} decisions.")
    for count, what in (
        (told.confirmed, "files that were confirmed are entries now"),
        (told.rejected, "files that were rejected are not matched so again"),
        (told.undone, "files or pairs of earlier decisions were taken back"),
    ):
        click.echo(f"Remembered: {count:,} {what}.")
    for count, why in (
        (told.elsewhere, "decisions on clusters that are in none of the worklists"),
        (told.gone, "decisions on entries that are not in the list"),
        (told.contradicting, "clusters that were decided two ways in one second"),
        (told.nameless, "files of which too little is known to remember them"),
    ):
        if count:
            click.echo(f"Left out: {count:,} {why}.")
    _print(summary)


def _check_target(out: Path) -> None:
    """A slip of the hand must not cost a list: only a bundle, or nothing, may stand at the target."""
    if out.is_dir():
        raise BadInput(f"{out} is a folder. Give the bundle a file name.")
    if not out.absolute().parent.is_dir():
        raise BadInput(f"The folder {out.parent} does not exist. Make it first, or choose another.")
    if out.exists() and not is_bundle(out):
        raise BadInput(f"{out} exists and is not a reference bundle. Choose another name, or move it away.")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from None


def _print_left_out(sifted: Sifted) -> None:
    for reason, count in sifted.left_out.items():
        click.echo(f"Left out: {count:,} {reason}.")


def _print(summary: BundleSummary) -> None:
    statement = summary.statement
    click.echo(f"version  {statement.version}")
    click.echo(f"made     {moment_text(statement.made)} by key {statement.signer}")
    click.echo(f"readable by keys {', '.join(statement.recipients)}")
    kinds = ", ".join(f"{KIND_NAMES[kind]} {count:,}" for kind, count in summary.kinds.items() if count)
    click.echo(f"entries  {summary.entries:,}{f' ({kinds})' if kinds else ''}")
    if summary.videos:
        click.echo(f"videos   {summary.videos:,} of the entries")
    if summary.coded:
        click.echo(f"codes    local codes of {summary.coded:,} of the entries")
    if summary.rejected:
        click.echo(f"rejected {summary.rejected:,} files that somebody saw to be none of the entries")
    for name, count in sorted(summary.series.items(), key=lambda item: -item[1])[:SERIES_SHOWN]:
        click.echo(f"series   {name}: {count:,}")
    if len(summary.series) > SERIES_SHOWN:
        click.echo(f"         and {len(summary.series) - SERIES_SHOWN:,} series more; --json shows all")
    for sentence in summary.can_find:
        click.echo(f"finds    {sentence}")
    for sentence in summary.cannot_find:
        click.echo(f"cannot find {sentence}")
