from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from luwte.demo.edits import border
from luwte.lab.recognition.evidence import EDITS_EACH, LOOKED_INTO, Gallery, gather
from tests.support.drawn import drawn


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"), np.uint8)


def gallery(*seeds: int) -> Gallery:
    found = Gallery(bytes(32))
    for seed in seeds:
        assert found.add(seed, grey(drawn(seed)))
    return found


def test_what_cannot_be_told_apart_is_left_out() -> None:
    found = gallery(1)
    assert not found.add(2, grey(drawn(1).resize((320, 240))))
    assert not found.add(3, np.full((300, 400), 90, np.uint8))
    assert found.numbers == [1]


def test_an_edit_meets_its_own_picture_mirrored_or_not() -> None:
    found = gallery(1, 2, 3)
    for edit in (border, lambda picture: ImageOps.mirror(border(picture))):
        (own,) = [pair for pair in found.compare(2, "edit", grey(edit(drawn(2)))) if pair.same]
        assert own.evidence.inliers > 10
        assert own.evidence.window_distance is not None
        assert own.evidence.window_distance <= 31


def test_its_own_picture_stands_there_even_when_nothing_speaks_for_it() -> None:
    (own,) = [pair for pair in gallery(1, 2).compare(2, "edit", grey(drawn(9))) if pair.same]
    assert own.evidence.inliers == 0


def test_all_pairs_are_counted_and_only_half_of_the_pictures_is_compared() -> None:
    pictures = [grey(drawn(seed)) for seed in range(6)]
    told: list[int] = []
    found = gather(pictures, range(0, 6, 2), lambda: told.append(1))
    asked = 3 * (EDITS_EACH + 1)
    assert (found.pictures, found.copies, found.strangers, len(told)) == (3, asked, asked * 2, 6)
    assert (
        {pair.asked for pair in found.pairs}
        == {pair.reference for pair in found.pairs if pair.same}
        == {0, 2, 4}
    )
    assert sum(pair.same for pair in found.pairs) == asked


def test_what_is_near_is_looked_into_whatever_votes_say_and_nothing_else_is() -> None:
    pairs = list(gallery(1, 2, 3).compare(2, "edit", grey(drawn(2).resize((500, 375)))))
    (own,) = [pair for pair in pairs if pair.same]
    assert own.second is not None
    assert (own.second.distance, own.second.second) == (own.evidence.distance, True)
    assert own.second.inliers > 10
    assert [pair.second for pair in pairs if not pair.same] == [None] * (len(pairs) - 1)
    (far,) = [
        pair for pair in gallery(1, 2).compare(2, "edit", grey(drawn(2).rotate(40, expand=True))) if pair.same
    ]
    assert far.evidence.distance is not None
    assert far.evidence.distance > LOOKED_INTO
    assert far.second is None


def test_a_picture_with_few_keypoints_says_nothing_by_not_aligning() -> None:
    blurred = grey(drawn(2).filter(ImageFilter.GaussianBlur(25)))
    (own,) = [pair for pair in gallery(1, 2).compare(2, "edit", blurred) if pair.same]
    assert own.evidence.distance is not None
    assert own.evidence.distance <= LOOKED_INTO
    assert own.second is None
