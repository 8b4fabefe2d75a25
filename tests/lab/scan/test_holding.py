"""Files that hold others: seen once, with what is known of their inside, whoever is done first."""

from __future__ import annotations

import pytest

from luwte.lab.scan.holding import MOST_OPEN, Holding
from luwte.lab.scan.seen import Seen


def file(number: int, error: str | None = None) -> Seen:
    return Seen(f"{number}.zip", "live", 3, error=error)


def test_a_file_that_holds_nothing_goes_on_at_once() -> None:
    assert Holding().settled(1, file(1)) == file(1)


def test_a_worker_that_is_done_first_leaves_its_file_waiting() -> None:
    holding = Holding()
    holding.begin(1)
    assert holding.settled(1, file(1)) is None
    assert holding.end("cut off") == file(1, "cut off")
    assert holding.end_all("x") == []


def test_a_reader_that_is_done_first_leaves_its_reason() -> None:
    holding = Holding()
    holding.begin(1)
    assert holding.end("cut off") is None
    assert holding.settled(1, file(1)) == file(1, "cut off")
    assert holding.settled(1, file(1)) == file(1)


def test_the_innermost_ends_first() -> None:
    holding = Holding()
    holding.begin(1)
    holding.begin(2)
    assert [holding.settled(number, file(number)) for number in (2, 1)] == [None, None]
    assert holding.end(None) == file(2)
    assert holding.end("encrypted") == file(1, "encrypted")


def test_what_went_wrong_with_the_file_itself_stays() -> None:
    holding = Holding()
    holding.begin(1)
    holding.settled(1, file(1, "worker that stopped"))
    assert holding.end("cut off") == file(1, "worker that stopped")


def test_those_that_are_open_at_the_end_come_out_with_a_reason() -> None:
    holding = Holding()
    holding.begin(1)
    holding.begin(2)
    holding.settled(1, file(1))
    assert holding.end_all("broke off") == [file(1, "broke off")]
    assert holding.settled(2, file(2)) == file(2, "broke off")


def test_nothing_ends_that_was_not_begun_and_not_too_much_is_open() -> None:
    holding = Holding()
    assert [holding.begin(number) for number in range(MOST_OPEN)] == [True] * MOST_OPEN
    assert not holding.begin(MOST_OPEN)
    with pytest.raises(IndexError):
        Holding().end(None)
