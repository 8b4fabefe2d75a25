"""`luwte desk check`: is this desk safe to hold people's data?"""

from __future__ import annotations

import click

from luwte.base.logs import say
from luwte.cli._ready import on_any_ready_desk


@click.command()
@on_any_ready_desk
def check() -> None:
    """Say, a line each, what is not safe in this deployment; silent and exit code 0 only when all is.

    Run it in each world, as its system user, with its environment: after each change, and once a day.
    """
    from luwte.desk.project.checks import findings

    found = sorted(
        {" ".join(f"{one.id}: {one.msg} {one.hint or ''}".split()): str(one.id) for one in findings()}.items()
    )
    for line, name in found:
        say("check.finding", finding=name)
        click.echo(line)
    if found:
        click.get_current_context().exit(1)
