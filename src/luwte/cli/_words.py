"""`luwte desk words`: read the texts, sign them, hold them against the rules for words."""

from __future__ import annotations

from typing import TextIO

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import Failure
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import NAME_OR_BY, SECRETS, signing_by


@click.group()
def words() -> None:
    """The texts that leave the desk, and the two people who signed each."""


@words.command(name="list")
@on_a_ready_desk
def words_list() -> None:
    """List every text, where it is read, and how many people signed it, per register."""
    from luwte.desk.words.registry import templates
    from luwte.desk.words.services import signatures

    for one in templates():
        count = len(signatures(one))
        click.echo(f"{one.id:<18}  {one.version}  {one.words:<8}  {one.place:<7}  {count} signatures")


@words.command(name="show")
@click.argument("template_id", metavar="ID")
@on_a_ready_desk
def words_show(template_id: str) -> None:
    """Print the newest version of the text ID in every register, and who signed it."""
    from luwte.desk.words.registry import REGISTERS, template
    from luwte.desk.words.services import signatures

    for one in (template(template_id, register) for register in REGISTERS):
        click.echo(f"{one.id} version {one.version}, {one.words}, {one.place}, digest {one.digest}")
        click.echo("\n".join(one.text.parts()).rstrip())
        for found in signatures(one):
            click.echo(f"signed by {found.by} ({found.role}) on {found.at.date()}")
        click.echo("")


@words.command(name="sign")
@click.argument("template_id", metavar="ID")
@NAME_OR_BY
@click.option("--role", required=True, help="In which role.")
@SECRETS
@on_a_ready_desk
def words_sign(template_id: str, account: str, role: str, secrets: TextIO | None) -> None:
    """Sign the newest version of the text ID, in every register, as one person.

    Once an account of the staff has a second factor, two accounts sign, each with password and code.
    """
    from luwte.desk.words.services import NEEDED, sign, signatures

    with signing_by(account, secrets) as by:
        new = sign(template_id, None, account, role, SystemClock().now(), signer=by)
    lacking = NEEDED - min(len(signatures(one)) for one in new)
    click.echo(
        f"Signed {template_id} version {new[0].version}: {', '.join(one.words for one in new)}. "
        + ("It may be used." if lacking <= 0 else "It may be used after a second, other person signed it.")
    )


@words.command(name="check")
def words_check() -> None:
    """Hold every text, in every filled variant, against the rules for words. Exit code 1 on a breach."""
    from luwte.desk.words.linter import all_faults
    from luwte.desk.words.registry import templates

    found = all_faults()
    for one, faults in found.items():
        for fault in faults:
            click.echo(f"{one.id} ({one.words}): {fault}")
    if found:
        raise Failure(f"{len(found)} texts break the rules for words. Change them; see docs/decisions/0012.")
    click.echo(f"{len(templates())} texts, no breach.")
