"""The rule for videos, held against the `vpdq` package: the same hashes, the same shares.

The package takes long to build. What it gives stands in the tree, made by `tests.support.vpdq_table`; where
it is installed, that is checked, too.
"""

from __future__ import annotations

from functools import cache

import pytest

from luwte.lab.fingerprints.boxes import MOST_BOXES
from luwte.lab.fingerprints.fingerprint import VARIANTS, fingerprint_bytes
from luwte.lab.recognition.films import FILM_SHARE, same_film, shows
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS
from luwte.lab.reference.films import FilmList, Overlap
from tests.support.edited_films import FILMS, RATE, greys
from tests.support.films import lossless
from tests.support.hashes import film_list
from tests.support.vpdq_table import (
    REFERENCES,
    Share,
    frames_of,
    lines_by_vpdq,
    path_of,
    shares,
    shares_by_vpdq,
)

ALL_FORMS = VARIANTS * (1 + MOST_BOXES)
BETWEEN_DECODERS = 4
"""Bits in which two decoders may see a frame differently."""


@cache
def forms_of(film: str) -> tuple[bytes, ...]:
    """Return the forms of each frame of `film` with enough in it, and of photo boxes in it, in order."""
    found = fingerprint_bytes(lossless(greys(FILMS[film]()), RATE)).frames
    return tuple(frame.variants for frame in found if frame.quality >= PDQ_QUALITY)


@cache
def reference(film: str) -> FilmList:
    """Return a list of one video, with the frames that the package gives."""
    return film_list([bytes.fromhex(pdq) for pdq in frames_of(film)])


def overlap(film: str, known: str, forms: int = ALL_FORMS) -> Overlap | None:
    (found,) = reference(known).overlaps([[frame[: 32 * forms] for frame in forms_of(film)]], PDQ_RADIUS)
    return found[0] if found else None


@pytest.mark.parametrize("film", FILMS)
def test_frames_are_those_of_the_package(film: str) -> None:
    ours, theirs = [frame[:32].hex() for frame in forms_of(film)], frames_of(film)
    assert len(ours) == len(theirs)
    assert max(_distance(*pair) for pair in zip(ours, theirs, strict=True)) <= BETWEEN_DECODERS


@pytest.mark.parametrize("share", shares(), ids=lambda share: f"{share.film} in {share.reference}")
def test_shares_are_those_of_the_package(share: Share) -> None:
    found = overlap(share.film, share.reference, forms=1) or Overlap(0, 0, 0, 1, 0)
    assert share.of_film == round(100 * found.query / len(forms_of(share.film)), 2)
    assert share.of_reference == round(100 * found.reference / found.frames, 2)


FOUND = {
    "the known film": (True, True),
    "a clip of it": (True, True),
    "compressed hard": (True, True),
    "half the size": (True, True),
    "mirrored": (True, True),
    "twice as fast": (True, True),
    "thin bars": (True, True),
    "thick bars": (True, True),
    "a clip, mirrored": (True, True),
    "a clip among others": (True, True),
    "inside another picture": (True, True),
    "another film with its title": (False, False),
    "a still": (True, True),
}
"""Which films are near the known film, and near the clip, as docs/decisions/0034-video-in-order.md says."""


@pytest.mark.parametrize("film", FILMS)
def test_a_film_is_near_as_decided(film: str) -> None:
    near = tuple(
        (found := overlap(film, known)) is not None and shows(reference(known), forms_of(film), found)
        for known in REFERENCES
    )
    assert near == FOUND[film]


def test_either_share_is_enough_and_each_of_them_is_needed() -> None:
    assert FILM_SHARE == 80
    for frames, overlapping, near in (
        (10, Overlap(0, 8, 8, 100, 0), True),
        (10, Overlap(0, 7, 7, 100, 0), False),
        (100, Overlap(0, 8, 8, 10, 0), True),
        (100, Overlap(0, 7, 7, 10, 0), False),
        (1, Overlap(0, 1, 1, 1024, 31), True),
        (9, Overlap(0, 7, 7, 9, 0), False),
    ):
        assert same_film(overlapping, frames) is near


@pytest.mark.parametrize("film", FILMS)
def test_the_table_is_what_the_package_gives(film: str) -> None:
    pytest.importorskip("vpdq")
    for ours, theirs in zip(path_of(film).read_text().splitlines(), lines_by_vpdq(film), strict=True):
        number, quality, pdq, seconds = ours.split(",")
        now, its_quality, its_pdq, its_seconds = theirs.split(",")
        assert (number, seconds) == (now, its_seconds)
        assert abs(int(quality) - int(its_quality)) <= 1
        assert _distance(pdq, its_pdq) <= BETWEEN_DECODERS


def test_the_shares_of_the_table_are_by_the_distances_of_the_package() -> None:
    pytest.importorskip("vpdq")
    assert list(shares_by_vpdq()) == shares()


def _distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
