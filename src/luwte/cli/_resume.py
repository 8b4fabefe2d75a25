"""`luwte desk resume`: after a restore, a human lets telling go on."""

from __future__ import annotations

from typing import TextIO

import click

from luwte.base.clock import SystemClock
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import staff_account, with_account


@click.command()
@with_account
@click.option(
    "--none-left", is_flag=True,
    help="You are sure that nothing left after the backup: let what is due go out.",
)  # fmt: skip
@on_a_ready_desk
def resume(account: str, secrets: TextIO | None, none_left: bool) -> None:
    """Let telling go on after a restore, once you looked at the time that was lost.

    Enter withdrawals, mandates and addresses of that time again first, and take its reports in again.
    Contacts that may have left in it are not sent: each becomes a task, and a care worker finds out whether
    it arrived.
    """
    from luwte.desk.telling import after_restore

    by = staff_account(account, secrets)
    done = after_restore.resume(by, SystemClock().now(), none_left=none_left)
    click.echo(
        f"Telling goes on. {done.unsure} contacts may have left before the restore: they wait on the work "
        "list until somebody found out whether they arrived."
    )
