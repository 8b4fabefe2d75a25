"""What docs/review-measured.md says, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.review import shares
from bench.review_assumed import ORIGIN
from bench.review_plots import floor_name
from bench.review_runs import BARE, OURS, PEER, PLAIN, PLAIN_ONE, RIGOROUS, Measured
from bench.review_tables import factor, results, table, times, whole
from bench.review_values import ALL, REASONS, Result

NAME = "review-measured"
GOAL = 100
TITLES = {
    "identical": "1. identical files need none",
    "cluster": "2. a cluster is one decision",
    "memory": "3. decision memory",
    "consent": "4. consent first",
    "budget": "5. by worth, above a floor, within a budget",
}
LEVERS = {
    "floor": "a floor: what is less likely is registered, not asked",
    "answer": "a first answer counts: what one rejects sinks",
    "bands": "learned: what became of clusters as likely as this one",
    "company": "learned apart by what else of the series is in the case",
    "entry": "decided clusters of the same entry in the case",
}


def page(run: Measured, conditions: Iterable[str]) -> Iterator[str]:
    """Give the lines of the page."""
    yield from _answer(run)
    yield from ("## Ways of reviewing", "")
    yield from results(run.steps)
    yield from HOW
    yield from _reasons(run)
    yield from _levers(run)
    yield from _settings(run)
    yield from _goes_in(run)
    yield from _sweep(run)
    yield from LIMITS
    yield from ("## Conditions", "", *(f"- {condition}" for condition in conditions), "")


def shares_of(run: Measured) -> dict[str, dict[str, float]]:
    """Return the shares of the five reasons, by findings and by files."""
    return {
        "findings": shares({some: one.for_a_thousand for some, one in run.sets.items()}),
        "files": shares({some: one.for_a_thousand_files for some, one in run.sets.items()}),
    }


def _answer(run: Measured) -> Iterator[str]:
    peer, ours, rigorous, bare = (run.steps[name] for name in (PEER, OURS, RIGOROUS, BARE))
    yield from ("# Review, measured", "")
    yield from ("Written by `python -m bench --part review`. A finding is one person and one case.", "")
    yield from (
        f"**{whole(ours.for_a_thousand)} minutes of review for 1,000 confirmed findings, against"
        f" {whole(peer.for_a_thousand)} with one look per PDQ match: {times(peer, ours)} times fewer"
        f" ({times(rigorous, ours)} at equal rigour, with two looks in both). The goal is {GOAL}"
        f" times: {'met' if peer.for_a_thousand / ours.for_a_thousand >= GOAL else 'missed'}. By confirmed"
        f" files: {whole(ours.for_a_thousand_files)} minutes for 1,000 against"
        f" {whole(peer.for_a_thousand_files)},"
        f" {peer.for_a_thousand_files / max(ours.for_a_thousand_files, 1e-9):.1f} times fewer.**",
        "",
        f"Of the looks of this year {whole(ours.news)} could bring a finding, {whole(ours.more)} could only"
        f" add files to one, and {whole(ours.chance)} met a stranger that matched by chance. The peer's:"
        f" {whole(peer.news)}, {whole(peer.more)} and {whole(peer.chance)}. Without a floor, and without what"
        f" the desk learns, it would be {whole(bare.news)}, {whole(bare.more)} and {whole(bare.chance)}.",
        "",
        f"What it costs: {whole(ours.below)} true findings lie below the floor, {whole(ours.waiting)} wait,"
        f" and {whole(ours.unheard)} nobody may hear of. {whole(ours.low)} clusters lie below the floor, with"
        f" {whole(ours.low_files)} true files in them.",
        "",
        *_enough(run),
        f"![Minutes of review for 1,000 confirmed findings, by way of reviewing]({NAME}.svg)",
        "",
    )


def _reasons(run: Measured) -> Iterator[str]:
    peer, ours = run.steps[PEER], run.steps[OURS]
    one, plain = run.steps[PLAIN_ONE], run.steps[PLAIN]
    yield from ("## What part comes from which reason", "")
    yield (
        f"From one look per match to a scan that finds more: {factor(peer, one)} times as many minutes. Two"
        f" looks instead of one: {factor(one, plain)} times. The five reasons: {times(plain, ours)} times"
        " fewer."
    )
    yield "Shares are factors, their product that of all five: means of logarithms over all orders (Shapley)."
    yield ""
    yield from table(
        ["reason", "share", "on alone", "off alone", "share by files", "confirmed files without it"],
        [_reason(run, reason, plain, ours) for reason in REASONS],
    )
    yield from ("Times fewer minutes for 1,000 findings; by files, for 1,000 confirmed files.", "")


def _levers(run: Measured) -> Iterator[str]:
    yield from ("## What the fifth reason rests on", "")
    yield "One after another, from a queue by worth within the budget; and each left out of all."
    yield ""
    rows, before = [], run.steps[BARE]
    for name, after in run.built.items():
        without = run.without[name]
        rows.append(
            [
                LEVERS[name],
                *map(whole, (after.for_a_thousand, after.looks)),
                times(before, after),
                times(without, run.steps[OURS]),
                *map(whole, (after.findings, after.files, after.below, without.below)),
            ]
        )
        before = after
    head = ["lever", "min / 1,000 findings", "looks", "times fewer", "off alone", "findings", "files"]
    yield from table([*head, "findings below", "the same, off alone"], rows)
    floor, most = max(run.floors.items(), key=lambda one: one[1].again)
    yield (
        "A confirmed file stands in the next list by its digests and its PDQ. So another edited copy of it is"
        " found by that, at any lab, and asked about as any other near match. With a floor of"
        f" {floor_name(floor)}, of {whole(most.asked)} questions {whole(most.again)} were on true files of"
        " which a copy within 31 bits had been confirmed before."
    )
    yield ""


def _settings(run: Measured) -> Iterator[str]:
    yield from ("## What an authority may set", "")
    chosen = {f"a budget of {minutes} min a day": one for minutes, one in run.minutes.items()}
    chosen |= {f"near from {near:g}, {minutes} min a day": one for (near, minutes), one in run.nears.items()}
    yield from results(chosen)
    yield (
        "A floor is the least belief, per mille, with which a cluster is asked: where it may be somebody's"
        " only finding / the first in a case / more files for findings that count. Of what lies below, the"
        " sample (of 1,000) is asked all the same. The first one holds unless an authority sets another."
    )
    yield from ("", f"![What a floor saves, and the true findings that it costs]({NAME}-floors.svg)", "")
    rows = [
        [
            floor_name(floor),
            *map(whole, (one.for_a_thousand, one.for_a_thousand_files, one.looks)),
            *map(whole, (one.findings, one.by_review, one.files, one.below, one.waiting)),
            *map(whole, (one.low, one.low_files, one.wrongly)),
            times(run.steps[PEER], one),
        ]
        for floor, one in run.floors.items()
    ]
    head = [
        "floor",
        "min / 1,000 findings",
        "min / 1,000 files",
        "looks",
        "findings",
        "only by review",
        "files",
    ]
    head += ["findings below", "waiting", "clusters below", "true files in them", "told wrongly"]
    yield from table([*head, "times fewer"], rows)


def _goes_in(run: Measured) -> Iterator[str]:
    yield from ("## What was measured and goes in", "")
    rates = run.rates
    yield from (f"- {name}: {share:.3f} of edited copies found" for name, share in run.found.items())
    yield from (
        f"- Chance matches of 1,000 unknown pictures with a list of {run.assumed.references:,}:"
        f" {1000 * rates.field:.2g} by the field's rule, {1000 * rates.fast:.2g} in the fast pass,"
        f" {1000 * rates.deep:.2g} in the deep pass. No stranger was ever seen there: these are drawn on from"
        f" the tails of the model that Luwte comes with ({run.model.about}), and may be wrong by far.",
        "",
        "## What is assumed",
        "",
    )
    yield from table(
        ["number", "value", "from"],
        [[name, f"{getattr(run.assumed, name):g}", origin] for name, origin in ORIGIN.items()],
    )


def _sweep(run: Measured) -> Iterator[str]:
    yield from ("## With one number changed", "")
    head = ["", "peer", "Luwte", "times fewer", "findings: peer", "Luwte", "unheard", "waiting", "below"]
    yield from table(
        head,
        [
            [
                f"{name} = {value:g}",
                *map(whole, (before.for_a_thousand, after.for_a_thousand)),
                times(before, after),
                *map(whole, (before.findings, after.findings, after.unheard, after.waiting, after.below)),
            ]
            for name, value, before, after in run.sweep
        ],
    )


HOW = (
    "*Only by review*: nothing identical confirmed them first. *Unheard*: true findings that are registered"
    " and not reviewed, since nobody may hear of them; *waiting*: not reviewed by the end of the year;"
    " *unfound*: recognised by no rule; *refused*: reviewers were wrong. *Told wrongly*: confirmed findings"
    " that are none. *Days* until those by review were confirmed. *Below* the floor: registered, not asked.",
    "",
    "Clusters, rejected pairs, the queue, beliefs, the floor, limits and what answers come to are the"
    " project's own code (`lab/recognition/clusters.py`, `lab/reference/rejected.py`, `desk/review/rules.py`,"
    " `beliefs.py`, `floors.py` and `hours.py`). The drawn desk learns each week, the real one each time."
    " Hashes are those of real edits, each entry's turned over by its own random bits: distances stay.",
    "",
)
LIMITS = (
    "## What this leaves out",
    "",
    "- Look-alikes of one scene (bursts, one room, one garment), which a real list meets more often"
    " than chance does; rights that press; people who change their mind; films; lists without local codes.",
    "- The drawn pictures may be easier or harder than photos. Each entry has the edits of one of a few.",
    "",
)


def _enough(run: Measured) -> Iterator[str]:
    """Say what the smallest budget comes to that confirms as many findings as the one that holds."""
    peer, ours = run.steps[PEER], run.steps[OURS]
    for minutes, one in sorted(run.minutes.items()):
        if one.findings >= ours.findings:
            yield (
                f"A budget of {minutes} min a day would confirm {whole(one.findings)} findings too:"
                f" {whole(one.for_a_thousand)} minutes for 1,000, {times(peer, one)} times fewer than the"
                f" peer, with {whole(one.files)} files confirmed instead of {whole(ours.files)}."
            )
            yield ""
            return


def _reason(run: Measured, reason: str, plain: Result, ours: Result) -> list[str]:
    found = shares_of(run)
    alone, without = run.sets[frozenset((reason,))], run.sets[ALL - {reason}]
    return [
        TITLES[reason],
        f"{found['findings'][reason]:.2f}",
        times(plain, alone),
        times(without, ours),
        f"{found['files'][reason]:.2f}",
        whole(without.files),
    ]
