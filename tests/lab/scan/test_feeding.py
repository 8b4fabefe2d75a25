from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from luwte.lab.carriers import Unreadable
from luwte.lab.scan import reader
from luwte.lab.scan.crew import Crew, Stopped
from luwte.lab.scan.feeding import Feeder, Stream
from luwte.lab.scan.pieces import END, PIECE, piece
from luwte.lab.scan.reading import FileEnds, Reading
from luwte.lab.scan.seen import Seen
from tests.support.readers import DONE, FILE, OPENED, saying

STALL = 60.0


def fed(wire: bytes, *, then: str = "") -> tuple[list[Seen], Feeder]:
    with (
        Crew(1) as crew,
        Reading(Path("/"), verify=False, stall=STALL, start=saying(wire, then=then)) as reading,
    ):
        reading.opened()
        with Feeder(reading, crew) as feeder:
            return [file for file in feeder.files() if file is not None], feeder


def test_files_come_back_with_what_was_found() -> None:
    unreadable = FILE + piece(PIECE, b"ab") + piece(reader.UNREADABLE, b"bad sector")
    files, feeder = fed(OPENED + FILE + piece(PIECE, b"abc") + piece(END) + unreadable + DONE)
    assert [(file.size, file.error, file.md5 is None) for file in files] == [
        (3, None, False),
        (3, "bad sector", True),
    ]
    assert (feeder.outcome.complete, feeder.outcome.read) == (True, 5)


def test_a_reader_that_dies_in_a_file_costs_that_file_and_the_rest() -> None:
    whole = FILE + piece(PIECE, b"abc") + piece(END)
    files, feeder = fed(OPENED + whole + FILE + piece(PIECE, b"ab"))
    assert [file.error for file in files] == [None, "content on which its reader broke off"]
    assert not feeder.outcome.complete
    assert feeder.outcome.problems == {"its reader stopped": 1}


@pytest.mark.parametrize(
    "wire", [piece(PIECE, b"abc"), piece(END), FILE + FILE, FILE + piece(reader.PROBLEMS, b"[]")]
)
def test_pieces_out_of_order_are_nonsense(wire: bytes) -> None:
    _, feeder = fed(OPENED + wire + DONE)
    assert not feeder.outcome.complete
    assert feeder.outcome.problems == {"its reader said what cannot be": 1}


def test_problems_are_added_up() -> None:
    told = piece(reader.PROBLEMS, json.dumps([["a partition that is not read", 2], ["x", 1]]).encode())
    _, feeder = fed(OPENED + told + DONE)
    assert feeder.outcome.problems == {"a partition that is not read": 2, "x": 1}
    assert feeder.outcome.file_systems == ("ext4",)


def test_an_error_here_does_not_wait_for_a_silent_reader() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Crew(1) as crew:
        wire = OPENED + FILE + piece(PIECE, b"ab")
        start = saying(wire, then="time.sleep(3600)")
        with Reading(Path("/"), verify=False, stall=STALL, start=start) as reading:
            reading.opened()
            with Feeder(reading, crew) as feeder:
                next(feeder.files())
                raise KeyboardInterrupt
    assert time.monotonic() - began < STALL / 2


def test_a_stream_that_nobody_reads_holds_nobody_up() -> None:
    stream = Stream(threading.Event())

    def feed() -> None:
        for _ in range(100):
            stream.put(b"x")

    feeding = threading.Thread(target=feed, daemon=True)
    feeding.start()
    stream.abandon()
    feeding.join(30)
    assert not feeding.is_alive()


def test_a_stream_ends_with_its_file_its_error_or_its_crew() -> None:
    stop = threading.Event()
    stream = Stream(stop)
    for item in (b"a", FileEnds(), b"b", FileEnds("bad sector")):
        stream.put(item)
    assert list(stream) == [b"a"]
    with pytest.raises(Unreadable, match="bad sector"):
        list(stream)
    stop.set()
    with pytest.raises(Stopped):
        list(stream)
