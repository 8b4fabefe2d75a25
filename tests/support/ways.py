"""Ways to come in without a link, as tests set them up and use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from luwte.crypto.one_time import code_at, new_secret, step_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.services import Whose
from tests.support.desk import NOON


@dataclass(frozen=True, slots=True)
class App:
    """An app that was set up: its secret, the number and the recovery codes that came with it."""

    secret: str
    number: str
    codes: list[str]

    def code(self, now: datetime = NOON, later: int = 1) -> str:
        """Return the code that it shows `later` half minutes after `now`."""
        return code_at(self.secret, step_of(now) + later)


def with_app(person_id: str, representative_id: str | None = None, now: datetime = NOON) -> App:
    """Set up an app for a recipient, a little before `now`, so that the code of now is still to be used."""
    whose, secret = Whose(person_id, representative_id), new_secret()
    before = now - timedelta(minutes=5)
    codes = vault.add_app(whose, secret, code_at(secret, step_of(before)), before)
    return App(secret, vault.ways_in(whose).number, codes)
