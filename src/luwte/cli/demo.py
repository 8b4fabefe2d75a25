"""`luwte demo`: the main job on drawn pictures, from a seized carrier to people told only as chosen."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--exit", "ends", is_flag=True, envvar="DEMO_EXIT", help="End after the closing table; serve nothing."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(".demo"),
    envvar="DEMO_FOLDER",
    show_default=True,
    help="Where the demo makes all it needs, anew in each run.",
)
@click.option(
    "--seed", type=click.IntRange(0, 10_000), default=9, show_default=True, help="Which pictures to draw."
)
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8000,
    envvar="DEMO_PORT",
    show_default=True,
    help="Where the desk is served, on 127.0.0.1.",
)
def demo(ends: bool, folder: Path, seed: int, port: int) -> int:
    """Run the main job on drawn pictures, from carrier to person, then serve the desk for trying out."""
    from luwte.demo.run import run_demo

    return run_demo(folder, seed, port, serve=not ends)
