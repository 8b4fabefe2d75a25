"""The year of carriers that P12-review is measured in: one world, drawn from what is assumed."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np

from bench.review_assumed import Assumed
from bench.review_copies import Copy
from luwte.lab.recognition.likelihood import Evidence, Model
from luwte.lab.recognition.verdicts import PDQ_RADIUS, Verdict

DAYS = 364
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class File:
    """A file that some way of recognising takes for `entry` of `series`, `times` over on its carrier.

    `true`: it is that picture. `identical`: its digest stands in the list. `field` and `verdict` say what the
    field's rule and a scan find; `likelihood` is in per mille, `pdq` that of the file as it is (32 bytes).
    `whole`: a scan finds it by the PDQ of the whole picture.
    """

    entry: int
    series: int
    name: bytes
    pdq: bytes
    true: bool
    identical: bool
    field: bool
    verdict: Verdict
    likelihood: int
    times: int
    whole: bool


@dataclass(frozen=True, slots=True)
class World:
    """Carriers in order: the day each is scanned on, and its files; and which series may hear of a case."""

    assumed: Assumed
    carriers: tuple[tuple[int, tuple[File, ...]], ...]
    heard: tuple[bool, ...]
    listed: dict[int, bytes]
    """The PDQ of each entry that something matched."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How often strangers match, for each unknown picture: by the field's rule, in the fast and deep pass."""

    field: float
    fast: float
    deep: float
    steps: float
    """Bits in which the number of strangers falls by e."""


def chances(measured: Sequence[Copy], model: Model, references: int) -> Chance:
    """Return how often a picture of no series matches one of `references` by chance.

    The tails are those of `model`, measured on the least distance of eight hashes; the field compares one,
    and the fast pass as many as were counted on `measured`. Below 70 bits no stranger was ever seen: there
    the tail's own slope is drawn on.
    """
    eight = model.whole.share * exp((-PDQ_RADIUS - model.whole.start) / -model.whole.excess)
    hashes = sum(one.hashes for one in measured) / len(measured)
    deep = model.aligned.share * exp(
        -max(0.0, near_score(model, references) - model.aligned.start) / model.aligned.excess
    )
    return Chance(
        eight / 8 * references, eight * hashes / 8 * references, deep * references, model.whole.excess
    )


def near_score(model: Model, references: int) -> float:
    """Return the score of an alignment from which `model` calls a picture near, among `references`."""
    low, high = model.aligned.start, model.aligned.start + 1000.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = likelihood_of(model, middle, references) >= model.thresholds.near
        low, high = (low, middle) if enough else (middle, high)
    return high


def likelihood_of(model: Model, score: float, references: int) -> float:
    """Return the likelihood of an alignment with `score`: as `Model.likelihood` has it."""
    plain = replace(model, weights=(score, 0.0, 0.0, 0.0, 0.0))
    return plain.likelihood(Evidence(None, 1, 0.0, None), references)


def draw(assumed: Assumed, measured: Sequence[Copy], model: Model) -> World:
    """Return the world that follows from `assumed`, with copies as they were `measured` and judged."""
    return _Draw(assumed, measured, model).world()


class _Draw:
    def __init__(self, assumed: Assumed, measured: Sequence[Copy], model: Model) -> None:
        self._assumed, self._model = assumed, model
        self._chance = np.random.default_rng(assumed.seed)
        self._rates = chances(measured, model, assumed.references)
        self._near = near_score(model, assumed.references)
        self._size = max(1, assumed.references // assumed.people)
        self._kinds = _by_kind(measured)
        self._judged = {id(one): one.judged(model, assumed.references) for one in measured}
        self._masks: dict[int, bytes] = {}
        self._sources = sorted({one.source for one in measured})
        self._versions: dict[int, list[File]] = {}
        self._strangers: list[File] = []
        self._listed: dict[int, bytes] = {}

    def world(self) -> World:
        assumed, chance = self._assumed, self._chance
        wants = chance.random(assumed.people) < assumed.want
        heard = (wants & (chance.random(assumed.people) < assumed.asked)) | (
            chance.random(assumed.people) < assumed.mandate
        )
        rates = assumed.top * 52 / np.arange(1, assumed.people + 1) ** assumed.tail
        hits = chance.poisson(rates * assumed.cases / 800)
        series_in: list[list[int]] = [[] for _ in range(assumed.cases)]
        for series, count in enumerate(hits.tolist()):
            for case in chance.choice(assumed.cases, min(count, assumed.cases), replace=False).tolist():
                series_in[case].append(series)
        days = np.sort(chance.integers(0, DAYS, assumed.cases)).tolist()
        carriers = tuple((day, self._carrier(found)) for day, found in zip(days, series_in, strict=True))
        return World(assumed, carriers, tuple(heard.tolist()), self._listed)

    def _carrier(self, series: Sequence[int]) -> tuple[File, ...]:
        """Return the files of a carrier, those with equal bytes as one."""
        times: Counter[tuple[int, bytes]] = Counter()
        files: dict[tuple[int, bytes], File] = {}
        assumed = self._assumed
        edited = self._chance.beta(assumed.edited * assumed.alike, (1 - assumed.edited) * assumed.alike)
        of_series = itertools.chain.from_iterable(self._of_series(one, edited) for one in series)
        for file in itertools.chain(of_series, self._matched_by_chance()):
            files[file.entry, file.name] = file
            times[file.entry, file.name] += file.times
        return tuple(replace(file, times=times[key]) for key, file in files.items())

    def _of_series(self, series: int, share: float) -> Iterator[File]:
        chance, assumed = self._chance, self._assumed
        count = min(self._size, max(1, round(chance.lognormal(np.log(assumed.entries), 1.0))))
        for place in chance.choice(self._size, count, replace=False).tolist():
            for _ in range(1 + chance.poisson(0.5)):
                edited = chance.random() < share
                entry = series * self._size + place
                file = self._edited(entry, series) if edited else self._identical(entry, series)
                yield replace(file, times=1 + int(chance.poisson(assumed.files)))

    def _identical(self, entry: int, series: int) -> File:
        self._mask(entry)
        name = b"listed" + entry.to_bytes(26)
        return File(entry, series, name, self._listed[entry], True, True, True, "identical", 1000, 1, True)

    def _edited(self, entry: int, series: int) -> File:
        """Return an edited file of `entry`: one that was met before, or a new one."""
        chance, versions = self._chance, self._versions.setdefault(entry, [])
        if versions and chance.random() >= self._assumed.fresh:
            return versions[int(chance.integers(len(versions)))]
        hard = chance.random() < self._assumed.hard
        kinds = self._kinds[self._sources[entry % len(self._sources)], hard]
        copy = kinds[int(chance.integers(len(kinds)))]
        verdict, likelihood = self._judged[id(copy)]
        pdq = _xor(copy.pdq, self._mask(entry))
        name, how = chance.bytes(32), (copy.field, verdict, likelihood, 1, copy.whole)
        file = File(entry, series, name, pdq, True, False, *how)
        versions.append(file)
        return file

    def _mask(self, entry: int) -> bytes:
        """Return the mask of `entry`. What it turns over of hashes leaves all distances as they were."""
        if entry not in self._masks:
            self._masks[entry] = self._chance.bytes(32)
            source = self._sources[entry % len(self._sources)]
            self._listed[entry] = _xor(self._kinds[source, True][0].listed, self._masks[entry])
        return self._masks[entry]

    def _matched_by_chance(self) -> Iterator[File]:
        """Give unrelated pictures that match: each by the fast or the deep pass, some by the field's rule."""
        chance, assumed, rates = self._chance, self._assumed, self._rates
        unknown = float(chance.lognormal(np.log(assumed.unknown), 2.0))
        for deep, rate in ((False, rates.fast), (True, rates.deep)):
            for _ in range(int(chance.poisson(unknown * rate))):
                if self._strangers and chance.random() < assumed.known_again:
                    yield self._strangers[int(chance.integers(len(self._strangers)))]
                else:
                    self._strangers.append(self._stranger(deep=deep))
                    yield self._strangers[-1]

    def _stranger(self, *, deep: bool) -> File:
        chance, model, references = self._chance, self._model, self._assumed.references
        entry = int(chance.integers(self._size * self._assumed.people))
        self._mask(entry)
        if deep:
            score = self._near + chance.exponential(model.aligned.excess)
            likelihood = likelihood_of(model, score, references)
            verdict: Verdict = "same_picture" if likelihood >= model.thresholds.same_picture else "near"
            pdq, by_field = chance.bytes(32), False
        else:
            distance = max(0, PDQ_RADIUS - int(chance.exponential(self._rates.steps)))
            # Of strangers that are near, 128 of 150 do not align: decision 28.
            likelihood = model.likelihood(Evidence(distance, second=True), references)
            by_field = bool(chance.random() < self._rates.field / self._rates.fast)
            as_is = _turned(self._listed[entry], distance, chance)
            pdq, verdict = as_is if by_field else chance.bytes(32), "near"
        series = entry // self._size
        how = by_field, verdict, int(1000 * likelihood), 1, not deep
        return File(entry, series, chance.bytes(32), pdq, False, False, *how)


def _by_kind(measured: Sequence[Copy]) -> dict[tuple[int, bool], list[Copy]]:
    kinds: dict[tuple[int, bool], list[Copy]] = {}
    for one in measured:
        kinds.setdefault((one.source, True), []).append(one)
        if one.platform:
            kinds.setdefault((one.source, False), []).append(one)
    return kinds


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _turned(pdq: bytes, bits: int, chance: np.random.Generator) -> bytes:
    """Return `pdq` with so many bits turned over."""
    row = np.unpackbits(np.frombuffer(pdq, np.uint8))
    row[chance.choice(256, bits, replace=False)] ^= 1
    return np.packbits(row).tobytes()
