"""A simple recogniser of local codes for the tests of the deep pass: it compares with every code there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from luwte.exchange.home import Home
from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.fingerprints.pictures import decode_grey
from luwte.lab.fingerprints.windows import Window
from luwte.lab.recognition.verdicts import Match, Verdict
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.closely import Ask
from tests.support.drawn import jpeg
from tests.support.scans import KNOWN

RADIUS = 14
LEAST = 8
SURE = 16


@dataclass(frozen=True)
class BruteForce:
    """Knows the `codes` of entries by their numbers in the list, under `rotation`; counts who it was `asked`."""

    rotation: Rotation
    codes: Mapping[int, LocalCodes]
    key: str = "brute force"
    asked: list[int] = field(default_factory=list)

    def recogniser(self) -> BruteForce:
        """Return itself: nothing is to be loaded."""
        return self

    def matches(self, keypoints: Keypoints, ask: Ask) -> Sequence[Match]:
        """Return the entries of which enough codes are found again, the best first."""
        self.asked.append(len(keypoints))
        both = [keypoints, keypoints.mirrored()]
        bits = np.concatenate([self.rotation.bits(seen.descriptors) for seen in both])
        found = [self._match(entry, self._votes(bits, codes), ask) for entry, codes in self.codes.items()]
        return sorted((match for match in found if match is not None), key=lambda match: match.rank)

    def _votes(self, bits: np.ndarray, codes: LocalCodes) -> int:
        different = np.bitwise_count(bits[:, None, :] ^ codes.bits[None, :, :]).sum(axis=2, dtype=np.int64)
        return int((different <= RADIUS).any(axis=0).sum())

    def _match(self, entry: int, votes: int, ask: Ask) -> Match | None:
        if votes < LEAST:
            return None
        verdict: Verdict = "same_picture" if votes >= SURE else "same_scene"
        whole = ask(Window(2.0, 0.0, 0.0, 0.0, 128, 96, False))
        return Match(entry, verdict, None if whole is None else whole.quality, votes / 64)


def brute_force(index: ReferenceIndex, home: Home) -> BruteForce:
    """Return a recogniser of the known pictures, which `index` holds."""
    rotation = Rotation(bytes(range(32)))
    ids = {index.entry_id(entry): entry for entry in range(len(index.bundle.ids))}
    codes = {}
    for seed in KNOWN:
        grey = decode_grey(jpeg(seed)).grey
        codes[ids[_entry_id(seed, home)]] = rotation.encode(find_keypoints(grey))
    return BruteForce(rotation, codes)


def _entry_id(seed: int, home: Home) -> str:
    from luwte.exchange.entries import entry_from
    from tests.support.scans import record_of

    return entry_from(record_of(jpeg(seed), f"series-{seed // 2}"), home.entry_key).id
