"""Letters that were printed go by their term, those to somebody who was erased at once; others stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk

from luwte.base.clock import ManualClock
from luwte.desk.cases import holding
from luwte.desk.retention import letters, services
from luwte.desk.retention.proof import prove
from luwte.desk.retention.survey import survey
from luwte.desk.retention.table import shipped
from luwte.desk.telling.channels.spool import PrintFolder
from luwte.desk.telling.models import Contact
from luwte.desk.wishes.rules import Channel, Choice
from tests.support.desk import NOON, Someone, someone
from tests.support.retention import DAY, YEAR, clear, erase, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]
Put = Callable[..., str]


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PrintFolder:
    monkeypatch.setitem(desk.LETTERS, "folder", str(tmp_path / "letters"))
    found = PrintFolder(tmp_path / "letters")
    found.begin()
    return found


@pytest.fixture
def put(spool: PrintFolder) -> Put:
    """Puts a letter to somebody into the folder and returns its key."""

    def letter(person: Someone, *, printed: bool = True, written: datetime = NOON) -> str:
        key = str(Contact.objects.get(subject=person.subject).key)
        spool.put(key, b"a name and an address")
        file = spool.folder / f"{key}.pdf"
        os.utime(file, (written.timestamp(), written.timestamp()))
        if printed:
            file.rename(spool.folder / "printed" / file.name)
        return key

    return letter


def person(name: str, series: str, case: str) -> Someone:
    found = someone(name, series=series, choice=Choice(True, channel=Channel.EMAIL))
    told(found, case)
    return found


@pytest.fixture
def noor() -> Someone:
    return person("Noor", "s-1", "C-1")


def lie(spool: PrintFolder) -> set[str]:
    return {file.stem for file in spool.folder.rglob("*.pdf")}


def line(now: datetime) -> Any:
    return next(one for one in survey(shipped(), now) if one.row.model == "letters")


def test_a_printed_letter_goes_after_a_week_and_that_is_proven(
    noor: Someone, spool: PrintFolder, put: Put
) -> None:
    key = put(noor)
    clear(NOON + 6 * DAY)
    assert lie(spool) == {key}
    assert (line(NOON + 8 * DAY).count, line(NOON + 8 * DAY).oldest) == (1, NOON)
    clear(NOON + 8 * DAY)
    assert lie(spool) == set()
    assert spool.has(key), "it is never made again"
    (proof,) = prove(key, shipped())
    assert (proof.model, proof.whole, proof.gone, proof.said["rows"]) == ("letters", True, True, 1)


def test_a_letter_that_nobody_printed_stays(noor: Someone, spool: PrintFolder, put: Put) -> None:
    key = put(noor, printed=False)
    clear(NOON + YEAR)
    assert lie(spool) == {key}


@pytest.mark.parametrize("printed", [True, False])
def test_the_letters_of_who_was_erased_go_at_once(
    noor: Someone, spool: PrintFolder, put: Put, printed: bool
) -> None:
    put(noor, printed=printed, written=NOON + DAY)
    erase(noor, NOON + DAY)
    time = ManualClock(NOON + DAY)
    assert services.take_letters_of_the_erased(shipped(), time) == 1
    assert services.take_letters_of_the_erased(shipped(), time) == 0
    assert lie(spool) == set()


def test_a_run_of_retention_takes_them_too(noor: Someone, spool: PrintFolder, put: Put) -> None:
    put(noor, printed=False)
    erase(noor, NOON + DAY)
    clear(NOON + DAY)
    assert lie(spool) == set()


def test_a_legal_hold_keeps_letters_but_not_of_who_was_erased(
    noor: Someone, spool: PrintFolder, put: Put
) -> None:
    key = put(noor)
    holding.hold("C-1", "an appeal", "Wim", NOON + DAY)
    clear(NOON + 8 * DAY)
    assert lie(spool) == {key}
    erase(noor, NOON + 8 * DAY)
    clear(NOON + 9 * DAY)
    assert lie(spool) == set()


def test_what_was_recorded_and_not_taken_away_goes_with_the_next_run(
    noor: Someone, spool: PrintFolder, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the two."""
    key = put(noor)
    with monkeypatch.context() as killed:
        killed.setattr(letters, "take", lambda _: None)
        clear(NOON + 8 * DAY)
    assert not prove(key, shipped())[0].gone
    clear(NOON + 8 * DAY)
    assert lie(spool) == set()
    assert [one.gone for one in prove(key, shipped())] == [True, True]


def test_where_no_letter_is_printed_nothing_is_looked_for(
    noor: Someone, spool: PrintFolder, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = put(noor)
    monkeypatch.setitem(desk.LETTERS, "folder", "")
    clear(NOON + 8 * DAY)
    assert lie(spool) == {key}
