from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from luwte.lab.carriers import Unreadable
from luwte.lab.scan import speaking
from luwte.lab.scan.crew import Crew, Stopped
from luwte.lab.scan.feeding import Feeder
from luwte.lab.scan.hearing import FileEnds
from luwte.lab.scan.pieces import END, PIECE, piece
from luwte.lab.scan.reading import Reading
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.stream import Stream
from luwte.lab.scan.units import End, Trouble, Unit
from tests.support.readers import DONE, FILE, MARK, OPENED, enough, file, said, saying, troubles

STALL = 60.0
ALL = Unit(0)


def fed(wire: bytes, *, then: str = "", unit: Unit = ALL) -> tuple[list[Seen], Feeder]:
    with (
        Crew(1) as crew,
        Reading(Path("/"), stall=STALL, start=saying(wire, then=then)) as reading,
    ):
        reading.opened()
        with Feeder(reading, unit, crew) as feeder:
            return [file for file in feeder.files() if file is not None], feeder


def ended(feeder: Feeder) -> End:
    assert feeder.end is not None
    return feeder.end


def test_files_come_back_with_what_was_found() -> None:
    unreadable = FILE + piece(PIECE, b"ab") + piece(speaking.UNREADABLE, b"bad sector")
    files, feeder = fed(OPENED + FILE + piece(PIECE, b"abc") + piece(END) + unreadable + DONE)
    assert [(file.size, file.error, file.md5 is None) for file in files] == [
        (3, None, False),
        (3, "bad sector", True),
    ]
    assert (ended(feeder).whole, feeder.read, feeder.upto()) == (True, 5, (1, MARK))
    assert [(file.root, file.place) for file in files] == [(0, 0), (0, 1)]


def test_a_reader_that_dies_in_a_file_costs_that_file_and_the_rest() -> None:
    whole = FILE + piece(PIECE, b"abc") + piece(END)
    files, feeder = fed(OPENED + whole + FILE + piece(PIECE, b"ab"))
    assert [file.error for file in files] == [None, "content on which its reader broke off"]
    assert (ended(feeder).broke, ended(feeder).root) == ("its reader stopped", 1)
    assert feeder.upto() == (0, MARK), "that it broke off must be written down with it"
    assert feeder.troubles() == (Trouble(0, "its reader stopped", 1),)


def inside(reason: str | None) -> bytes:
    return said(speaking.INSIDE, reason)


HOLDS = FILE + piece(PIECE, b"abc") + piece(speaking.HOLDS)
WHOLE = FILE + piece(PIECE, b"abc") + piece(END)


@pytest.mark.parametrize("between", [0, 1, 40])
def test_a_file_is_seen_once_with_how_opening_it_went(between: int) -> None:
    wire = OPENED + HOLDS + WHOLE * between + HOLDS + inside(None) + inside("it is encrypted") + DONE
    files, feeder = fed(wire)
    expected = {0: "it is encrypted"} | dict.fromkeys(range(1, between + 2))
    assert {file.place: file.error for file in files} == expected
    assert len(files) == between + 2
    assert all(file.md5 for file in files)
    assert (ended(feeder).whole, feeder.upto()) == (True, (1, MARK))


def test_a_root_is_not_done_while_something_in_it_is_open() -> None:
    start = saying(OPENED + HOLDS, then="time.sleep(600)")
    with Crew(1) as crew, Reading(Path("/"), stall=STALL, start=start) as reading:
        reading.opened()
        with Feeder(reading, Unit(0), crew) as feeder:
            for _ in zip(range(4), feeder.files(), strict=False):
                assert feeder.upto()[0] == 0
            reading.kill()
            (found,) = [file for file in feeder.files() if file is not None]
    assert found.error == "archive or document in which its reader broke off"


@pytest.mark.parametrize("last", [b"", DONE, FILE + piece(PIECE, b"ab"), piece(END)])
def test_a_reader_that_stops_inside_a_file_costs_what_was_not_seen(last: bytes) -> None:
    files, _ = fed(OPENED + HOLDS + WHOLE + last)
    errors = {file.place: file.error for file in files}
    assert (errors[0], errors[1]) == ("archive or document in which its reader broke off", None)


@pytest.mark.parametrize(
    "wire",
    [
        piece(PIECE, b"abc"),
        piece(END),
        piece(speaking.HOLDS),
        inside("x"),
        FILE + inside("x"),
        HOLDS + inside("x") + inside("x"),
        HOLDS + piece(speaking.INSIDE, b"7"),
        HOLDS * 17,
        FILE + FILE,
        FILE + said(speaking.PROBLEMS, {"root": 0, "counts": []}),
        file(1) + piece(END) + FILE,
        HOLDS + file(1) + piece(END),
        HOLDS,
        file(1) + piece(END) + troubles(0, ("x", 1)),
        troubles(0, ("x", 1)) * 2,
        troubles(7, ("x", 1)),
        file(1) + piece(END),
        WHOLE + enough(0, ended=False),
    ],
)
def test_pieces_out_of_order_are_nonsense(wire: bytes) -> None:
    _, feeder = fed(OPENED + wire + DONE)
    assert (ended(feeder).whole, ended(feeder).broke) == (False, "its reader said what cannot be")


@pytest.mark.parametrize(
    ("unit", "wire"),
    [
        (Unit(0, first=3, last=5), file(2) + piece(END) + enough(4)),
        (Unit(0, first=3, last=5), file(5) + piece(END) + enough(4)),
        (Unit(0, first=3, last=5), troubles(5, ("x", 1)) + enough(4)),
        (Unit(0, first=3, last=5), enough(3, ended=False)),
        (Unit(0, first=3, last=5), enough(5)),
        (Unit(0, "space", 3), file(2) + piece(END) + enough(2)),
        (Unit(0, "space", 3), file(4) + piece(END) + enough(4)),
        (Unit(0, "verify"), FILE + piece(END) + DONE),
        (Unit(0, "verify"), troubles(0, ("x", 1)) + DONE),
    ],
)
def test_what_was_not_asked_for_is_nonsense(unit: Unit, wire: bytes) -> None:
    _, feeder = fed(OPENED + wire, unit=unit)
    assert (ended(feeder).whole, ended(feeder).broke) == (False, "its reader said what cannot be")


@pytest.mark.parametrize(
    ("unit", "wire"),
    [
        (Unit(0, first=3, last=5), file(3) + piece(END) + enough(4, ended=False)),
        (Unit(0, first=3, last=5), file(3) + piece(END) + enough(3)),
        (Unit(0, first=3, last=5), enough(0)),
        (Unit(0, "space", 3), file(3) + piece(END) + troubles(3, ("x", 1)) + enough(2)),
        (Unit(0, "verify"), said(speaking.VERIFIED, 7) + enough(4)),
    ],
)
def test_what_was_asked_for_ends_the_unit(unit: Unit, wire: bytes) -> None:
    _, feeder = fed(OPENED + wire, unit=unit)
    assert (ended(feeder).whole, ended(feeder).broke) == (True, None)
    assert ended(feeder).ended == (unit.part != "verify" and enough(4, ended=False) not in wire)


def test_a_reader_full_of_troubles_waits_until_they_are_taken() -> None:
    counts = [(f"x{number}", 1) for number in range(1000)]
    wire = OPENED + b"".join(troubles(root, *counts) for root in range(20)) + enough(19)
    with Crew(1) as crew, Reading(Path("/"), stall=STALL, start=saying(wire)) as reading:
        reading.opened()
        with Feeder(reading, ALL, crew) as feeder:
            taken = [len(feeder.troubles()) for _ in feeder.files()] + [len(feeder.troubles())]
    assert (sum(taken), max(taken) <= 4096) == (20_000, True)


def test_problems_are_told_with_their_root_and_once() -> None:
    counts = [["an archive that was not opened", 2], ["x", 1]]
    told = said(speaking.PROBLEMS, {"root": 7, "counts": counts})
    _, feeder = fed(OPENED + told + enough(7))
    assert feeder.troubles() == (Trouble(7, "an archive that was not opened", 2), Trouble(7, "x", 1))
    assert feeder.troubles() == ()
    assert ended(feeder).file_systems == ("ext4",)


def test_how_far_a_unit_is_waits_for_the_slowest_file() -> None:
    """Answers come as workers finish: what is behind an unfinished file is not done yet."""
    start = saying(OPENED + FILE + piece(END) + file(1) + piece(END) + enough(1))
    with Crew(1) as crew, Reading(Path("/"), stall=STALL, start=start) as reading:
        reading.opened()
        with Feeder(reading, Unit(0), crew) as feeder:
            reached = [(seen.root, feeder.upto()[0]) for seen in feeder.files() if seen is not None]
    assert [root for root, _ in reached] == [0, 1]
    assert (reached[0][1] <= 1, feeder.upto()) == (True, (2, MARK))


def test_an_error_here_does_not_wait_for_a_silent_reader() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Crew(1) as crew:
        wire = OPENED + FILE + piece(PIECE, b"ab")
        start = saying(wire, then="time.sleep(3600)")
        with Reading(Path("/"), stall=STALL, start=start) as reading:
            reading.opened()
            with Feeder(reading, Unit(0), crew) as feeder:
                next(feeder.files())
                raise KeyboardInterrupt
    assert time.monotonic() - began < STALL / 2


def test_an_error_nobody_foresaw_does_not_wait_for_the_file_at_which_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def raises(feeder: Feeder, item: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr(Stream, "put", raises)
    with pytest.raises(MemoryError):
        fed(OPENED + FILE + piece(PIECE, b"ab") + piece(END) + DONE)


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
