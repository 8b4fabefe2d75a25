"""What can be wrong with the desk as a whole, each as one sentence."""

from __future__ import annotations

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
    """There are people in the vault but no key ring."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The vault has people, but its key ring {where} is gone. Restore it from its backup; "
            "a new one could not open their names."
        )


class DatabaseLost(BadInput):
    """The desk was set up, but one of its databases is gone or empty."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The desk was set up, but its database {where} is gone or empty. Restore it from its backup; "
            "a new one would know nobody, or not what was told."
        )


class DatabaseBusy(Failure):
    """Another process holds the database."""

    def __init__(self) -> None:
        super().__init__("The desk's database is held by another command. Let that end and run this again.")


class DatabaseFull(Failure):
    """There is no room for what must be written."""

    def __init__(self) -> None:
        super().__init__("The disk of the desk's database is full. Free some space and run this again.")


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
