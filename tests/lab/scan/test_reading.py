from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.scan import speaking
from luwte.lab.scan.hearing import (
    Event,
    FileBytes,
    FileEnds,
    FileStarts,
    Listed,
    Opened,
    Problems,
    ReaderBroke,
    heard,
)
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.pieces import END, HEADER, PIECE, piece
from luwte.lab.scan.reading import CarrierRefused, Reading
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import End, Unit
from tests.support.readers import DONE, FILE, MARK, OPENED, said, saying

WELL = {"path": "a", "state": "live", "size": 1, "root": 0, "mark": MARK}


def read(path: Path, *, start: Launch | None = None, stall: float = 60) -> tuple[Opened, list[Event]]:
    with Reading(path, stall=stall, start=start or launch) as reading:
        return reading.opened(), list(reading.events(Unit(0)))


def test_a_folder_comes_file_by_file(tmp_path: Path) -> None:
    contents = {"one.txt": b"one", "big.bin": os.urandom(3 << 20), "none": b""}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    opened, events = read(tmp_path)
    assert opened.kind == "folder"
    found: dict[str, bytes] = {}
    name = ""
    for event in events:
        if isinstance(event, FileStarts):
            name, found[event.path] = event.path, b""
        elif isinstance(event, FileBytes):
            found[name] += event.content
    assert found == contents
    assert isinstance(events[-1], End)
    assert (events[-1].whole, events[-1].ended, events[-1].root) == (True, True, len(contents))


def test_a_list_of_hashes_comes_as_files_that_were_seen(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    digest = sha256(b"x").hexdigest()
    path.write_text(f"sha256,path,size,pdq,quality\n{digest},a/b.jpg,7,{'ab' * 32},88\nnothing,c.mp4,1,,\n")
    opened, events = read(path)
    assert opened.kind == "list"
    first, end = events
    assert isinstance(first, Listed)
    assert first.file == Seen(
        "a/b.jpg",
        "live",
        7,
        "picture",
        sha256=bytes.fromhex(digest),
        pdq=b"\xab" * 32,
        pdq_quality=88,
        variants=b"\xab" * 32,
    )
    assert isinstance(end, End)
    assert (end.root, end.whole, end.problems) == (1, False, (("row of the list that cannot be used", 1),))


def broken_json(path: Path) -> None:
    path.write_text('{"value": [')


def broken_zip(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(40))


@pytest.mark.parametrize(
    "make", [broken_json, broken_zip, lambda path: path.write_bytes(b""), lambda path: None]
)
def test_what_is_no_carrier_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / "carrier")
    with pytest.raises(CarrierRefused, match="carrier") as caught:
        read(tmp_path / "carrier")
    assert "\n" not in str(caught.value)


def test_a_reader_that_dies_at_opening_refuses_its_carrier(tmp_path: Path) -> None:
    with pytest.raises(CarrierRefused, match="its reader stopped"):
        read(tmp_path, start=saying(b"", then="os.abort()"))


def test_a_reader_that_hangs_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(ReaderBroke, match="its reader hung"):
        read(tmp_path, start=saying(OPENED + FILE, then="time.sleep(3600)"), stall=0.5)


def test_a_reader_that_dies_midway_breaks_off(tmp_path: Path) -> None:
    with pytest.raises(ReaderBroke, match="its reader stopped"):
        read(tmp_path, start=saying(OPENED + FILE + piece(PIECE, b"ab"), then="os.abort()"))


@pytest.mark.parametrize(
    "nonsense",
    [
        piece(b"?"),
        piece(speaking.FILE, b"[]"),
        said(speaking.FILE, WELL | {"path": 3}),
        said(speaking.FILE, WELL | {"state": "dead"}),
        said(speaking.FILE, WELL | {"size": -1}),
        said(speaking.FILE, WELL | {"size": True}),
        said(speaking.FILE, WELL | {"path": "a" * 20_000}),
        said(speaking.FILE, WELL | {"root": -1}),
        said(speaking.FILE, WELL | {"mark": "0"}),
        piece(speaking.FILE, b"[" * 100_000),
        piece(speaking.LISTED, b'{"path": "a", "state": "live", "size": 1}'),
        said(speaking.PROBLEMS, {"root": 0, "counts": [["a"]]}),
        said(speaking.PROBLEMS, {"root": 0, "counts": [["a", 1]] * 2000}),
        piece(speaking.ENOUGH, b'{"file_systems": [], "verified": 1.5, "whole": true}'),
        HEADER.pack(PIECE, 1 << 30),
    ],
)
def test_a_reader_that_talks_nonsense_is_not_believed(tmp_path: Path, nonsense: bytes) -> None:
    with pytest.raises(ReaderBroke, match="said what cannot be"):
        read(tmp_path, start=saying(OPENED + nonsense + DONE))


@given(st.binary(max_size=200))
def test_any_payload_is_an_event_or_nonsense(payload: bytes) -> None:
    for sort in (
        PIECE,
        END,
        speaking.UNREADABLE,
        speaking.FILE,
        speaking.LISTED,
        speaking.PROBLEMS,
        speaking.ENOUGH,
        b"?",
    ):
        try:
            event = heard(sort, payload)
        except ReaderBroke:
            continue
        assert isinstance(event, FileBytes | FileEnds | FileStarts | Listed | Problems | End)


def test_names_that_are_no_text_can_still_be_written_down(tmp_path: Path) -> None:
    begins = said(speaking.FILE, WELL | {"path": "a\udc80b"})
    _, events = read(tmp_path, start=saying(OPENED + begins + piece(END) + DONE))
    assert events[0] == FileStarts("a\\udc80b", "live", 1, 0, MARK)


def paths(events: list[Event]) -> list[str]:
    return [event.path for event in events if isinstance(event, FileStarts)]


def test_a_stretch_of_roots_can_be_asked_for_and_then_the_next_one(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / name).write_text(name)
    with Reading(tmp_path) as reading:
        reading.opened()
        first, second = list(reading.events(Unit(0, first=1, last=3))), list(reading.events(Unit(0, first=3)))
        assert (paths(first), paths(second)) == (["b", "c"], ["d", "e"])
        assert not reading.can_give(Unit(0, first=2))
        assert reading.can_give(Unit(0, "space"))


def test_a_mark_is_the_same_for_the_same_roots_and_another_for_others(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text(name)

    def mark(root: int) -> str | None:
        with Reading(tmp_path) as reading:
            reading.opened()
            return reading.mark_before(Unit(0, first=root))

    before = [mark(root) for root in range(4)]
    assert mark(4) is None
    assert len(set(before)) == 4
    (tmp_path / "b").write_text("longer")
    same = [one == other for one, other in zip(before, map(mark, range(4)), strict=True)]
    assert same == [True, True, False, False]


def test_a_reader_that_gives_files_on_the_way_to_a_mark_is_not_believed(tmp_path: Path) -> None:
    """Else it could fill the memory of who listens to it, piece by piece."""
    wire = OPENED + said(speaking.SEARCHED, 0) + FILE + piece(PIECE, b"ab") + piece(END) + DONE
    with Reading(tmp_path, start=saying(wire)) as reading:
        reading.opened()
        with pytest.raises(ReaderBroke, match="what cannot be"):
            reading.mark_before(Unit(0, first=1))


def test_a_reader_may_say_that_it_lives_on_the_way_to_a_mark(tmp_path: Path) -> None:
    with Reading(tmp_path, start=saying(OPENED + said(speaking.SEARCHED, 0) + DONE)) as reading:
        reading.opened()
        assert reading.mark_before(Unit(0, first=1)) == MARK
        assert not reading.can_give(Unit(0))
