"""`luwte simulate`: a year of telling in seconds, under four policies, in one drawn world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luwte.base.files import write_bytes

if TYPE_CHECKING:
    from rich.table import Table

    from luwte.planner.measures import Figures
    from luwte.planner.year import Row


@click.command()
@click.option("--people", default=1000, show_default=True, type=click.IntRange(1, 100_000), help="How many.")
@click.option("--weeks", default=52, show_default=True, type=click.IntRange(1, 520), help="How long.")
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed gives the same world.")
@click.option("--sweep", "sweeps", is_flag=True, help="Vary each uncertain number too, one at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--plot", type=click.Path(path_type=Path), help="Write a plot to this file, as SVG.")
def simulate(people: int, weeks: int, seed: int, sweeps: bool, as_json: bool, plot: Path | None) -> None:
    """Run a simulated year under four policies of telling and compare what it does to people.

    Nobody real is in it and nothing is sent: the people, the cases and the addresses are drawn from the seed.
    """
    from luwte.planner.drawing import plot as drawn
    from luwte.planner.parameters import ORIGIN, Parameters
    from luwte.planner.year import compare, sweep

    parameters = Parameters(people=people, weeks=weeks, seed=seed)
    figures = compare(parameters)
    rows = list(sweep(parameters)) if sweeps else []
    if plot is not None:
        write_bytes(plot, drawn(figures, people, weeks).encode())
    if as_json:
        click.echo(json.dumps(_document(asdict(parameters), figures, rows), indent=1))
        return
    from rich.console import Console

    console = Console(width=None if Console().is_terminal else 120)
    console.print(_table(figures), _reasons(figures))
    if rows:
        console.print(_sweep_table(rows))
    for name, origin in ORIGIN.items():
        click.echo(f"{name} = {getattr(parameters, name)}: {origin}")


def _document(parameters: dict[str, object], figures: Mapping[str, Figures], rows: list[Row]) -> object:
    return {
        "parameters": parameters,
        "policies": {name: asdict(one) for name, one in figures.items()},
        "sweep": [
            {"name": row.name, "value": row.value}
            | {"policies": {name: asdict(one) for name, one in row.figures.items()}}
            for row in rows
        ],
    }


def _table(figures: Mapping[str, Figures]) -> Table:
    from rich.table import Table

    table = Table("", *figures, title="One world, four policies")
    for label, cells in _lines(figures).items():
        table.add_row(label, *cells)
    return table


def _lines(figures: Mapping[str, Figures]) -> dict[str, list[str]]:
    found = list(figures.values())
    return {
        "contacts with people and parents": [str(one.contacts) for one in found],
        "a person-week: mean": [f"{one.mean:.3f}" for one in found],
        "95th percentile": [str(one.p95) for one in found],
        "95th, tenth with most hits": [str(one.p95_top) for one in found],
        "most": [str(one.most) for one in found],
        "busiest week": [f"{one.worst_week[1]} ({one.worst_week[0]})" for one in found],
        "not wanted (people)": [f"{one.unwanted} ({one.unwanted_people})" for one in found],
        "people over what they chose": [str(one.over) for one in found],
        "rights that lapsed": [str(one.rights) for one in found],
        "told in time": [str(one.used) for one in found],
        "untold by choice": [str(one.left) for one in found],
        "missed": [str(sum(one.missed.values())) for one in found],
        "lost at a failed address": [f"{one.lost} ({one.lost_addresses} addresses)" for one in found],
        "addresses put right": [str(one.mended) for one in found],
        "contacts with lawyers": [str(one.to_lawyers) for one in found],
        "conversations by care workers": [str(sum(one.calls.values())) for one in found],
    }


def _reasons(figures: Mapping[str, Figures]) -> Table:
    from rich.table import Table

    table = Table("", *figures, title="Why: rights missed, and what stands untold at the end")
    for kind in ("missed", "withheld"):
        names = {name: None for one in figures.values() for name in getattr(one, kind)}
        for name in names:
            counts = [str(getattr(one, kind).get(name, 0)) for one in figures.values()]
            table.add_row(f"{kind}: {name.replace('_', ' ')}", *counts)
    return table


def _sweep_table(rows: list[Row]) -> Table:
    from rich.table import Table

    names = list(rows[0].figures)
    table = Table("", *names, title="Most in a week / not wanted / rights missed, with one number changed")
    for row in rows:
        cells = [f"{one.most} / {one.unwanted} / {sum(one.missed.values())}" for one in row.figures.values()]
        table.add_row(f"{row.name} = {row.value:g}", *cells)
    return table
