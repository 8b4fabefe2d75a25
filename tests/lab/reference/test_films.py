"""The frames of many videos at once: what is counted is what comparing each pair would count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luwte.lab.reference import films, near
from luwte.lab.reference.films import Overlap
from tests.support.hashes import film_list, random_hashes, with_flipped_bits

RADIUS = 31
SCENES = [row.tobytes() for row in random_hashes(1, 6)]


def frame(scene: int, flipped: int) -> bytes:
    """A frame of a scene (scenes are far apart), with some of its bits turned over."""
    changed = int.from_bytes(SCENES[scene]) ^ ((1 << flipped) - 1)
    return changed.to_bytes(32)


def plainly(asked: Sequence[bytes], listed: Sequence[Sequence[bytes]]) -> list[Overlap]:
    """Compare each pair; a frame of `asked` may have several forms."""
    found = []
    for entry, frames in enumerate(listed):
        gaps = np.array([_gap(one, other) for one in asked for other in frames]).reshape(
            len(asked), len(frames)
        )
        like = gaps <= RADIUS
        if like.any():
            met = (int(like.any(axis=1).sum()), int(like.any(axis=0).sum()))
            found.append(Overlap(entry, *met, len(frames), int(gaps.min())))
    return found


def _gap(forms: bytes, other: bytes) -> int:
    return min(
        (int.from_bytes(forms[start : start + 32]) ^ int.from_bytes(other)).bit_count()
        for start in range(0, len(forms), 32)
    )


frames = st.builds(frame, st.integers(0, 5), st.integers(0, 40))
film = st.lists(frames, max_size=8, unique=True)


@pytest.mark.parametrize("at_once", [1, 3, 256])
@settings(max_examples=60, deadline=None)
@given(asked=st.lists(film, max_size=4), listed=st.lists(film, max_size=5), data=st.data())
def test_overlaps_are_those_of_all_pairs(
    at_once: int, asked: list[list[bytes]], listed: list[list[bytes]], data: st.DataObject
) -> None:
    others = st.sampled_from([b"", frame(0, 7), SCENES[5] + SCENES[4]])
    files = [[one + data.draw(others) for one in file] for file in asked]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(films, "AT_ONCE", at_once)
        found = film_list(*listed).overlaps(files, RADIUS)
    assert found == [plainly(file, listed) for file in files]


def test_nothing_on_either_side_is_no_overlap() -> None:
    assert film_list([], []).overlaps([[frame(0, 0)], []], RADIUS) == [[], []]
    assert film_list([frame(0, 0)]).overlaps([[]], RADIUS) == [[]]
    assert film_list([frame(0, 0)]).overlaps([], RADIUS) == []


def test_within_the_radius_is_like_and_beyond_it_is_not() -> None:
    listed = film_list([frame(1, 0)], [frame(0, 0), frame(2, 0)])
    assert listed.overlaps([[frame(0, 31)], [frame(0, 32)]], RADIUS) == [[Overlap(1, 1, 1, 2, 31)], []]


def test_an_index_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    known = random_hashes(2, 600)
    listed = [[row.tobytes() for row in part] for part in np.split(known, 20)]
    seen = with_flipped_bits(known[100:140], np.full(40, 25), 3)
    asked = [row.tobytes() for row in np.concatenate([seen, random_hashes(4, 40)])]
    expected = plainly(asked, listed)
    assert [found.query for found in expected] == [20, 20]
    assert film_list(*listed).overlaps([asked], RADIUS) == [expected]
    monkeypatch.setattr(near, "WORTHWHILE", 1)
    monkeypatch.setattr(near, "QUERIES_BEFORE", 0)
    assert film_list(*listed).overlaps([asked], RADIUS) == [expected]


def test_many_like_frames_are_counted_once_each() -> None:
    alike = [(int.from_bytes(SCENES[0]) ^ (1 << bit)).to_bytes(32) for bit in range(200)]
    listed = film_list(alike[:100], alike[100:], [SCENES[1]])
    met = [Overlap(0, 100, 100, 100, 0), Overlap(1, 100, 100, 100, 2)]
    assert listed.overlaps([alike[:100], [SCENES[1]]], RADIUS) == [met, [Overlap(2, 1, 1, 1, 0)]]
