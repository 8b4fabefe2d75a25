"""The ways to recognise a picture that are measured side by side: from a query to entries and how far off.

A further way is one more `Method` in `methods`: a function from a query to the entries it finds, each with a
number that is smaller the surer it is, and the limits to report.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.entries import Entry
from luwte.lab.fingerprints.fingerprint import FORMS_BYTES, PDQ_BYTES, Frame, frame_of
from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import Rotation
from luwte.lab.fingerprints.pictures import GreyPicture, decode_grey
from luwte.lab.fingerprints.windows import PartHash, Window, window_hash
from luwte.lab.recognition.deep import Recognition
from luwte.lab.recognition.model import default_model
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS
from luwte.lab.reference.codes import CodeList
from luwte.lab.reference.hamming import radius_search

WIDEST = 100
"""Bits up to which distances are noted: the widest net that can be chosen."""

SEED = bytes(range(32))
"""Of the rotation that the local codes of a gallery stand under."""

_VERDICTS = ("same_picture", "near", "same_scene")
_SAME, _NEAR = 0.0, 1.0
_CALLED = ("same picture", "same picture or near")

Answer = Mapping[int, float]
"""Of each entry that was found, how far off it is; the smaller the surer."""


class Query:
    """A picture as a file holds it, decoded as the scan does; each part is made when it is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def colours(self) -> NDArray[np.uint8]:
        """The picture in full size (H, W, 3)."""
        return np.asarray(Image.open(io.BytesIO(self.content)).convert("RGB"))

    @cached_property
    def picture(self) -> GreyPicture:
        """What the scan decodes."""
        return decode_grey(self.content)

    @cached_property
    def frame(self) -> Frame:
        """What the fast pass keeps of it."""
        return frame_of(self.picture)

    @cached_property
    def keypoints(self) -> Keypoints:
        """What the deep pass sees of it first."""
        return find_keypoints(self.picture.grey)

    def part(self, window: Window) -> PartHash | None:
        """Return the hash of a part of it, as the deep pass asks for it."""
        return window_hash(self.picture.grey, window)


@dataclass(frozen=True, slots=True)
class Method:
    """A way to recognise: its name, what it answers, and the limits up to which an answer counts as found.

    A limit of None is the wide net, to be chosen: the widest that holds the rate of false pairs. `widest` is
    the largest number that an answer holds; `called` names the limits where
    their numbers say little.
    """

    name: str
    ask: Callable[[Query], Answer]
    limits: tuple[float | None, ...]
    widest: float = WIDEST
    called: Sequence[str] = ()


def methods(gallery: Sequence[Query]) -> list[Method]:
    """Return the methods, each ready to be asked about `gallery`, whose places are the numbers of entries."""
    by_field = _List([_by_pdqhash(entry) for entry in gallery])
    ours = _List([(entry.frame.variants[:PDQ_BYTES], entry.frame.quality) for entry in gallery])

    def field(query: Query) -> Answer:
        return by_field.near(*_by_pdqhash(query))

    def forms(query: Query) -> Answer:
        return ours.near(query.frame.variants[:FORMS_BYTES], query.frame.quality)

    def boxes(query: Query) -> Answer:
        found = dict(forms(query))
        for entry, distance in ours.near(query.frame.variants[FORMS_BYTES:], PDQ_QUALITY).items():
            found[entry] = min(distance, found.get(entry, distance))
        return found

    closely = _closely(gallery)

    def local(query: Query) -> Answer:
        found = closely.matches(query.keypoints, query.part)
        return {match.entry: float(_VERDICTS.index(match.verdict)) for match in found}

    def all_stages(query: Query) -> Answer:
        near = {entry: _NEAR for entry, distance in boxes(query).items() if distance <= PDQ_RADIUS}
        return {**local(query), **near}

    return [
        Method("PDQ", field, (PDQ_RADIUS,)),
        Method("8 forms", forms, (PDQ_RADIUS, None)),
        Method("8 forms and boxes", boxes, (PDQ_RADIUS, None)),
        Method("local codes", local, (_SAME, _NEAR), _VERDICTS.index("same_scene"), _CALLED),
        Method("all stages", all_stages, (_NEAR,), _VERDICTS.index("same_scene"), _CALLED[1:]),
    ]


def _closely(gallery: Sequence[Query]) -> Recognition:
    """Return what looks closely in a scan whose list is `gallery`."""
    rotation, builder = Rotation(SEED), ColumnBuilder()
    for number, entry in enumerate(gallery):
        codes = rotation.encode(entry.keypoints)
        coded = codes.to_bytes() if len(codes) else b""
        pdq = entry.frame.variants[:PDQ_BYTES]
        builder.add(Entry(f"{number:032x}", "bench", pdq=pdq, codes=coded), SEED)
    return Recognition(CodeList(builder.finish()), _Entries(gallery), default_model())


class _Entries:
    """What a list says of its entries."""

    def __init__(self, gallery: Sequence[Query]) -> None:
        frames = [entry.frame for entry in gallery]
        self._hashes = [
            _rows(frame.variants[:PDQ_BYTES] if frame.quality >= PDQ_QUALITY else b"") for frame in frames
        ]

    @property
    def pictured(self) -> int:
        return len(self._hashes)

    def hashes(self, entry: int, /) -> NDArray[np.uint8]:
        return self._hashes[entry]


class _List:
    """Hashes of the entries that have enough in them."""

    def __init__(self, hashes: Sequence[tuple[bytes, int]]) -> None:
        good = [number for number, (_, quality) in enumerate(hashes) if quality >= PDQ_QUALITY]
        self._entries = np.array(good, np.intp)
        self._hashes = _rows(b"".join(hashes[number][0] for number in good))

    def near(self, variants: bytes, quality: int) -> Answer:
        """Return the entries within `WIDEST` bits of any of `variants`, each at its smallest distance."""
        if quality < PDQ_QUALITY or not variants:
            return {}
        found = radius_search(_rows(variants), self._hashes, WIDEST)
        best: dict[int, float] = {}
        for reference, distance in zip(found.reference.tolist(), found.distance.tolist(), strict=True):
            entry = int(self._entries[reference])
            best[entry] = min(distance, best.get(entry, distance))
        return best


def _by_pdqhash(query: Query) -> tuple[bytes, int]:
    bits, quality = pdqhash.compute(query.colours)
    return np.packbits(bits).tobytes(), int(quality)


def _rows(hashes: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(hashes, np.uint8).reshape(-1, PDQ_BYTES)
