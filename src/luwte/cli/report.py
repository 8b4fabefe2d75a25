"""`luwte report`: what a report says, to a person or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from luwte.exchange.documents import moment_text
from luwte.exchange.home import Home
from luwte.exchange.report import Coverage, Report, Thresholds, read_report, report_document
from luwte.exchange.report_shape import CLASSES

COUNTED = (
    "files", "bytes", "pictures", "videos", "other", "unreadable",
    "identical", "same_picture", "near", "same_scene", "unknown",
)  # fmt: skip


@click.group()
def report() -> None:
    """Show what a report says."""


@report.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(file: Path, as_json: bool) -> None:
    """Check the signatures of the report FILE and show its coverage and findings."""
    found = read_report(file, Home.open().trusted())
    if as_json:
        document = report_document(found) | {"signer": found.signer}
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        _print(found)


def _print(found: Report) -> None:
    console = Console(highlight=False)
    case = f", case {escape(found.case)}" if found.case else ""
    console.print(
        f"Report {found.id}{case}, {found.depth} pass, made {moment_text(found.made)} by {found.tool}, "
        f"key {found.signer}"
    )
    console.print(
        f"List {found.list.version} of {moment_text(found.list.made)}, {found.list.entries:,} entries; "
        f"near: {_rule(found.thresholds)}"
    )
    console.print(_coverage_table(found.coverage))
    console.print(_carriers_table(found.coverage))
    console.print(_findings_table(found))


def _rule(thresholds: Thresholds) -> str:
    """Return in words what counted as near, and as the same picture."""
    rule = f"PDQ distance up to {thresholds.pdq_radius}, quality from {thresholds.pdq_quality}"
    if thresholds.film_share is not None:
        rule += f"; a video by {thresholds.film_share} % of its frames, or of those of the file, or by order"
    if thresholds.model is None or thresholds.same_picture is None or thresholds.near is None:
        return rule
    return (
        f"{rule}; by model {thresholds.model} from a likelihood of {thresholds.near / 1000:.3f}, "
        f"and the same picture from {thresholds.same_picture / 1000:.3f}"
    )


def _coverage_table(coverage: Coverage) -> Table:
    title = "Coverage" if coverage.complete else "Coverage (not all was read)"
    table = Table("searched", "", title=title)
    for name in COUNTED:
        table.add_row(name.replace("_", " "), f"{getattr(coverage, name):,}")
    for name, count in named_classes(coverage):
        table.add_row(f"class: {name}", f"{count:,}")
    for reason, count in coverage.reasons.items():
        table.add_row(f"unreadable: {escape(reason)}", f"{count:,}")
    table.add_row("from", moment_text(coverage.started))
    table.add_row("until", moment_text(coverage.ended))
    return table


def named_classes(coverage: Coverage) -> list[tuple[str, int]]:
    """Return each class of files in words, with its count; every file is in one of them."""
    return [(name.replace("_", " "), coverage.classes[name]) for name in CLASSES]


def _carriers_table(coverage: Coverage) -> Table:
    table = Table(
        "carrier", "files", "bytes", "read whole", "image hash", "file systems", "problems", title="Carriers"
    )
    for carrier in coverage.carriers:
        table.add_row(
            carrier.kind,
            f"{carrier.files:,}",
            f"{carrier.bytes:,}",
            "yes" if carrier.complete else "no",
            carrier.image_hash,
            escape(", ".join(carrier.file_systems)),
            escape("; ".join(f"{problem.reason} ({problem.count:,})" for problem in carrier.problems)),
        )
    return table


def _findings_table(found: Report) -> Table:
    table = Table("series", "identical", "same picture", "near", "entries", "clusters", title="Findings")
    clusters = Counter(cluster.series for cluster in found.clusters)
    for finding in found.findings:
        table.add_row(
            escape(finding.series),
            f"{finding.identical:,}",
            f"{finding.same_picture:,}",
            f"{finding.near:,}",
            f"{len(finding.entries):,}",
            f"{clusters[finding.series]:,}",
        )
    if not found.findings:
        none = "none: nothing of this list was recognised in what was searched"
        table.add_row(none, *[""] * (len(table.columns) - 1))
    return table
