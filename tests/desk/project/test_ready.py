"""What a database reports becomes one sentence that says what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest
from django.db import OperationalError

from luwte.base.errors import Failure
from luwte.desk.project.errors import DatabaseAway, DatabaseFull
from luwte.desk.project.ready import database_sentences

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "sentence"), [(0, DatabaseFull), (1 << 30, DatabaseAway)])
def test_an_io_error_on_a_full_disk_says_that_it_is_full(
    home: Path, free: int, sentence: type[Failure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    for error in (OperationalError("disk I/O error"), sqlite3.OperationalError("disk I/O error")):
        with pytest.raises(sentence), database_sentences():
            raise error
