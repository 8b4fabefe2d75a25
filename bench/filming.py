"""Edited films that are found: by the rule of vPDQ, by the fast pass, and by the deep one after it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from bench.film_edits import FILM_EDITS, openings
from bench.films import encoded, film
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import Bundle
from luwte.exchange.entries import Entry, frames_from
from luwte.lab.fingerprints.fingerprint import PDQ_BYTES, Fingerprint, fingerprint_bytes
from luwte.lab.fingerprints.kept import Kept
from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import Rotation, telling
from luwte.lab.fingerprints.windows import PartHash, Window, window_hash
from luwte.lab.recognition.deep import Entries
from luwte.lab.recognition.deep_films import FilmRecognition
from luwte.lab.recognition.films import same_film
from luwte.lab.recognition.model import default_model
from luwte.lab.recognition.recogniser import recognise
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS
from luwte.lab.reference.codes import CodeList
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.close_film import frames_of

OTHERS = "other films"
CARDS = (2, 3, 5)
"""How many cards films of one maker may begin with, for what is then taken for another film."""
_SEED = bytes(range(32))
_STRANGERS = 1_000
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as a scan sees it: in the fast pass, and the frames of a close look."""

    fast: Fingerprint
    closely: tuple[Keypoints, ...]
    content: bytes

    def part(self, number: int, window: Window) -> PartHash | None:
        """Return the hash of `window` of frame `number` of the close look."""
        return window_hash(_frames(self.content)[number], window)


@dataclass(frozen=True, slots=True)
class Found:
    """Of so many `films` of one edit, how many are found each way, and the false pairs of the two passes.

    `fast` and `deep` are near or better, `same` the same picture; `deep` counts what `fast` found, too.
    """

    edit: str
    films: int
    vpdq: int = 0
    fast: int = 0
    deep: int = 0
    same: int = 0
    false_fast: int = 0
    false_deep: int = 0


def measure(sources: int) -> list[Found]:
    """Return for each edit what is found of `sources` films in a list of those and as many others."""
    known = [*range(sources), *range(_STRANGERS, _STRANGERS + sources)]
    strangers = range(2 * _STRANGERS, 2 * _STRANGERS + sources)
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        listed = _Listed(list(pool.map(shown, known)))
        found = []
        for edit in FILM_EDITS:
            films = pool.map(partial(shown, edit=edit), range(sources))
            found.append(_found(edit, listed, list(enumerate(films))))
        others = [(None, one) for one in pool.map(shown, strangers)]
        found.append(_found(OTHERS, listed, others))
        for cards in CARDS:
            opened = partial(shown, cards=cards)
            behind = _Listed(list(pool.map(opened, known[:sources])))
            others = [(None, one) for one in pool.map(opened, strangers)]
            found.append(_found(f"{OTHERS}, all behind the same {cards} cards", behind, others))
    return found


def shown(seed: int, edit: str | None = None, cards: int = 0) -> Shown:
    """Return the film of `seed`, after `edit`, or behind so many cards that others have too."""
    pictures = film(seed, framed=seed % 2 == 0 and not cards)
    if edit is None:
        content = encoded(openings(cards)(pictures))
    else:
        done = FILM_EDITS[edit]
        content = encoded(done.make(pictures), done.quality)
    closely = tuple(find_keypoints(grey) for grey in _frames(content))
    return Shown(fingerprint_bytes(content), closely, content)


@lru_cache(1)
def _frames(content: bytes) -> list[NDArray[np.uint8]]:
    kept = Kept(len(content))
    kept.take(content)
    return frames_of(kept, _SECONDS)


class _Listed:
    """A list of films, as it is enrolled."""

    def __init__(self, films: Sequence[Shown]) -> None:
        rotation, builder = Rotation(_SEED), ColumnBuilder()
        for number, one in enumerate(films):
            codes = tuple(rotation.encode(frame).to_bytes() for frame in telling(one.closely))
            frames = frames_from(_hashes(one))
            builder.add(Entry(f"{number:032x}", f"{number}", frames=frames, frame_codes=codes), _SEED)
        columns = builder.finish()
        self.index = ReferenceIndex(Bundle(**vars(columns), statement=None))  # type: ignore[arg-type]
        self.closely = FilmRecognition(CodeList(columns), Entries(self.index), default_model())

    def by_vpdq(self, one: Shown) -> set[int]:
        """Return the films that are near `one` by the shares of vPDQ alone."""
        hashes = list(dict.fromkeys(_hashes(one)))
        (overlaps,) = self.index.films.overlaps([hashes], PDQ_RADIUS)
        return {overlap.entry for overlap in overlaps if same_film(overlap, len(hashes))}


def _hashes(one: Shown) -> Iterator[bytes]:
    good = (frame for frame in one.fast.frames if frame.quality >= PDQ_QUALITY)
    return (frame.variants[:PDQ_BYTES] for frame in good)


def _found(edit: str, listed: _Listed, films: Sequence[tuple[int | None, Shown]]) -> Found:
    """Return what is found of `films`, each with its number in the list, None for a stranger."""
    counts = dict.fromkeys(("vpdq", "fast", "deep", "same", "false_fast", "false_deep"), 0)
    for number, one in films:
        fast = {match.entry for match in recognise(listed.index, [one.fast])[0]}
        closely = () if fast else listed.closely.film_matches(one.closely, one.part)
        verdicts = {match.entry: match.verdict for match in closely if match.verdict != "same_scene"}
        counts["vpdq"] += number in listed.by_vpdq(one)
        counts["fast"] += number in fast
        counts["deep"] += number in fast or number in verdicts
        counts["same"] += verdicts.get(number) == "same_picture" if number is not None else 0
        counts["false_fast"] += len(fast - {number})
        counts["false_deep"] += len(verdicts.keys() - {number})
    return Found(edit, len(films), **counts)
