"""Payloads whose columns do not fit: their maker signed them, and they are refused all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.columns import Columns, from_bytes, to_bytes
from luwte.exchange.errors import Unusable
from tests.support.exchange import coded_entries, film_entries

SEED = b"s" * 32


@pytest.fixture
def sound() -> Columns:
    builder = ColumnBuilder()
    for entry in coded_entries(8):
        builder.add(entry, SEED)
    return builder.finish()


def with_value(column: str, place: object, value: int) -> Callable[[Columns], Columns]:
    def spoil(columns: Columns) -> Columns:
        changed = getattr(columns, column).copy()
        changed[place] = value
        return replace(columns, **{column: changed})

    return spoil


def with_rows(column: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Columns], Columns]:
    return lambda columns: replace(columns, **{column: change(getattr(columns, column))})


def one_more(rows: np.ndarray) -> np.ndarray:
    return np.concatenate([rows, rows[-1:]])


def of_65_codes(columns: Columns) -> Columns:
    """One entry with 65 codes, and a number of codes in all that fits."""
    counts = columns.coded_count.copy()
    codes = np.zeros((65 - int(counts[3]), 20), np.uint8)
    counts[3] = 65
    return replace(columns, coded_count=counts, codes=np.concatenate([columns.codes, codes]))


SPOILED: dict[str, Callable[[Columns], Columns]] = {
    "codes: an entry that is not there": with_value("coded_entry", -1, 8),
    "codes: the largest number": with_value("coded_entry", -1, 2**32 - 1),
    "codes: an entry twice": with_value("coded_entry", 1, 0),
    "codes: out of order": with_rows("coded_entry", lambda rows: rows[::-1].copy()),
    "codes: an entry too many": with_rows("coded_entry", one_more),
    "codes: none of an entry": with_value("coded_count", 0, 0),
    "codes: 65 of an entry": of_65_codes,
    "codes: a count too high": with_value("coded_count", 0, 64),
    "codes: one more than counted": with_rows("codes", one_more),
    "codes: one less than counted": with_rows("codes", lambda rows: rows[:-1]),
    "codes: a frame of no width": with_value("coded_frame", (0, 0), 0),
    "codes: a frame too high": with_value("coded_frame", (2, 1), 129),
    "codes: a frame too many": with_rows("coded_frame", one_more),
    "rotation: none": with_rows("rotation", lambda rows: rows[:0]),
    "rotation: twice": with_rows("rotation", lambda rows: np.concatenate([rows, rows])),
    "rotation: cut off": with_rows("rotation", lambda rows: rows[:-1]),
    "rejected: an entry that is not there": with_value("rejected_entry", -1, 8),
    "rejected: out of order": with_rows("rejected_entry", lambda rows: rows[::-1].copy()),
    "rejected: an entry too many": with_rows("rejected_entry", one_more),
    "rejected: a file too few": with_rows("rejected_sha256", lambda rows: rows[:-1]),
    "rejected: a picture too few": with_rows("rejected_pdq", lambda rows: rows[:-1]),
    "rejected: nothing of a file": lambda columns: replace(
        columns,
        rejected_sha256=np.zeros_like(columns.rejected_sha256),
        rejected_pdq=np.zeros_like(columns.rejected_pdq),
    ),
}


def test_what_is_sound_is_read(sound: Columns) -> None:
    assert len(list(from_bytes(to_bytes(sound), "the list").entries())) == 8
    assert len(sound.rejected_entry) == 4


@pytest.mark.parametrize("name", SPOILED)
def test_columns_that_do_not_fit_are_refused(sound: Columns, name: str) -> None:
    bad = to_bytes(SPOILED[name](sound))
    with pytest.raises(Unusable, match=rf"malformed \({name.partition(':')[0]}\)"):
        from_bytes(bad, "the list")


def test_only_a_video_has_codes_more_than_once_and_no_more_than_eight_times() -> None:
    """Of a hostile list, whose maker signed it."""
    codes = coded_entries(1)[0].codes
    builder = ColumnBuilder()
    for entry in (replace(film_entries(1)[0], frame_codes=(codes,) * 8), *coded_entries(3)):
        builder.add(entry, SEED)
    columns = builder.finish()
    (film,) = np.unique(columns.frames_entry)
    others = np.delete(np.arange(len(columns), dtype=np.uint32), film)

    def owned(*owners: int) -> Columns:
        return replace(columns, coded_entry=np.sort(np.array(owners, np.uint32)))

    eight = [film] * 8
    assert len(list(from_bytes(to_bytes(owned(*eight, *others)), "the list").entries())) == 4
    for wrong in (
        [*eight, film, *others[:2]],
        [*eight, *others[[0, 0, 1]]],
        [*eight[:7], *others, others[2]],
    ):
        with pytest.raises(Unusable, match=r"malformed \(codes\)"):
            from_bytes(to_bytes(owned(*wrong)), "the list")


def test_a_file_is_rejected_once_an_entry_and_in_order(sound: Columns) -> None:
    first = np.zeros(4, np.uint32)
    ordered = np.argsort([digest.tobytes() for digest in sound.rejected_sha256])

    def of(rows: np.ndarray | list[int]) -> Columns:
        digests, pictures = sound.rejected_sha256[rows], sound.rejected_pdq[rows]
        return replace(sound, rejected_entry=first, rejected_sha256=digests, rejected_pdq=pictures)

    from_bytes(to_bytes(of(ordered)), "the list")
    for wrong in (ordered[::-1], ordered[[0, 0, 1, 2]]):
        with pytest.raises(Unusable, match="rejected"):
            from_bytes(to_bytes(of(wrong)), "the list")


def test_a_rotation_without_codes_is_refused(sound: Columns) -> None:
    bare = replace(
        sound,
        codes=sound.codes[:0],
        coded_entry=sound.coded_entry[:0],
        coded_count=sound.coded_count[:0],
        coded_frame=sound.coded_frame[:0],
    )
    with pytest.raises(Unusable, match="rotation"):
        from_bytes(to_bytes(bare), "the list")
    assert from_bytes(to_bytes(replace(bare, rotation=sound.rotation[:0])), "the list").schema == 3


@pytest.mark.parametrize("column", ["codes", "coded_frame", "rotation", "rejected_pdq"])
def test_a_column_that_is_missing_is_refused(sound: Columns, column: str) -> None:
    rows = len(getattr(sound, column))
    bad = to_bytes(sound).replace(f'"{column}":{rows}'.encode(), f'"{column[:-1]}_":{rows}'[:99].encode())
    with pytest.raises(Unusable, match="its directory"):
        from_bytes(bad, "the list")


@pytest.mark.parametrize("rows", ["-1", "1e3", "99", "null", "true", '"8"', "99999999999999999999"])
def test_numbers_of_rows_that_lie_are_refused(sound: Columns, rows: str) -> None:
    good = to_bytes(sound)
    told = b'"coded_entry":8'
    changed = f'"coded_entry":{rows}'.encode()
    head = int.from_bytes(good[:8], "little")
    directory = good[8 : 8 + head].replace(told, changed)
    bad = len(directory).to_bytes(8, "little") + directory + good[8 + head :]
    with pytest.raises(Unusable, match="malformed"):
        from_bytes(bad, "the list")
