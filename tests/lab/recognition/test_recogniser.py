from __future__ import annotations

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import Bundle
from luwte.exchange.entries import Entry
from luwte.lab.fingerprints.fingerprint import Frame
from luwte.lab.recognition.recogniser import recognise
from luwte.lab.recognition.verdicts import Match
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.seen import Seen

HASH = bytes(range(32))
NEAR = bytes([255]) + HASH[1:]  # eight bits further
FAR = bytes(32)


def index_of(*rows: tuple[str, bytes | None, bytes | None]) -> ReferenceIndex:
    builder = ColumnBuilder()
    for number, (series, md5, pdq) in enumerate(rows):
        builder.add(Entry(f"{number:032x}", series, md5=md5, pdq=pdq, pdq_quality=90 if pdq else None))
    return ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]


def picture(md5: bytes | None, pdq: bytes | None = None, size: int = 9) -> Seen:
    return Seen("a.jpg", "live", size, "picture", md5, pdq=pdq, pdq_quality=90, variants=pdq)


def test_identical_goes_before_near_and_each_series_comes_once() -> None:
    index = index_of(
        ("one", b"m" * 16, HASH), ("one", b"n" * 16, NEAR), ("two", b"o" * 16, NEAR), ("two", None, HASH)
    )
    (found,) = recognise(index, [picture(b"m" * 16, HASH)])
    assert found == [Match(0, "identical"), Match(3, "near", 0)]


def test_the_nearest_entry_of_a_series_stands_for_it() -> None:
    index = index_of(("one", None, NEAR), ("one", None, HASH))
    assert recognise(index, [picture(b"x" * 16, HASH)]) == [[Match(1, "near", 0)]]


def test_the_same_pdq_is_near_and_never_identical() -> None:
    index = index_of(("one", b"m" * 16, HASH))
    assert recognise(index, [picture(b"x" * 16, HASH)]) == [[Match(0, "near", 0)]]


def test_answers_keep_the_order_of_the_files() -> None:
    index = index_of(("one", b"m" * 16, None), ("two", None, HASH))
    files = [picture(None), picture(b"m" * 16), picture(b"y" * 16, FAR), picture(None, NEAR)]
    found = recognise(index, files)
    assert found == [[], [Match(0, "identical")], [], [Match(1, "near", (NEAR[0] ^ HASH[0]).bit_count())]]


def test_nothing_asked_is_nothing_found() -> None:
    assert recognise(index_of(("one", b"m" * 16, None)), []) == []


def test_the_nearest_frame_of_a_file_decides() -> None:
    index = index_of(("one", None, HASH), ("two", b"m" * 16, None))
    moving = Seen(
        "a.gif", "live", 9, "picture", b"m" * 16, pdq=FAR, pdq_quality=90, variants=FAR,
        frames=(Frame(90, NEAR), Frame(90, HASH), Frame(90, FAR)),
    )  # fmt: skip
    still = picture(b"x" * 16, FAR)
    assert recognise(index, [still, moving, still]) == [[], [Match(1, "identical"), Match(0, "near", 0)], []]


def test_a_frame_with_little_in_it_is_not_compared() -> None:
    index = index_of(("one", None, HASH))
    flat = Seen(
        "a.gif", "live", 9, "picture", pdq=FAR, pdq_quality=90, variants=FAR, frames=(Frame(49, HASH),)
    )
    assert recognise(index, [flat]) == [[]]
