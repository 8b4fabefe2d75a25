"""Who may read and write the files of the desk: on SQLite that is the wall between the worlds."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage

from luwte.desk.project.checks import Check, finding
from luwte.desk.project.databases import ACCOUNTS, FILES
from luwte.desk.project.folder import SECRET_FILE, casework_folder, desk_folder
from luwte.desk.project.worlds import World
from luwte.desk.vault.place import KEYS_FILE, vault_folder
from luwte.desk.vault.ring import ring_file
from luwte.exchange.home import default_path

OTHERS, GROUP_AND_OTHERS = 0o007, 0o077


def secrets_are_their_owners_alone() -> Iterator[CheckMessage]:
    """Keys, the vault and the list of the erased are read by their owner, this process, and nobody else."""
    for path in _secret():
        yield from _checked(path, GROUP_AND_OTHERS, "0600")


def the_rest_is_shared_by_the_two_worlds_at_most() -> Iterator[CheckMessage]:
    """The register may belong to a group (docs/worlds.md); others than that have no way in."""
    shared = [default_path(), desk_folder(), *_sqlite(desk_folder() / FILES["default"])]
    for path in shared:
        yield from _checked(path, OTHERS, "0700, or 2770 with a group of the two worlds", owner=False)


def the_vaults_folder_is_closed() -> Iterator[CheckMessage]:
    """A folder of the vault's own is entered by nobody else."""
    if settings.WORLD != World.CASEWORK and vault_folder() != desk_folder():
        yield from _checked(vault_folder(), GROUP_AND_OTHERS, "0700")


def the_print_folder_is_closed() -> Iterator[CheckMessage]:
    """Letters carry a name and an address: nobody else enters the folder in which they lie."""
    if folder := settings.LETTERS["folder"]:
        yield from _checked(Path(folder), GROUP_AND_OTHERS, "0700")


def casework_reaches_no_key() -> Iterator[CheckMessage]:
    """What casework may not have it should not be able to open either."""
    if settings.WORLD != World.CASEWORK:
        return
    for path in (vault_folder() / KEYS_FILE, vault_folder() / FILES["vault"]):
        if os.access(path, os.R_OK):
            yield finding(
                "files.casework",
                f"This process of casework can read {path}.",
                "Move the vault to a folder of its own (LUWTE_VAULT_FOLDER) that the user of telling owns.",
            )


def _secret() -> list[Path]:
    house = [default_path() / "identity.json"]
    if settings.WORLD == World.CASEWORK:
        folder = casework_folder()
        return [*house, folder, folder / SECRET_FILE, *_sqlite(folder / FILES[ACCOUNTS])]
    from luwte.desk.vault.erased import LIST_FILE, list_file

    own = [*_sqlite(vault_folder() / FILES["vault"]), list_file()]
    own += [ring] if (ring := ring_file()) else []
    return [*house, desk_folder() / SECRET_FILE, desk_folder() / LIST_FILE, *own]


def _sqlite(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]


def _checked(path: Path, closed: int, mode: str, *, owner: bool = True) -> Iterator[CheckMessage]:
    try:
        status = path.stat()
    except OSError:
        return
    if stat.S_IMODE(status.st_mode) & closed:
        yield finding(
            "files.mode",
            f"Others may open {path} (mode {stat.S_IMODE(status.st_mode):04o}).",
            f"Make it {mode} with `chmod`.",
        )
    if owner and status.st_uid != os.geteuid():
        yield finding(
            "files.owner",
            f"{path} belongs to another user ({status.st_uid}) than this process ({os.geteuid()}).",
            "Give it to the system user of this world with `chown`.",
        )


CHECKS: tuple[Check, ...] = (
    secrets_are_their_owners_alone,
    the_rest_is_shared_by_the_two_worlds_at_most,
    the_vaults_folder_is_closed,
    the_print_folder_is_closed,
    casework_reaches_no_key,
)
