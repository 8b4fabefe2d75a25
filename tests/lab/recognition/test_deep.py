from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from luwte.demo.edits import border, crop
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import Bundle
from luwte.exchange.entries import Entry
from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.quarters import find_closely
from luwte.lab.fingerprints.windows import MOST_WINDOWS, PartHash, Window, window_hash
from luwte.lab.recognition.deep import MOST_NEAR, CodeIndex, Entries, Near, Recognition
from luwte.lab.recognition.likelihood import Evidence, Thresholds
from luwte.lab.recognition.model import default_model
from luwte.lab.recognition.verdicts import BEYOND, Match, Verdict
from luwte.lab.reference.index import ReferenceIndex
from tests.support.drawn import drawn

ROTATION = Rotation(bytes(range(32)))


class Candidate(NamedTuple):
    entry: int
    mirrored: bool
    reference: int


class Codes:
    """All entries are candidates, on both sides: what a search would have to sift."""

    rotation = ROTATION

    def __init__(self, codes: Sequence[LocalCodes]) -> None:
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    def find(self, keypoints: Keypoints) -> list[Candidate]:
        return [Candidate(entry, side, entry) for side in (True, False) for entry in range(len(self._codes))]

    def at(self, reference: int) -> LocalCodes:
        return self._codes[reference]

    def of(self, entry: int) -> LocalCodes:
        return self._codes[entry]

    def references(self, entry: int) -> list[int]:
        return [entry]


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"), np.uint8)


def recognition(*series: str, quality: int | None = 90, shown: int | None = None) -> Recognition:
    """A list of drawn pictures, or so many times the picture `shown`, each in one of `series`."""
    builder, codes = ColumnBuilder(), []
    for number, name in enumerate(series):
        pixels = grey(drawn(number if shown is None else shown))
        builder.add(Entry(f"{number:032x}", name, pdq=pdq_hash(pixels)[0], pdq_quality=quality))
        codes.append(ROTATION.encode(find_keypoints(pixels)))
    index = ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]
    return Recognition(Codes(codes), Entries(index), default_model())


def matches(known: Recognition, picture: Image.Image) -> tuple[list[Match], list[Window]]:
    """What `picture` matches, and the windows that were asked for."""
    asked: list[Window] = []

    def ask(window: Window) -> PartHash | None:
        asked.append(window)
        found = window_hash(grey(picture), window)
        return None if found is None else PartHash(*found)

    return known.matches(find_keypoints(grey(picture)), ask), asked


THREE = recognition("a", "b", "c")


@pytest.mark.parametrize("edit", [border, ImageOps.mirror, lambda picture: picture.rotate(40, expand=True)])
def test_what_pdq_misses_is_found(edit: object) -> None:
    (found, *others), _ = matches(THREE, edit(drawn(1)))  # type: ignore[operator]
    assert (found.entry, found.verdict) == (1, "same_picture")
    assert found.distance is not None
    assert found.distance <= 31
    assert found.likelihood is not None
    assert found.likelihood >= 0.99
    assert not [other for other in others if other.verdict in ("same_picture", "near")]


def test_a_cut_is_found_without_a_window() -> None:
    (found, *_), _ = matches(THREE, crop(drawn(1), 0.6))
    assert (found.entry, found.distance) == (1, None)
    assert found.verdict in ("same_picture", "near")


def test_each_entry_in_a_collage_is_found_once_so_that_one_may_be_rejected() -> None:
    collage = Image.new("RGB", (1280, 480))
    collage.paste(drawn(0), (0, 0))
    collage.paste(drawn(2), (640, 0))
    found, _ = matches(THREE, collage)
    assert {match.entry for match in found} == {0, 2}
    alike, _ = matches(recognition("a", "b", "a"), collage)
    assert [match.entry for match in alike] == [match.entry for match in found]


def test_a_stranger_is_unknown() -> None:
    assert matches(THREE, drawn(9))[0] == []


def test_few_windows_are_asked_for_and_each_entry_once() -> None:
    many = recognition(*map(str, range(MOST_WINDOWS + 4)), shown=1)
    found, asked = matches(many, border(drawn(1)))
    assert len(asked) == MOST_WINDOWS
    assert [match.entry for match in found] == list(range(MOST_WINDOWS))


def test_an_entry_whose_hash_is_poor_is_judged_by_its_keypoints() -> None:
    (found, *_), _ = matches(recognition("a", "b", quality=20), border(drawn(1)))
    assert (found.entry, found.distance) == (1, None)


def test_a_worker_that_answers_nothing_useful_lowers_what_is_said_but_breaks_nothing() -> None:
    keypoints = find_keypoints(grey(border(drawn(1))))
    with_hash = THREE.matches(keypoints, lambda window: PartHash(pdq_hash(grey(drawn(1)))[0], 100))
    without = THREE.matches(keypoints, lambda window: None)
    flat = THREE.matches(keypoints, lambda window: PartHash(bytes(32), 0))
    assert without == flat
    assert with_hash[0].likelihood > without[0].likelihood  # type: ignore[operator]


def test_a_picture_without_keypoints_matches_nothing() -> None:
    assert matches(THREE, Image.new("RGB", (640, 480)))[0] == []


def test_what_only_a_quarter_shows_is_found() -> None:
    known = recognition("one", "two", "three")
    page = drawn(40, 1000, 760)
    page.paste(ImageOps.expand(drawn(1).resize((340, 255)), 12, "white"), (600, 470))
    seen = find_closely(grey(page))
    asked: list[Window] = []

    def ask(window: Window) -> PartHash | None:
        asked.append(window)
        return window_hash(grey(page), window)

    assert len(seen.parts) == 4
    found = known.matches(seen, ask)
    assert [match.entry for match in found if match.verdict == "same_picture"] == [1]
    assert len(asked) <= MOST_WINDOWS
    without = known.matches(replace(seen, parts=()), ask)
    assert (found[0].likelihood or 0) > max((match.likelihood or 0 for match in without), default=0)


def near(known: Recognition, picture: Image.Image, *entries: Near) -> dict[int, Match]:
    """What becomes of `entries` that `picture` was found near."""
    pixels = grey(picture)
    found = known.matches(find_keypoints(pixels), lambda window: window_hash(pixels, window), entries)
    return {match.entry: match for match in found}


def test_what_was_near_and_aligns_is_the_same_picture() -> None:
    found = near(THREE, drawn(1).resize((400, 300)), Near(1, 20))
    assert (found[1].verdict, found[1].likelihood is not None) == ("same_picture", True)


def test_an_entry_that_was_near_is_aligned_even_if_no_code_votes_for_it() -> None:
    deaf = replace(THREE, codes=Deaf(THREE.codes))
    assert near(deaf, drawn(1)) == {}
    found = near(deaf, drawn(1), Near(1, 4))
    assert found[1] == Match(1, "same_picture", 4, found[1].likelihood)
    assert near(deaf, ImageOps.mirror(drawn(1)), Near(1, 4))[1].verdict == "same_picture"


def test_what_was_near_and_does_not_align_stays_near_and_is_less_likely() -> None:
    strict = replace(THREE, model=replace(THREE.model, thresholds=Thresholds(1.0, 0.999)))
    alone = strict.model.likelihood(Evidence(30), len(THREE.codes))
    found = near(strict, drawn(9), Near(1, 30))
    assert found[1].verdict == "near"
    assert found[1].likelihood is not None
    assert 0 < found[1].likelihood < min(alone, 0.999)


@pytest.mark.parametrize(
    ("entry", "picture"),
    [
        (Near(1, 30, whole=False), drawn(9)),
        (Near(1, 30), drawn(9).resize((8, 6)).resize((640, 480))),
    ],
    ids=["a box or a frame was near", "too few keypoints"],
)
def test_where_no_alignment_was_to_be_expected_the_distance_stands(entry: Near, picture: Image.Image) -> None:
    alone = THREE.model.likelihood(Evidence(30), len(THREE.codes))
    assert near(THREE, picture, entry)[1] == Match(1, "near", 30, alone, entry.whole)


def test_of_many_that_are_near_the_nearest_are_looked_into_and_none_is_dropped() -> None:
    many = recognition(*map(str, range(MOST_NEAR + 4)), shown=1)
    deaf = replace(many, codes=Deaf(many.codes))
    found = near(deaf, drawn(1), *(Near(entry, 10) for entry in range(MOST_NEAR + 4)))
    assert [found[entry].verdict for entry in range(MOST_NEAR + 4)] == [
        *["same_picture"] * MOST_NEAR,
        *["near"] * 4,
    ]


def test_what_no_pdq_found_near_is_kept_as_it_is() -> None:
    assert near(THREE, drawn(9), Near(2, None))[2] == Match(2, "near")


class Deaf:
    """Codes for which no picture votes."""

    def __init__(self, codes: CodeIndex) -> None:
        self.rotation = codes.rotation
        self.of, self.at, self.references = codes.of, codes.at, codes.references
        self._count = len(codes)

    def __len__(self) -> int:
        return self._count

    def find(self, keypoints: Keypoints) -> list[Candidate]:
        return []


def test_what_is_near_a_confirmed_copy_is_not_the_same_picture_because_of_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Entries, "pictured", 1000)
    weak, one = Evidence(None, inliers=10, coverage=0.6, window_distance=60), Near(1, 2)
    found = THREE._near(one, weak)
    assert found.verdict == "same_picture"
    expected: dict[int, Verdict] = {2: "same_picture", 30: "near", BEYOND: "near"}
    for itself, verdict in expected.items():
        assert THREE._near(one._replace(itself=itself), weak) == replace(found, verdict=verdict)
