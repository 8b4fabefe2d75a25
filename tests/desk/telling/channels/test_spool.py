"""The print folder: what lies there, since when, and that what is taken away is never made again."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.desk.telling.channels.spool import PrintFolder

KEY, OTHER = "ab" * 16, "cd" * 16
THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def spool(tmp_path: Path) -> PrintFolder:
    folder = PrintFolder(tmp_path / "letters")
    folder.begin()
    return folder


def test_letters_wait_and_are_printed(spool: PrintFolder) -> None:
    spool.put(KEY, b"a letter")
    (waits,) = spool.waiting()
    assert (waits.key, spool.printed()) == (KEY, [])
    os.utime(waits.file, (THEN.timestamp(), THEN.timestamp()))
    waits.file.rename(spool.folder / "printed" / waits.file.name)
    assert spool.waiting() == []
    assert [(one.key, one.written) for one in spool.printed()] == [(KEY, THEN)]


def test_what_is_taken_away_is_gone_and_counts_as_made(spool: PrintFolder) -> None:
    for key in (KEY, OTHER):
        spool.put(key, b"a letter")
    spool.take([one for one in spool.waiting() if one.key == KEY])
    assert [one.key for one in spool.waiting()] == [OTHER]
    assert spool.has(KEY)


def test_a_letter_of_an_earlier_version_has_no_mark_and_gets_one_before_it_goes(spool: PrintFolder) -> None:
    file = spool.folder / f"{KEY}.pdf"
    file.write_bytes(b"a letter")
    assert spool.has(KEY)
    letters = spool.waiting()
    (spool.folder / "made").rmdir()
    spool.take(letters)
    assert not file.exists()
    assert spool.has(KEY)


def test_a_letter_without_a_mark_stays(spool: PrintFolder) -> None:
    """Else it would be made again, and the person would get two."""
    file = spool.folder / f"{KEY}.pdf"
    file.write_bytes(b"a letter")
    letters = spool.waiting()
    (spool.folder / "made").rmdir()
    (spool.folder / "made").write_text("no folder can be made here")
    with pytest.raises(Failure):
        spool.take(letters)
    assert file.exists()


def test_what_went_meanwhile_is_none(spool: PrintFolder) -> None:
    spool.put(KEY, b"a letter")
    letters = spool.waiting()
    letters[0].file.unlink()
    spool.take(letters)
    (spool.folder / "broken.pdf").symlink_to("nowhere")
    assert [one.key for one in spool.waiting()] == ["broken"]
