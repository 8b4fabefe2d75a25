from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.findings.rules import Files, SeriesCount, at_least, for_telling, total

entries = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1)


@st.composite
def series_counts(draw: st.DrawFn) -> SeriesCount:
    """Give a count whose files are at least the largest entry and at most their sum."""
    found = draw(entries)
    return SeriesCount(draw(st.integers(max(found.values()), sum(found.values()))), found)


@given(series_counts())
def test_one_report_counts_as_it_says(report: SeriesCount) -> None:
    assert at_least([report]) == at_least([report, report]) == Files(report.files, 0)


@given(st.lists(series_counts(), max_size=4), series_counts())
def test_order_does_not_matter_and_counts_never_fall(reports: list[SeriesCount], more: SeriesCount) -> None:
    assert at_least(reports) == at_least(reports[::-1])
    assert max(at_least(reports).sound, more.files) <= at_least([*reports, more]).sound


def test_another_carrier_adds_the_images_not_seen_before() -> None:
    one, other = SeriesCount(5, {"a": 3, "b": 2}), SeriesCount(5, {"b": 1, "c": 4})
    assert at_least([one, other]) == Files(3 + 2 + 4, 0)
    assert total([[one], [other]]) == Files(10, 0)
    assert at_least([]) == total([]) == Files(0, 0)


counts = st.integers(0, 20)


@given(counts, counts, counts, st.data())
def test_no_file_counts_twice_for_telling(identical: int, same: int, near: int, data: st.DataObject) -> None:
    confirmed = data.draw(st.integers(0, same + near))
    off = for_telling(identical, same, near, confirmed, accepted=False)
    on = for_telling(identical, same, near, confirmed, accepted=True)
    assert (off.identical, off.near, off.confirmed) == (identical, same + near, confirmed)
    assert on.identical + on.confirmed == identical + max(same, confirmed)
    assert 0 <= on.confirmed <= on.near == near
