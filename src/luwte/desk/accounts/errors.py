"""What can be wrong with an act on an account, as sentences."""

from __future__ import annotations

from luwte.base.errors import BadInput


class AccountTaken(BadInput):
    """There is an account of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is an account {name!r} already. Choose another name.")


class AccountUnknown(BadInput):
    """Nobody of the staff has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no account {name!r}. `luwte desk staff list` shows all.")


class AccountWrong(BadInput):
    """A name or a password that no account may have."""


class InvitationSpent(Exception):
    """A link that was used, is too old, or never was."""


class TwoNeeded(BadInput):
    """An act for which two administrators are needed, and this is not how they do it."""
