"""docs/review-measured.md, its plot and its JSON, and the rows P12-review: every run that they need."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path

from bench.review import ALL, FIELD, LUWTE, NONE, REASONS, Reasons, Result, Way, every_set, review, shares
from bench.review_copies import Copy, copies, recall
from bench.review_world import ORIGIN, Assumed, Chance, World, chances, draw, varied
from bench.rows import Row
from luwte.base.files import write_bytes
from luwte.lab.recognition.likelihood import Model, Thresholds
from luwte.lab.recognition.model import default_model

NAME = "review-measured"
GOAL = 100
TITLES = {
    "identical": "1. identical files need none",
    "cluster": "2. a cluster is one decision",
    "memory": "3. decision memory",
    "consent": "4. consent first",
    "budget": "5. by worth, within a budget",
}
STEPS = {
    "one look per PDQ match": FIELD,
    "the same, a file once a carrier": replace(FIELD, once_a_carrier=True),
    "the same, two looks (equal rigour)": replace(FIELD, twice=True),
    "what a scan finds, one look": Way(by_field=False, reasons=NONE, twice=False),
    "what a scan finds, two looks": Way(by_field=False, reasons=NONE, twice=True),
    "reasons 1 to 4, no budget": Way(by_field=False, reasons=ALL - {"budget"}, twice=True),
    "Luwte: all five": LUWTE,
}
PEER, RIGOROUS, PLAIN_ONE, PLAIN, _, OURS = (name for name in STEPS if "once a carrier" not in name)
MINUTES = (1, 2, 5, 15)
SHORT = 5
NEARS = (0.2, 0.5)
FLOORS = (0.1, 0.2, 0.4)
WIDTH, LEFT, ROOM, BAR = 760, 250, 400, 22


@dataclass(frozen=True, slots=True)
class Task:
    """A world, by what is assumed and from which likelihood a file is near, and ways to review it."""

    assumed: Assumed
    near: float
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured. `steps` by name, `sets` by reasons; `minutes`, `nears` and `floors` say what an
    authority may set; `sweep` holds the peer and ours with one number changed."""

    assumed: Assumed
    model: Model
    found: Mapping[str, float]
    rates: Chance
    steps: Mapping[str, Result]
    sets: Mapping[Reasons, Result]
    minutes: Mapping[int, Result]
    nears: Mapping[tuple[float, int], Result]
    floors: Mapping[float, Result]
    sweep: Sequence[tuple[str, float, Result, Result]]


def measure(sources: int, assumed: Assumed, *, sweeps: bool = True) -> Measured:
    """Return what a year comes to, with edited copies of `sources` pictures that are measured first."""
    model = default_model()
    measured = copies(sources)
    near, day = model.thresholds.near, assumed.minutes_a_day
    steps = {name: Task(assumed, near, (way,)) for name, way in STEPS.items()}
    sets = {
        some: Task(assumed, near, (Way(by_field=False, reasons=some, twice=True),)) for some in every_set()
    }
    minutes = {one: Task(replace(assumed, minutes_a_day=one), near, (LUWTE,)) for one in MINUTES}
    nears = {
        (one, some): Task(replace(assumed, minutes_a_day=some), one, (LUWTE,))
        for one in NEARS
        for some in (SHORT, day)
    }
    floors = {one: Task(assumed, near, (replace(LUWTE, floor=one),)) for one in FLOORS}
    worlds = [(name, value, Task(world, near, (FIELD, LUWTE))) for name, value, world in varied(assumed)]
    if not sweeps:
        worlds = []
    single = [*steps.values(), *sets.values(), *minutes.values(), *nears.values(), *floors.values()]
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
        [_pair(name, value, found[task]) for name, value, task in worlds],
    )


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


def rows(run: Measured) -> list[Row]:
    """Return the rows P12-review: against one look per match, and against two."""
    ours = run.steps[OURS]
    found = []
    for suffix, name in (("", PEER), ("-rigour", RIGOROUS)):
        peer = run.steps[name]
        ratio = peer.for_a_thousand / ours.for_a_thousand
        work = (
            f"minutes of review for 1,000 confirmed findings, two looks, {run.assumed.cases} drawn carriers;"
            f" {ours.findings:,} findings confirmed (peer {peer.findings:,})"
        )
        row = Row(
            f"P12-review{suffix}",
            work,
            name,
            ours.for_a_thousand,
            peer.for_a_thousand,
            None,
            ratio,
            f">= {GOAL}",
            ratio >= GOAL,
        )
        found.append(row)
    return found


def write(folder: Path, run: Measured, conditions: Iterable[str]) -> None:
    """Write the page, its plot and its JSON into `folder`."""
    write_bytes(folder / f"{NAME}.md", "\n".join(_page(run, conditions)).encode())
    write_bytes(folder / f"{NAME}.svg", plot(run).encode())
    write_bytes(folder / f"{NAME}.json", (json.dumps(_document(run), indent=1) + "\n").encode())


def _document(run: Measured) -> object:
    return {
        "assumed": asdict(run.assumed),
        "recall": dict(run.found),
        "chance matches an unknown picture": asdict(run.rates),
        "steps": {name: _figures(one) for name, one in run.steps.items()},
        "sets": [{"reasons": sorted(some)} | _figures(one) for some, one in run.sets.items()],
        "shares": _shares(run),
        "minutes a day": {str(minutes): _figures(one) for minutes, one in run.minutes.items()},
        "near from": [
            {"near": near, "minutes": minutes} | _figures(one) for (near, minutes), one in run.nears.items()
        ],
        "floors": {str(floor): _figures(one) for floor, one in run.floors.items()},
        "sweep": [
            {"name": name, "value": value, "peer": _figures(peer), "luwte": _figures(ours)}
            for name, value, peer, ours in run.sweep
        ],
    }


def _figures(one: Result) -> dict[str, object]:
    return asdict(one) | {
        "for_a_thousand": one.for_a_thousand,
        "for_a_thousand_files": one.for_a_thousand_files,
    }


def _shares(run: Measured) -> dict[str, dict[str, float]]:
    return {
        "findings": shares({some: one.for_a_thousand for some, one in run.sets.items()}),
        "files": shares({some: one.for_a_thousand_files for some, one in run.sets.items()}),
    }


def _page(run: Measured, conditions: Iterable[str]) -> Iterator[str]:
    peer, ours = run.steps[PEER], run.steps[OURS]
    rigorous, one, plain = run.steps[RIGOROUS], run.steps[PLAIN_ONE], run.steps[PLAIN]
    yield from ("# Review, measured", "")
    yield from ("Written by `python -m bench --part review`. A finding is one person and one case.", "")
    yield from (
        f"**{_whole(ours.for_a_thousand)} minutes of review for 1,000 confirmed findings, against"
        f" {_whole(peer.for_a_thousand)} with one look per PDQ match: {_times(peer, ours)} times fewer"
        f" ({_times(rigorous, ours)} at equal rigour, with two looks in both). The goal is {GOAL}"
        f" times: {'met' if peer.for_a_thousand / ours.for_a_thousand >= GOAL else 'missed'}.**",
        "",
        f"Of the looks of this year {_whole(ours.news)} could bring a finding, {_whole(ours.more)} could only"
        f" add files to one, and {_whole(ours.chance)} met a stranger that matched by chance. The peer's:"
        f" {_whole(peer.news)}, {_whole(peer.more)} and {_whole(peer.chance)}.",
        "",
        *_enough(run),
        f"![Minutes of review for 1,000 confirmed findings, by way of reviewing]({NAME}.svg)",
        "",
        "## Ways of reviewing",
        "",
    )
    yield from _table(HEAD, [[name, *_cells(result)] for name, result in run.steps.items()])
    yield from HOW
    yield from ("## What part comes from which reason", "")
    factor = plain.for_a_thousand / ours.for_a_thousand
    yield (
        f"From one look per match to a scan that finds more: {_factor(peer, one)} times as many minutes. Two"
        f" looks instead of one: {_factor(one, plain)} times. The five reasons: {factor:.1f} times fewer."
    )
    yield "Shares are factors, their product that of all five: means of logarithms over all orders (Shapley)."
    yield ""
    yield from _table(
        ["reason", "share", "on alone", "off alone", "share by files", "confirmed files without it"],
        [_reason(run, reason, plain, ours) for reason in REASONS],
    )
    yield from ("Times fewer minutes for 1,000 findings; by files, for 1,000 confirmed files.", "")
    yield from ("## What an authority may set", "")
    curve = [[f"{minutes} minutes a day", *_cells(result)] for minutes, result in run.minutes.items()]
    curve += [
        [f"near from {near:g}, {minutes} minutes a day", *_cells(result)]
        for (near, minutes), result in run.nears.items()
    ]
    yield from _table(HEAD, curve)
    yield (
        "The desk has no floor: while the budget lasts it goes on with what is worth next to nothing."
        " What a floor would do:"
    )
    yield ""
    yield from _table(HEAD, [[f"floor {floor:g}", *_cells(result)] for floor, result in run.floors.items()])
    yield from ("## What was measured and goes in", "")
    rates = run.rates
    found = [f"- {name}: {share:.3f} of edited copies found" for name, share in run.found.items()]
    yield from found
    yield from (
        f"- Chance matches of 1,000 unknown pictures with a list of {run.assumed.references:,}:"
        f" {1000 * rates.field:.2g} by the field's rule, {1000 * rates.fast:.2g} in the fast pass,"
        f" {1000 * rates.deep:.2g} in the deep pass. No stranger was ever seen there: these are drawn on from"
        f" the tails of the model that Luwte comes with ({run.model.about}), and may be wrong by far.",
        "",
        "## What is assumed",
        "",
    )
    yield from _table(
        ["number", "value", "from"],
        [[name, f"{getattr(run.assumed, name):g}", origin] for name, origin in ORIGIN.items()],
    )
    yield from ("## With one number changed", "")
    yield from _table(
        ["", "peer", "Luwte", "times fewer", "findings: peer", "Luwte", "unheard", "waiting"],
        [
            [
                f"{name} = {value:g}",
                _whole(before.for_a_thousand),
                _whole(after.for_a_thousand),
                _times(before, after),
                _whole(before.findings),
                _whole(after.findings),
                _whole(after.unheard),
                _whole(after.waiting),
            ]
            for name, value, before, after in run.sweep
        ],
    )
    yield from LIMITS
    yield from ("## Conditions", "", *(f"- {condition}" for condition in conditions), "")


HEAD = (
    "way",
    "min / 1,000 findings",
    "min / 1,000 files",
    "looks",
    "findings",
    "only by review",
    "files",
    "days, median / p95",
    "unheard",
    "waiting",
    "unfound",
    "refused",
    "told wrongly",
)
HOW = (
    "*Only by review*: nothing identical confirmed them first. *Unheard*: true findings that are registered"
    " and not reviewed, since nobody may hear of them; *waiting*: not reviewed by the end of the year;"
    " *unfound*: recognised by no rule; *refused*: reviewers were wrong. *Told wrongly*: confirmed findings"
    " that are none. *Days* until those by review were confirmed.",
    "",
    "Clusters, rejected pairs, the queue, its limits and what answers come to are the project's own code"
    " (`lab/recognition/clusters.py`, `lab/reference/rejected.py`, `desk/review/rules.py` and `hours.py`)."
    " Hashes are those of real edits, each entry's turned over by its own random bits: distances stay.",
    "",
)
LIMITS = (
    "## What this leaves out",
    "",
    "- Look-alikes of one scene (bursts, one room, one garment), which a real list meets more often"
    " than chance does; rights that press; people who change their mind; films; lists without local codes.",
    "- A confirmed file is remembered by its digest: another edited copy of it is asked about again.",
    "- The drawn pictures may be easier or harder than photos. Each entry has the edits of one of a few.",
    "",
)


def _enough(run: Measured) -> Iterator[str]:
    """Say what the smallest budget comes to that confirms as many findings as the one that holds."""
    peer, ours = run.steps[PEER], run.steps[OURS]
    for minutes, one in sorted(run.minutes.items()):
        if one.findings >= ours.findings:
            yield (
                f"{minutes} minutes a day would confirm {_whole(one.findings)} findings too:"
                f" {_whole(one.for_a_thousand)} minutes for 1,000, {_times(peer, one)} times fewer than the"
                f" peer, with {_whole(one.files)} files confirmed instead of {_whole(ours.files)}."
            )
            yield ""
            return


def _reason(run: Measured, reason: str, plain: Result, ours: Result) -> list[str]:
    found = _shares(run)
    alone, without = run.sets[frozenset((reason,))], run.sets[ALL - {reason}]
    return [
        TITLES[reason],
        f"{found['findings'][reason]:.2f}",
        _times(plain, alone),
        _times(without, ours),
        f"{found['files'][reason]:.2f}",
        _whole(without.files),
    ]


def _cells(one: Result) -> list[str]:
    median, late = one.days
    return [
        _whole(one.for_a_thousand),
        _whole(one.for_a_thousand_files),
        _whole(one.looks),
        _whole(one.findings),
        _whole(one.by_review),
        _whole(one.files),
        f"{median:.1f} / {late:.1f}",
        *map(_whole, (one.unheard, one.waiting, one.unfound, one.refused, one.wrongly)),
    ]


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _times(before: Result, after: Result) -> str:
    return f"{before.for_a_thousand / max(after.for_a_thousand, 1e-9):.1f}"


def _factor(before: Result, after: Result) -> str:
    return f"{after.for_a_thousand / max(before.for_a_thousand, 1e-9):.1f}"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *body):
        yield "| " + " | ".join(cells) + " |"
    yield ""


def plot(run: Measured) -> str:
    """Return the SVG: a bar and its number for each way of reviewing, and for the shorter budgets."""
    values = {name: one.for_a_thousand for name, one in run.steps.items()}
    values |= {f"Luwte, {minutes} minutes a day": one.for_a_thousand for minutes, one in run.minutes.items()}
    most, height = max(*values.values(), 1.0), 60 + BAR * len(values)
    title = "Minutes of review for 1,000 confirmed findings"
    told = "; ".join(f"{name}: {_whole(value)}" for name, value in values.items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(told)}.</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="17" font-weight="bold" fill="#1a1a1a">{escape(title)}</text>',
    ]
    for number, (name, value) in enumerate(values.items()):
        y, wide = 48 + number * BAR, round(ROOM * value / most, 1)
        fill = "#154273" if name.startswith("Luwte") else "#8a8a8a"
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end" fill="#1a1a1a">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{wide}" height="{BAR - 6}" fill="{fill}"/>',
            f'<text x="{LEFT + wide + 6}" y="{y + 13}" fill="#1a1a1a">{_whole(value)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
