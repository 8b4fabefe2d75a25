"""docs/review-measured.md, its plot and its JSON, and the rows P12-review: every run that they need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path

from bench.review import shares
from bench.review_assumed import ORIGIN
from bench.review_runs import OURS, PEER, PLAIN, PLAIN_ONE, RIGOROUS, Measured
from bench.review_values import ALL, REASONS, Result
from bench.rows import Row
from luwte.base.files import write_bytes

NAME = "review-measured"
GOAL = 100
WIDTH, LEFT, ROOM, BAR = 760, 250, 400, 22
TITLES = {
    "identical": "1. identical files need none",
    "cluster": "2. a cluster is one decision",
    "memory": "3. decision memory",
    "consent": "4. consent first",
    "budget": "5. by worth, within a budget",
}


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
    curve = [[f"a budget of {minutes} min a day", *_cells(result)] for minutes, result in run.minutes.items()]
    curve += [
        [f"near from {near:g}, {minutes} min a day", *_cells(result)]
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
    values |= {f"Luwte, {minutes} min a day": one.for_a_thousand for minutes, one in run.minutes.items()}
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
