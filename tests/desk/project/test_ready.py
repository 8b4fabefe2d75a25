"""What a database reports becomes one sentence that says what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from django.db import DatabaseError, DataError, IntegrityError, InternalError, OperationalError

from luwte.base.errors import Failure
from luwte.desk.project.errors import DatabaseAway, DatabaseFull, DatabaseReadOnly, DatabaseRefused
from luwte.desk.project.sentences import database_sentences

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "sentence"), [(0, DatabaseFull), (1 << 30, DatabaseAway)])
def test_an_io_error_on_a_full_disk_says_that_it_is_full(
    home: Path, free: int, sentence: type[Failure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    for error in (OperationalError("disk I/O error"), sqlite3.OperationalError("disk I/O error")):
        with pytest.raises(sentence), database_sentences():
            raise error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError('could not extend file "base/1": No space left on device'), DatabaseFull),
        (OperationalError("attempt to write a readonly database"), DatabaseReadOnly),
        (InternalError("cannot execute INSERT in a read-only transaction"), DatabaseReadOnly),
        (OperationalError("connection refused"), DatabaseAway),
        (IntegrityError("duplicate key\nDETAIL:  Key (name)=(Kanarie)"), DatabaseRefused),
        (DataError('invalid input syntax for type integer: "Kanarie"'), DatabaseRefused),
    ],
)
def test_what_a_statement_held_is_never_repeated(
    home: Path, error: DatabaseError, sentence: type[Failure]
) -> None:
    with pytest.raises(sentence) as raised, database_sentences():
        raise error
    assert "Kanarie" not in str(raised.value)


UPGRADE = """
from luwte.desk.project import ready
folder = ready.init()
from luwte.crypto.keyring import KeyRing
from luwte.desk.vault import look_ups, sealing, services
from luwte.desk.vault.models import LookUp, PersonKey
from luwte.desk.vault.rules import Identity, Reach
from tests.support.desk import NOON
noor = services.add_person(Identity("Noor"), Reach("email", "noor@example.org"))
ring = sealing.key_ring()
old, place = KeyRing(ring.current, ring.keys, ring.link), sealing.key_place(noor)
PersonKey.objects.update(wrapped=old.wrap(sealing.data_key(noor), place), version="")
LookUp.objects.all().delete()
old.write(folder / "keys.json")
assert not sealing.key_ring().complete
ready.init()
assert sealing.key_ring().complete
assert look_ups.find(by="test", now=NOON, email="noor@example.org") == [noor]
before = (folder / "keys.json").read_bytes()
ready.init()
assert (folder / "keys.json").read_bytes() == before
print(services.person(noor).identity.name)
"""


def test_keys_and_people_of_an_earlier_version_are_brought_up_to_date(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUWTE_")}
    done = subprocess.run(
        [sys.executable, "-c", UPGRADE],
        env=environment | {"LUWTE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "Noor\n"), done.stderr
