from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.scan import reader
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.pieces import END, HEADER, PIECE, piece
from luwte.lab.scan.reading import (
    CarrierRefused,
    Done,
    Event,
    FileBytes,
    FileEnds,
    FileStarts,
    Opened,
    Problems,
    ReaderBroke,
    Reading,
)
from luwte.lab.scan.seen import Seen
from tests.support.readers import DONE, FILE, OPENED, saying


def read(path: Path, *, start: Launch | None = None, stall: float = 60) -> tuple[Opened, list[Event]]:
    with Reading(path, verify=True, stall=stall, start=start or launch) as reading:
        return reading.opened(), list(reading.events())


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
    assert isinstance(events[-1], Done)
    assert events[-1].whole


def test_a_list_of_hashes_comes_as_files_that_were_seen(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    digest = sha256(b"x").hexdigest()
    path.write_text(f"sha256,path,size,pdq,quality\n{digest},a/b.jpg,7,{'ab' * 32},88\nnothing,c.mp4,1,,\n")
    opened, events = read(path)
    assert opened.kind == "list"
    assert events[0] == Seen(
        "a/b.jpg",
        "live",
        7,
        "picture",
        sha256=bytes.fromhex(digest),
        pdq=b"\xab" * 32,
        pdq_quality=88,
        variants=b"\xab" * 32,
    )
    assert events[1] == Problems((("row of the list that cannot be used", 1),))


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
        piece(reader.FILE, b"[]"),
        piece(reader.FILE, b'{"path": 3, "state": "live", "size": 1}'),
        piece(reader.FILE, b'{"path": "a", "state": "dead", "size": 1}'),
        piece(reader.FILE, b'{"path": "a", "state": "live", "size": -1}'),
        piece(reader.FILE, b'{"path": "a", "state": "live", "size": true}'),
        piece(reader.FILE, b'{"path": "' + b"a" * 20_000 + b'", "state": "live", "size": 1}'),
        piece(reader.FILE, b"[" * 100_000),
        piece(reader.LISTED, b'{"path": "a", "state": "live", "size": 1}'),
        piece(reader.PROBLEMS, b'[["a"]]'),
        piece(reader.PROBLEMS, b"[" + b",".join([b'["a", 1]'] * 2000) + b"]"),
        piece(reader.DONE, b'{"file_systems": [], "verified": 1.5, "whole": true}'),
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
        reader.UNREADABLE,
        reader.FILE,
        reader.LISTED,
        reader.PROBLEMS,
        reader.DONE,
        b"?",
    ):
        try:
            event = Reading._event(Reading.__new__(Reading), sort, payload)
        except ReaderBroke:
            continue
        assert isinstance(event, FileBytes | FileEnds | FileStarts | Seen | Problems | Done)


def test_names_that_are_no_text_can_still_be_written_down(tmp_path: Path) -> None:
    said = piece(reader.FILE, b'{"path": "a\\udc80b", "state": "live", "size": 1}')
    _, events = read(tmp_path, start=saying(OPENED + said + piece(END) + DONE))
    assert events[0] == FileStarts("a\\udc80b", "live", 1)
