"""A desk that can state coverage: lists with receipts, searches with them, a record that is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from luwte.crypto.notes import Signer
from luwte.desk.audit import checkpoints
from luwte.desk.audit.desk import DESK
from luwte.desk.findings import receipts, services
from luwte.exchange.bundle import open_bundle, write_bundle
from luwte.exchange.entries import Entry
from luwte.exchange.home import Home
from luwte.exchange.receipts import receipts_of, write_receipts
from luwte.exchange.statement import Statement
from tests.support import exchange
from tests.support.desk import NOON, report

SERIES = {"series 0": "Noor", "series 1": "Bo"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A house with a `folder` for files."""

    folder: Path
    home: Home

    @classmethod
    def at(cls, folder: Path) -> Stage:
        """Return a stage in `folder`."""
        return cls(folder, Home.open(folder / "house"))

    @property
    def signer(self) -> Signer:
        """What signs the record of the desk."""
        return checkpoints.signer(self.home.identity, DESK)

    def listed(self, entries: list[Entry], name: str = "list", *, kept: bool = True) -> Statement:
        """Make a list of `entries`; its receipts are `kept` at the desk, or not."""
        path = self.folder / f"{name}.lwref"
        write_bundle(path, entries, self.home, exchange.CLOCK)
        bundle = open_bundle(path, self.home)
        if kept:
            file = self.folder / f"{name}.receipts"
            write_receipts(file, receipts_of(bundle, self.home), self.home)
            receipts.take_in(file, self.home.trusted(), NOON)
        return bundle.statement

    def search(
        self, statement: Statement, found: bool = False, now: datetime = NOON, case: str = "C-1"
    ) -> None:
        """Take in a report on a search with the list of `statement`; something was `found` or not."""
        entries = {"series 0": {"a": (3, 0)}, "series 1": {"b": (1, 0)}} if found else {}
        made = report(entries, case=case, list=statement, signer=statement.signer)
        services.register(made, now)

    def checkpoint(self, now: datetime = NOON) -> str:
        """Sign the state of the record."""
        return checkpoints.checkpoint(DESK, self.signer, now + timedelta(hours=1))
