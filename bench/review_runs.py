"""The runs that docs/review-measured.md is made of: each world that is needed, in each way of reviewing."""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bench.review import every_set, review
from bench.review_assumed import Assumed, varied
from bench.review_copies import Copy, copies, recall
from bench.review_values import ALL, FIELD, LEVERS, LUWTE, NONE, Reasons, Result, Way
from bench.review_world import Chance, World, chances, draw
from luwte.desk.review.floors import Floor
from luwte.lab.recognition.likelihood import Model, Thresholds
from luwte.lab.recognition.model import default_model

STEPS = {
    "one look per PDQ match": FIELD,
    "the same, a file once a carrier": replace(FIELD, once_a_carrier=True),
    "the same, two looks (equal rigour)": replace(FIELD, twice=True),
    "what a scan finds, one look": Way(by_field=False, reasons=NONE, twice=False),
    "what a scan finds, two looks": Way(by_field=False, reasons=NONE, twice=True),
    "reasons 1 to 4, no budget": Way(by_field=False, reasons=ALL - {"budget"}, twice=True),
    "all five, asking whatever is left": replace(LUWTE, levers=NONE),
    "Luwte: all five, with a floor": LUWTE,
    "the same, same picture accepted": replace(LUWTE, accepted=True),
}
PEER, RIGOROUS, PLAIN_ONE, PLAIN, _, BARE, OURS, ACCEPTED = (
    name for name in STEPS if "once a carrier" not in name
)
MINUTES = (1, 2, 5, 15)
SHORT = 5
NEARS = (0.2, 0.5)
FLOORS = (
    Floor(0, 0, 0, 0),
    Floor(20, 100, 500),
    Floor(20, 100, 900),
    Floor(5, 20, 1000),
    Floor(10, 50, 1000),
    Floor(20, 100, 1000, 0),
    Floor(20, 100, 1000, 50),
    Floor(50, 200, 1000),
    Floor(200, 500, 1000, 0),
)


@dataclass(frozen=True, slots=True)
class Task:
    """A world, by what is assumed and from which likelihood a file is near, and ways to review it."""

    assumed: Assumed
    near: float
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured. `steps` by name, `sets` by reasons; `minutes`, `nears` and `floors` say what an
    authority may set; `built` adds one lever of the fifth reason after another, `without` leaves one out;
    `sweep` holds the peer and ours with one number changed."""

    assumed: Assumed
    model: Model
    found: Mapping[str, float]
    rates: Chance
    steps: Mapping[str, Result]
    sets: Mapping[Reasons, Result]
    minutes: Mapping[int, Result]
    nears: Mapping[tuple[float, int], Result]
    floors: Mapping[Floor, Result]
    built: Mapping[str, Result]
    without: Mapping[str, Result]
    sweep: Sequence[tuple[str, float, Result, Result]]


def measure(sources: int, assumed: Assumed, *, sweeps: bool = True) -> Measured:
    """Return what a year comes to, with edited copies of `sources` pictures that are measured first."""
    model = default_model()
    measured = copies(sources)
    near, day = model.thresholds.near, assumed.minutes_a_day
    steps = {name: Task(assumed, near, (way,)) for name, way in STEPS.items()}
    sets = {
        some: Task(assumed, near, (Way(by_field=False, reasons=some, twice=True, levers=_levers(some)),))
        for some in every_set()
    }
    minutes = {one: Task(replace(assumed, minutes_a_day=one), near, (LUWTE,)) for one in MINUTES}
    nears = {
        (one, some): Task(replace(assumed, minutes_a_day=some), one, (LUWTE,))
        for one in NEARS
        for some in (SHORT, day)
    }
    floors = {one: Task(assumed, near, (replace(LUWTE, floor=one),)) for one in (LUWTE.floor, *FLOORS)}
    built = {
        name: Task(assumed, near, (replace(LUWTE, levers=frozenset(LEVERS[: place + 1])),))
        for place, name in enumerate(LEVERS)
    }
    without = {name: Task(assumed, near, (replace(LUWTE, levers=LUWTE.levers - {name}),)) for name in LEVERS}
    worlds = [(name, value, Task(world, near, (FIELD, LUWTE))) for name, value, world in varied(assumed)]
    if not sweeps:
        worlds = []
    kinds = (steps, sets, minutes, nears, floors, built, without)
    single = list(itertools.chain.from_iterable(kind.values() for kind in kinds))
    found = _run([*dict.fromkeys(single), *(task for _, _, task in worlds)], measured, model)
    return Measured(
        assumed,
        model,
        recall(measured, model, assumed.references),
        chances(measured, model, assumed.references),
        {name: found[task][0] for name, task in steps.items()},
        {some: found[task][0] for some, task in sets.items()},
        {one: found[task][0] for one, task in minutes.items()},
        {place: found[task][0] for place, task in nears.items()},
        {one: found[task][0] for one, task in floors.items()},
        {one: found[task][0] for one, task in built.items()},
        {one: found[task][0] for one, task in without.items()},
        [_pair(name, value, found[task]) for name, value, task in worlds],
    )


def _levers(reasons: Reasons) -> Reasons:
    """The levers go with the fifth reason."""
    return LUWTE.levers if "budget" in reasons else NONE


def _pair(name: str, value: float, both: tuple[Result, ...]) -> tuple[str, float, Result, Result]:
    peer, ours = both
    return name, value, peer, ours


_SHARED: tuple[Sequence[Copy], Model] | None = None


def _run(tasks: Sequence[Task], measured: Sequence[Copy], model: Model) -> dict[Task, tuple[Result, ...]]:
    """Return what comes of each task, in as many processes as there are cores."""
    global _SHARED
    _SHARED = measured, model
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
        return dict(zip(tasks, pool.imap(_done, tasks), strict=True))


def _done(task: Task) -> tuple[Result, ...]:
    world = replace(_world(replace(task.assumed, minutes_a_day=1), task.near), assumed=task.assumed)
    return tuple(review(world, way) for way in task.ways)


@lru_cache(maxsize=2)
def _world(assumed: Assumed, near: float) -> World:
    assert _SHARED is not None
    measured, model = _SHARED
    before = model.thresholds
    thresholds = Thresholds(before.same_picture, near, before.same_scene)
    return draw(assumed, measured, replace(model, thresholds=thresholds))
