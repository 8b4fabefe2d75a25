from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.findings.rules import SeriesCount, Tally, Total, at_least, for_telling, most_certain, total

entries = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1)
counts = st.integers(0, 20)


@st.composite
def series_counts(draw: st.DrawFn) -> SeriesCount:
    """Give a count whose files are at least the largest entry and at most their sum."""
    found = draw(entries)
    return SeriesCount(draw(st.integers(max(found.values()), sum(found.values()))), found)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Give files of one entry, of which no more are confirmed than there are to confirm."""
    identical, same, near = (draw(st.integers(0, 5)) for _ in range(3))
    return Tally(identical, same, near, draw(st.integers(0, same + near)))


reports = st.dictionaries(st.sampled_from("abc"), tallies(), max_size=3)


@given(series_counts())
def test_files_are_shared_out_and_each_counts_once(report: SeriesCount) -> None:
    shares = report.spread({"a"})
    assert sum(shares.values()) == report.files
    assert all(shares[entry] <= files for entry, files in report.entries.items())
    others = [files for entry, files in report.entries.items() if entry != "a"]
    assert report.files - shares.get("a", 0) == min(report.files, sum(others))


@given(reports)
def test_one_report_counts_as_it_says(report: dict[str, Tally]) -> None:
    whole = Total(*(sum(one[kind] for one in report.values()) for kind in range(4)))
    assert at_least([report]) == at_least([report, report]) == whole


@given(st.lists(reports, max_size=4), reports, st.sets(st.sampled_from("abc")))
def test_order_does_not_matter_and_what_counts_never_falls(
    before: list[dict[str, Tally]], more: dict[str, Tally], held: set[str]
) -> None:
    assert at_least(before, held) == at_least(before[::-1], held)
    was, alone, now = (at_least(said, held) for said in (before, [more], [*before, more]))
    for accepted in (False, True):
        assert max(certain(was, accepted), certain(alone, accepted)) <= certain(now, accepted)
    assert max(seen(at_least(before)), seen(at_least([more]))) <= seen(at_least([*before, more]))
    assert max(was.quarantined, alone.quarantined) <= now.quarantined


@given(st.lists(reports, max_size=4))
def test_no_more_is_certain_of_an_entry_than_one_report_has_files_of_it(said: list[dict[str, Tally]]) -> None:
    for entry in "abc":
        mine = [{entry: one[entry]} for one in said if entry in one]
        found = at_least(mine)
        files = max((sum(one[entry][:3]) for one in mine), default=0)
        assert most_certain(found.identical, found.same_picture, found.confirmed) <= files
        assert found.confirmed <= found.same_picture + found.near


def test_another_carrier_adds_the_images_not_seen_before() -> None:
    one, other = {"a": Tally(3), "b": Tally(2)}, {"b": Tally(1), "c": Tally(4)}
    assert at_least([one, other]) == Total(identical=3 + 2 + 4)
    assert total([[one], [other]]) == Total(identical=10)
    assert at_least([]) == total([]) == Total()


def test_what_was_confirmed_and_is_identical_now_counts_once() -> None:
    before, after = {"a": Tally(1, 0, 3, 3)}, {"a": Tally(4)}
    for said in ([before, after], [after, before], [before, after, before]):
        assert at_least(said) == Total(identical=4)
    assert at_least([before]) == Total(1, 0, 3, 3)


def test_a_near_file_does_not_count_because_another_became_identical() -> None:
    before, after = {"a": Tally(2, 0, 3, 1)}, {"a": Tally(3, 0, 2, 0)}
    assert at_least([before, after]) == Total(identical=3, near=2)


@given(counts, counts, counts, st.data())
def test_no_file_counts_twice_for_telling(identical: int, same: int, near: int, data: st.DataObject) -> None:
    confirmed = data.draw(st.integers(0, same + near))
    off = for_telling(identical, same, near, confirmed, accepted=False)
    on = for_telling(identical, same, near, confirmed, accepted=True)
    assert (off.identical, off.near, off.confirmed) == (identical, same + near, confirmed)
    assert on.identical + on.confirmed == most_certain(identical, same, confirmed)
    assert 0 <= on.confirmed <= on.near == near


def certain(found: Total, accepted: bool) -> int:
    told = for_telling(*found[:4], accepted=accepted)
    return told.identical + told.confirmed


def seen(found: Total) -> int:
    return found.identical + found.same_picture + found.near
