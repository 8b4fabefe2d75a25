"""Close looks by a crew: what is wanted is judged, each picture once, and a worker is not believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256

import pytest

from luwte.lab.fingerprints.fingerprint import Fingerprint, fingerprint_bytes
from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, decode_grey
from luwte.lab.fingerprints.windows import MOST_WINDOWS, Ask, AskOf, PartHash, Window
from luwte.lab.recognition.deep import Near
from luwte.lab.recognition.verdicts import Match, Verdict
from luwte.lab.scan.closely import CloseWorker, Looks
from luwte.lab.scan.crew import Answer, Crew, Job
from luwte.lab.scan.units import NAME_BYTES
from tests.support.drawn import jpeg
from tests.support.workers import CRASHER, GLUTTON, LIAR, SLEEPER, SPINNER, closely, misbehaving

WHOLE = Window(2.0, 0.0, 0.0, 0.0, 128, 96, mirrored=False)


class Asking:
    """A recogniser that asks for one window so many times, and finds what it is told to find."""

    def __init__(self, times: int = 1, verdict: Verdict = "same_picture") -> None:
        self._times = times
        self._verdict = verdict
        self.seen: list[int] = []
        self.hashes: list[PartHash | None] = []

    def matches(self, keypoints: Keypoints, ask: Ask, near: Sequence[Near] = ()) -> Sequence[Match]:
        self.seen.append(len(keypoints))
        self.hashes += [ask(WHOLE) for _ in range(self._times)]
        return [Match(7, self._verdict, 3, 0.5)]

    def film_matches(self, frames: Sequence[Keypoints], ask: AskOf) -> Sequence[Match]:
        self.seen += map(len, frames)
        self.hashes += [ask(number, WHOLE) for number in range(len(frames)) for _ in range(self._times)]
        return [Match(7, self._verdict, 3, 0.5)]


def names(contents: Sequence[bytes]) -> bytes:
    return b"".join(sorted({sha256(content).digest()[:NAME_BYTES] for content in contents}))


def looked(
    contents: Sequence[bytes], wanted: Sequence[bytes], recogniser: Asking
) -> tuple[list[Answer], Looks]:
    looks = Looks()
    looks.want(names(wanted))
    found: list[Answer] = []
    hired = partial(CloseWorker, recogniser=recogniser, looks=looks)
    with Crew(1, 2.0, misbehaving, looks, hired) as crew:
        for number, content in enumerate(contents):
            crew.submit(Job(number, [content]))
            answer = crew.answer(60)
            assert isinstance(answer, Answer)
            found.append(answer)
    return found, looks


def test_what_is_wanted_is_looked_at_once_and_nothing_else() -> None:
    contents = [jpeg(1), jpeg(2), b"text", jpeg(1), jpeg(3)]
    asking = Asking()
    found, looks = looked(contents, [jpeg(1), jpeg(3)], asking)
    assert [answer.error for answer in found] == [None] * 5
    assert len(asking.seen) == 2
    assert [answer.fingerprint and answer.fingerprint.pdq for answer in found] == [
        fingerprint_bytes(jpeg(1)).pdq,
        *[None] * 3,
        fingerprint_bytes(jpeg(3)).pdq,
    ]
    digests = fingerprint_bytes(jpeg(1))
    assert looks.taken(digests.size, digests.sha256) == [Match(7, "same_picture", 3, 0.5)]
    assert looks.taken(digests.size, digests.sha256) is None
    assert looks.taken(len(jpeg(2)), fingerprint_bytes(jpeg(2)).sha256) is None


@pytest.mark.parametrize(
    "name", [b"a" * 16, b"a" * 15 + b"\0", b"\0" * 16, b"a" * 8 + bytes(8), b"\xff" * 16]
)
def test_a_picture_is_known_by_its_digest_whatever_bytes_that_has(name: bytes) -> None:
    others = [b"a" * 14 + b"\0\1", b"a" * 8 + b"\0" * 7 + b"\1", b"b" * 16, b"\xff" * 15 + b"\xfe"]
    looks = Looks()
    looks.want(b"".join(sorted([*others, name])))
    found = Fingerprint(1, bytes(16), bytes(20), name + bytes(16), "picture")
    assert looks.known(found) is None
    assert looks.known(found) is found, "somebody is at it"
    other = replace(found, sha256=name[:-1] + b"\7" + bytes(16))
    assert looks.known(other) is other


def test_a_picture_of_the_same_scene_keeps_no_hash() -> None:
    (answer,), _ = looked([jpeg(1)], [jpeg(1)], Asking(verdict="same_scene"))
    assert answer.fingerprint is not None
    assert answer.fingerprint.pdq is None


def test_parts_are_asked_for_as_often_as_is_bounded() -> None:
    asking = Asking(MOST_WINDOWS + 2)
    (answer, after), _ = looked([jpeg(1), jpeg(2)], [jpeg(1), jpeg(2)], asking)
    assert (answer.error, after.error) == (None, None)
    hashes = asking.hashes[: MOST_WINDOWS + 2]
    assert [part is None for part in hashes] == [False] * MOST_WINDOWS + [True, True]
    assert hashes[0] is not None
    whole = pdq_hash(decode_grey(jpeg(1)).grey)[0]
    assert sum((one ^ other).bit_count() for one, other in zip(hashes[0].pdq, whole, strict=True)) <= 31


@pytest.mark.parametrize(
    ("sort", "reason"),
    [
        (SLEEPER, Reason.DEADLINE),
        (CRASHER, Reason.STOPPED),
        (LIAR, Reason.STOPPED),
        (GLUTTON, Reason.MEMORY),
        (SPINNER, Reason.DEADLINE),
    ],
)
def test_a_picture_that_breaks_its_worker_costs_that_picture_alone(sort: bytes, reason: Reason) -> None:
    contents = [jpeg(1), closely(sort), jpeg(2)]
    found, looks = looked(contents, contents, Asking())
    assert [answer.error for answer in found] == [None, reason, None]
    bad = sha256(contents[1]).digest()
    assert looks.taken(len(contents[1]), bad) is None
    assert looks.failed(bad)
    assert not looks.failed(sha256(b"another").digest())
