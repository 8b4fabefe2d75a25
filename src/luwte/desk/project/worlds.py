"""Which world a process of the desk works in: LUWTE_DESK_WORLD.

    telling    both databases: who is told what, the portal, the staff's pages (the default)
    casework   the register alone: intake, review, lists, quarantine, the interface for machines; it has no
               vault and no key. Its pages have accounts of their own, in a database of casework alone
    vault      the vault alone: who people are and how they are reached; it has no register
    retention  both databases, to delete what is over its term, and nothing else

A process is given no more than its world needs. What its world lacks is not installed in it, so no code of it
can be reached by mistake.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum

from luwte.desk.project.databases import ACCOUNTS, ACCOUNTS_VARIABLE, ENVIRONMENT
from luwte.desk.project.environment import SettingWrong

VARIABLE = "LUWTE_DESK_WORLD"
KEYS = "LUWTE_DESK_KEYS"


class World(StrEnum):
    """What a process may see."""

    TELLING = "telling"
    CASEWORK = "casework"
    VAULT = "vault"
    RETENTION = "retention"

    @property
    def aliases(self) -> tuple[str, ...]:
        """The databases of this world."""
        return {"casework": ("default",), "vault": ("vault",)}.get(self.value, ("default", "vault"))

    @property
    def with_pages(self) -> tuple[str, ...]:
        """The databases of this world where it serves pages, or looks into their accounts."""
        return (*self.aliases, ACCOUNTS) if self == World.CASEWORK else self.aliases

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms that are installed in this world; () for all but those of another world's pages."""
        casework = ("audit", "cases", "findings", "review", "casework", "pages", "accounts", "api")
        return {"casework": casework, "vault": ("vault",)}.get(self.value, ())


def world(environment: Mapping[str, str] | None = None) -> World:
    """Return the world of this process. Raises `SettingWrong`, also when it was given what is not its own."""
    found = os.environ if environment is None else environment
    try:
        chosen = World(found.get(VARIABLE) or World.TELLING)
    except ValueError:
        raise SettingWrong(f"{VARIABLE} is no world. Write telling, casework, vault or retention.") from None
    foreign = [name for alias, name in ENVIRONMENT.items() if alias not in chosen.aliases]
    foreign.append(KEYS if chosen == World.CASEWORK else ACCOUNTS_VARIABLE)
    if given := [name for name in foreign if found.get(name)]:
        raise SettingWrong(
            f"{given[0]} is set, but a process of {chosen.value} is never given that. Take it out of its "
            f"environment, or choose another {VARIABLE}."
        )
    return chosen
