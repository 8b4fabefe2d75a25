"""A simple recogniser of local codes for the tests of the deep pass: it compares with every reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

import numpy as np

from luwte.exchange.entries import entry_from
from luwte.exchange.home import Home
from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import decode_grey
from luwte.lab.fingerprints.windows import Ask, AskOf
from luwte.lab.recognition.deep import Near
from luwte.lab.recognition.geometry import Alignment, align, window_of
from luwte.lab.recognition.verdicts import Match, Verdict
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.closely import Rule
from tests.support.drawn import jpeg
from tests.support.scans import KNOWN, record_of

LEAST = 8
SURE = 14
RULE = Rule("0" * 16, 990, 50)


@dataclass(frozen=True)
class BruteForce:
    """Knows the `codes` and PDQ of entries by their numbers in the list, under `rotation`.

    It counts the pictures that it was `asked` about, and keeps what was `near` in them.
    """

    rotation: Rotation
    codes: Mapping[int, tuple[LocalCodes, bytes]]
    key: str = "brute force"
    rule: Rule = RULE
    asked: list[int] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)

    def recogniser(self) -> BruteForce:
        """Return itself: nothing is to be loaded."""
        return self

    def matches(self, keypoints: Keypoints, ask: Ask, near: Sequence[Near] = ()) -> Sequence[Match]:
        """Return the entries that align with the picture, or were `near`, the best first."""
        self.asked.append(len(keypoints))
        self.near.extend(near)
        found = [Match(one.entry, "near", one.distance, 0.0, one.whole) for one in near]
        for mirrored, seen in ((False, keypoints), (True, keypoints.mirrored())):
            bits = self.rotation.bits(seen.descriptors)
            for entry, (codes, pdq) in self.codes.items():
                alignment = align(seen, bits, codes)
                if alignment is not None and alignment.inliers >= LEAST:
                    window = ask(window_of(alignment, codes.width, codes.height, mirrored=mirrored))
                    found.append(_match(entry, alignment, pdq, None if window is None else window.pdq))
        return sorted(found, key=lambda match: match.rank)

    def film_matches(self, frames: Sequence[Keypoints], ask: AskOf) -> Sequence[Match]:
        """Return what any frame aligns with, the best first, an entry once for each frame."""
        found = (self.matches(seen, partial(ask, number)) for number, seen in enumerate(frames))
        return sorted(chain.from_iterable(found), key=lambda match: match.rank)


def _match(entry: int, alignment: Alignment, pdq: bytes, window: bytes | None) -> Match:
    verdict: Verdict = "same_picture" if alignment.inliers >= SURE else "same_scene"
    distance = None
    if window is not None:
        different = np.frombuffer(window, np.uint8) ^ np.frombuffer(pdq, np.uint8)
        distance = int(np.bitwise_count(different).sum(dtype=np.int64))
    return Match(entry, verdict, distance, alignment.inliers / 64)


def brute_force(index: ReferenceIndex, home: Home) -> BruteForce:
    """Return a recogniser of the known pictures, which `index` holds."""
    rotation = Rotation(bytes(range(32)))
    numbers = {index.entry_id(entry): entry for entry in range(len(index.bundle.ids))}
    codes = {}
    for seed in KNOWN:
        grey = decode_grey(jpeg(seed)).grey
        entry = entry_from(record_of(jpeg(seed), f"series-{seed // 2}"), home.entry_key)
        codes[numbers[entry.id]] = rotation.encode(find_keypoints(grey)), pdq_hash(grey)[0]
    return BruteForce(rotation, codes)
