from __future__ import annotations

import numpy as np
import pytest

from luwte.lab.recognition.calibration_edits import EDITS
from tests.support.drawn import drawn


@pytest.mark.parametrize("name", EDITS)
def test_each_edit_gives_another_grey_picture_and_the_same_each_time(name: str) -> None:
    picture, other = (drawn(seed).convert("L") for seed in (1, 2))
    edited, again = EDITS[name](picture, other), EDITS[name](picture, other)
    assert edited.mode == "L"
    assert np.array_equal(np.asarray(edited), np.asarray(again))
    assert not np.array_equal(np.asarray(edited), np.asarray(picture))
    assert np.array_equal(np.asarray(picture), np.asarray(drawn(1).convert("L")))  # what came in is as it was
    assert float(np.asarray(edited).std()) > 10


def test_a_collage_and_a_paste_show_the_other_one() -> None:
    one, two, three = (drawn(seed).convert("L") for seed in (1, 2, 3))
    for name, edit in EDITS.items():
        differs = edit(one, two).tobytes() != edit(one, three).tobytes()
        assert differs is ("collage" in name or "pasted" in name)
