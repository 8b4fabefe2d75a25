"""What can be wrong with an act on an account, as sentences; pages have their own words for each `cause`."""

from __future__ import annotations

from luwte.base.errors import BadInput


class AccountRefused(BadInput):
    """An act on an account that is not done."""

    cause = ""


class AccountTaken(AccountRefused):
    """There is an account of that name."""

    cause = "taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is an account {name!r} already. Choose another name.")


class AccountUnknown(AccountRefused):
    """Nobody of the staff has that name."""

    cause = "unknown"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no account {name!r}. `luwte desk staff list` shows all.")


class AccountWrong(AccountRefused):
    """A name or a password that no account may have."""

    cause = "wrong"


class NothingToChange(AccountRefused):
    """The account is already what somebody asks for."""

    cause = "same"


class InvitationSpent(Exception):
    """A link that was used, is too old, or never was."""


class TwoNeeded(AccountRefused):
    """An act for which two administrators are needed, and this is not how they do it."""

    def __init__(self, sentence: str, cause: str) -> None:
        super().__init__(sentence)
        self.cause = cause
