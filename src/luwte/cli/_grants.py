"""`luwte desk grants`: the rights of the desk's roles in PostgreSQL, as SQL."""

from __future__ import annotations

import re

import click

from luwte.base.errors import BadInput

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_DATABASES = {"desk": "default", "vault": "vault", "accounts": "accounts"}


@click.command()
@click.argument("database", type=click.Choice(sorted(_DATABASES)))
@click.option("--casework", default="luwte_casework", show_default=True, help="The role of casework.")
@click.option("--telling", default="luwte_telling", show_default=True, help="The role of telling.")
@click.option("--vault", default="luwte_vault", show_default=True, help="The role of the vault's processes.")
@click.option("--retention", default="luwte_retention", show_default=True, help="The role that deletes.")
@click.option("--backup", default="luwte_backup", show_default=True, help="The role that backs up.")
def grants(database: str, **roles: str) -> None:
    """Print the SQL that gives each role its least rights in DATABASE; its owner runs it with psql.

    That of `accounts` is printed in the world of casework, whose accounts they are.
    """
    from luwte.desk.project import ready
    from luwte.desk.project.grants import Role, statements
    from luwte.desk.project.worlds import World

    if wrong := [name for name in roles.values() if not _NAME.fullmatch(name)]:
        raise BadInput(f"{wrong[0]!r} is no name of a role. Use at most 63 letters, digits and underscores.")
    if len(set(roles.values())) < len(roles):
        raise BadInput("Two worlds have the same role. Give each a role of its own.")
    ready.start()
    ready.require(World.CASEWORK if database == "accounts" else World.TELLING)
    names = {Role(world): name for world, name in roles.items()}
    click.echo("\n".join(statements(_DATABASES[database], names)))
