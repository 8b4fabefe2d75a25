"""Videos looked at closely: what a crop of a known film is, what a part is, and what order is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import Bundle
from luwte.exchange.entries import Entry, frames_from
from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.local_codes import Rotation
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.windows import MOST_FRAME_WINDOWS, PartHash, Window, window_hash
from luwte.lab.recognition.deep import Entries
from luwte.lab.recognition.deep_films import FilmRecognition
from luwte.lab.recognition.model import default_model
from luwte.lab.recognition.verdicts import Match
from luwte.lab.reference.codes import CodeList
from luwte.lab.reference.index import ReferenceIndex
from tests.support.drawn import drawn

SEED = bytes(range(32))
FILM = range(20, 28)


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"), np.uint8)


@pytest.fixture(scope="module")
def known() -> FilmRecognition:
    """A list of a film of eight scenes, which is entry 0, and of twelve pictures."""
    rotation, builder = Rotation(SEED), ColumnBuilder()
    scenes = [grey(drawn(seed)) for seed in FILM]
    codes = tuple(rotation.encode(find_keypoints(scene)).to_bytes() for scene in scenes)
    frames = frames_from(pdq_hash(scene)[0] for scene in scenes)
    builder.add(Entry(f"{0:032x}", "film", frames=frames, frame_codes=codes), SEED)
    for number in range(1, 13):
        pixels = grey(drawn(number))
        made = rotation.encode(find_keypoints(pixels)).to_bytes()
        entry = Entry(f"{number:032x}", f"{number}", pdq=pdq_hash(pixels)[0], pdq_quality=90, codes=made)
        builder.add(entry, SEED)
    columns = builder.finish()
    index = ReferenceIndex(Bundle(**vars(columns), statement=None))  # type: ignore[arg-type]
    return FilmRecognition(CodeList(columns), Entries(index), default_model())


def cropped(picture: Image.Image) -> Image.Image:
    return picture.crop((100, 70, 560, 420))


def turned(picture: Image.Image) -> Image.Image:
    return picture.rotate(25, expand=True)


def matches(known: FilmRecognition, frames: Sequence[Image.Image]) -> list[Match]:
    asked: list[int] = []

    def ask(number: int, window: Window) -> PartHash | None:
        asked.append(number)
        return window_hash(grey(frames[number]), window)

    found = known.film_matches([find_keypoints(grey(frame)) for frame in frames], ask)
    assert max((asked.count(number) for number in asked), default=0) <= MOST_FRAME_WINDOWS
    assert asked == sorted(asked)
    return found


def verdicts(
    known: FilmRecognition, *seeds: int, edit: Callable[[Image.Image], Image.Image] = cropped
) -> object:
    found = matches(known, [edit(drawn(seed)) for seed in seeds])
    return {match.entry: match.verdict for match in found if match.verdict in ("same_picture", "near")}


@pytest.mark.parametrize("edit", [cropped, turned])
def test_two_frames_in_order_are_the_same_picture(
    known: FilmRecognition, edit: Callable[[Image.Image], Image.Image]
) -> None:
    assert verdicts(known, 900, 21, 901, 25, edit=edit) == {0: "same_picture"}


def test_backward_is_an_order_too(known: FilmRecognition) -> None:
    assert verdicts(known, 25, 900, 23, 21) == {0: "same_picture"}


def test_one_frame_is_near_and_so_is_one_scene_over_and_over(known: FilmRecognition) -> None:
    assert verdicts(known, 900, 22, 901) == {0: "near"}
    assert verdicts(known, 22, 22, 22) == {0: "near"}


def test_the_second_best_frame_says_how_likely_it_is(known: FilmRecognition) -> None:
    alone = [matches(known, [cropped(drawn(seed))])[0].likelihood or 0 for seed in (21, 24, 26)]
    (found, *_) = matches(known, [cropped(drawn(seed)) for seed in (21, 24, 26)])
    assert found.likelihood == sorted(alone)[1]


def test_a_film_that_shows_a_picture_of_the_list_is_near_that(known: FilmRecognition) -> None:
    assert verdicts(known, 900, 5, 901) == {5: "near"}


def test_a_still_of_a_film_is_at_most_near_it(known: FilmRecognition) -> None:
    still = cropped(drawn(23))
    found = known.matches(find_keypoints(grey(still)), lambda window: window_hash(grey(still), window))
    assert (found[0].entry, found[0].verdict) == (0, "near")
    picture = turned(drawn(5))
    found = known.matches(find_keypoints(grey(picture)), lambda window: window_hash(grey(picture), window))
    assert (found[0].entry, found[0].verdict) == (5, "same_picture")


def test_strangers_and_nothing_match_nothing(known: FilmRecognition) -> None:
    assert verdicts(known, *range(900, 908)) == {}
    assert matches(known, []) == []
    assert matches(known, [Image.new("L", (300, 200)), Image.new("L", (1, 1))]) == []
