from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints.kept import Kept


@given(st.lists(st.binary(max_size=40), max_size=30), st.integers(0, 200), st.integers(0, 200))
def test_the_beginning_and_the_end_are_kept_and_read_back(pieces: list[bytes], head: int, tail: int) -> None:
    kept = Kept(head, tail)
    for piece in pieces:
        kept.take(piece)
    content = b"".join(pieces)
    file = kept.open()
    size = file.seek(0, io.SEEK_END)
    held = 0
    for place in range(size):
        file.seek(place)
        found = file.read(1)
        held += len(found)
        assert found in (b"", content[place : place + 1])
        assert found or head - 40 < place < size - tail
    assert size == len(content)
    assert held <= head + tail + 40
    assert kept.whole == (held == size)
    assert not kept.whole or kept.joined() == content


def test_it_reads_like_a_file() -> None:
    kept = Kept(100)
    for piece in (b"abc", b"", b"defgh"):
        kept.take(piece)
    file = kept.open()
    assert (file.read(), file.tell(), file.read(4)) == (b"abcdefgh", 8, b"")
    assert (file.seek(-2, io.SEEK_END), file.read(9), file.seek(1), file.seek(1, io.SEEK_CUR)) == (
        6,
        b"gh",
        1,
        2,
    )
    assert (file.readable(), file.seekable(), file.seek(99), file.read(1)) == (True, True, 99, b"")
    with pytest.raises(ValueError, match="before"):
        file.seek(-1)


def test_nothing_kept_is_an_empty_file() -> None:
    kept = Kept(0)
    kept.take(b"abc")
    assert (kept.whole, kept.open().read()) == (False, b"")
