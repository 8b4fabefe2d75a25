from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.findings.confirmed import Reviewed, not_rejected
from luwte.desk.findings.rules import SeriesCount

# Each file, by the entries that it resembles, and whether its cluster of each was confirmed.
File = dict[str, bool]
files = st.lists(st.dictionaries(st.sampled_from("abc"), st.booleans(), min_size=1, max_size=3), max_size=8)


def reviewed(found: list[File]) -> Reviewed:
    """Return what a report says of these files: counts alone."""
    return Reviewed(
        len(found),
        {entry: sum(entry in file for file in found) for entry in "abc"},
        {entry: sum(file.get(entry, False) for file in found) for entry in "abc"},
    )


@given(files)
def test_no_file_counts_twice_and_none_of_one_entry_is_lost(found: list[File]) -> None:
    count = sum(reviewed(found).shares().values())
    truth = sum(any(file.values()) for file in found)
    assert count <= truth
    assert count >= max(sum(file.get(entry, False) for file in found) for entry in "abc")
    if all(len(file) == 1 for file in found):
        assert count == truth


@given(files, st.sets(st.sampled_from("abc")))
def test_what_rests_on_a_held_entry_alone_never_counts(found: list[File], held: set[str]) -> None:
    shares = reviewed(found).shares(held)
    count = sum(files for entry, files in shares.items() if entry not in held)
    assert count <= sum(any(yes and entry not in held for entry, yes in file.items()) for file in found)
    assert sum(shares.values()) == sum(reviewed(found).shares().values())


@pytest.mark.parametrize("size", [1, 2, 3])
def test_rejected_files_are_taken_off_the_same_picture(size: int) -> None:
    for entries in combinations("abc", size):
        found = SeriesCount(2 * size, dict.fromkeys(entries, 2))
        assert not_rejected(found, {}) == found
        assert not_rejected(found, {"a": 9}).files == 2 * size - (2 if "a" in entries else 0)
        assert not_rejected(found, dict.fromkeys(entries, 2)).files == 0
    both = SeriesCount(2, {"a": 2, "b": 2})
    assert not_rejected(both, {"a": 2}).files == 2
