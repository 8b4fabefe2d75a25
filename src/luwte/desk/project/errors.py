"""What can be wrong with the desk as a whole, each as one sentence."""

from __future__ import annotations

from collections.abc import Collection

from luwte.base.errors import BadInput, Failure


class DeskNotReady(BadInput):
    """The desk was not set up here, or not fully."""

    def __init__(self, where: str) -> None:
        super().__init__(f"There is no desk at {where} yet. Run `luwte desk init` first.")


class DeskIsNewer(BadInput):
    """The databases were made by a newer Luwte."""

    def __init__(self, where: str) -> None:
        super().__init__(f"The desk at {where} was made by a newer Luwte than this one. Update Luwte here.")


class KeysLost(BadInput):
    """The vault was set up before, but there is no key ring."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The vault was set up, but its key ring {where} is not here. Restore it from its backup, or "
            "bring it from where the desk was set up; a new one could not open a name."
        )


class OtherKeys(BadInput):
    """The key ring is not the one that the vault was set up with."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The key ring {where} is not the one that this vault was set up with. Bring that one here; "
            "with another, nobody would be found."
        )


class DatabaseLost(BadInput):
    """The desk was set up, but one of its databases is gone or empty."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The desk was set up, but its database {where} is gone or empty. Restore it from its backup; "
            "a new one would know nobody, or not what was told."
        )


class RestoreUnfinished(BadInput):
    """A restore was cut off, or waits for its tables to be brought up to date."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The restore of the desk at {where} is not finished, and until then nobody uses it. Run the "
            "same `luwte restore` again."
        )


class OtherWorld(BadInput):
    """This process is not given what the command needs."""

    def __init__(self, here: str, worlds: Collection[str]) -> None:
        super().__init__(
            f"This command does not run in a process of {here}. Run it where LUWTE_DESK_WORLD is "
            f"{' or '.join(worlds)}."
        )


class RoleMayNot(Failure):
    """The role in the database lacks a right."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database refuses ({reason}). Give this process the address with the role of its world, and "
            "that role its rights with `luwte desk grants`."
        )


class DatabaseBusy(Failure):
    """Another process holds the database."""

    def __init__(self) -> None:
        super().__init__("The desk's database is held by another command. Let that end and run this again.")


class DatabaseFull(Failure):
    """There is no room for what must be written."""

    def __init__(self) -> None:
        super().__init__("The disk of the desk's database is full. Free some space and run this again.")


class DatabaseReadOnly(Failure):
    """The database can be read, and nothing more."""

    def __init__(self) -> None:
        super().__init__(
            "The desk's database can only be read: its disk or its server is read-only, or this user may not "
            "write there. Nothing was changed. Mend that and run this again."
        )


class DatabaseRefused(Failure):
    """The database took a statement and refused it: a mistake in the program."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"The desk's database refused what Luwte asked of it ({kind}); nothing was changed. Run this "
            "again with LUWTE_DEBUG=1, where nobody looks on, and report what it prints."
        )


class DatabaseDamaged(Failure):
    """A file is not the database that it should be."""

    def __init__(self) -> None:
        super().__init__("A database of the desk is damaged. Restore it from its backup.")


class DatabaseAway(Failure):
    """The database cannot be reached or written."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The desk's database does not answer ({reason}). Check LUWTE_HOME, LUWTE_DESK_DATABASE and "
            "LUWTE_VAULT_DATABASE, and that you may write there."
        )
