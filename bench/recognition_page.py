"""docs/recognition-measured.md and its plot, and the rows P12, from what a run gave."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from bench.edits import EDITS, GROUPS
from bench.intervals import interval
from bench.recognition import LOOK_ALIKE, RATE, Column, Measured
from bench.rows import Row
from luwte.base.files import write_bytes

NAME = "recognition-measured"
WIDTH, LEFT, ROOM, BAR = 760, 190, 480, 11
_FILLS = ("#b8b8b8", "#a8c4dc", "#5a88b4", "#f0c070", "#b87020", "#90b898", "#3a7a4a", "#154273")
LEAST = 0.99
"""The share of all edited copies that all stages must find."""
_STAGE_A = {"8 forms and boxes, at": ("-A", 0.642), "8 forms and boxes, wide": ("-A-wide", 0.755)}
"""What forms and boxes found when the design was made, of 57 edits."""

HOW = """Each source is edited in up to {edits} ways (`bench/edits.py`), dealt by lot so that all come up as
often, and saved as JPEG 90; each edited copy, and the source as it is, is looked up in a list where the
source stands once, among others. No two pictures of a list are within 40 bits of each other, in any form.
What collages and pastes add stands in no list. Each edit counts the same. The wide net of a method is the
widest limit with at most one false pair in a million on one half of the sources; everything here is reported
on the other half. PDQ is `pdqhash` at full size, the others are what the scan makes of the file. Local codes
are looked up, aligned and judged as in the deep pass, by the model that ships, in a list as long as the one
at hand: in a longer list less is near, and less the same picture (decision 28). That model was fitted on
the other half of such photos, and on drawings that are one in five of those drawn here. What all stages take
for the same picture is what local codes do: the fast pass alone never says more than near. Intervals are
Clopper-Pearson at 95 % (none found: the rule of three), as if pairs were independent; those of one source
are not, so the true ones are wider."""

LONGER = """What the same evidence amounts to in a longer list: each alignment is judged for that size. The
candidates are those of the list at hand; that a longer one may put others before them is not in these
figures."""

ALIKE = """The wall, the form and the scene of a series are the same to the pixel: by keypoints alone, that is
a copy with something laid over it. Each family is a list of 60, in which less is asked of a match than in a
long one."""


def write(folder: Path, runs: Sequence[Measured], conditions: Iterable[str]) -> None:
    """Write the page and its plot, of the first run, into `folder`."""
    lines = [
        "# Recognition, measured",
        "",
        "Written by `python -m bench --part recognition`. Shares of edited copies that are found, by method.",
        "",
        *HOW.format(edits=len(EDITS)).splitlines(),
        "",
        f"![Recall by group of edits]({NAME}.svg)",
        "",
    ]
    for run in runs:
        lines += _section(run)
    lines += ["## Conditions", "", *(f"- {condition}" for condition in conditions), ""]
    write_bytes(folder / f"{NAME}.md", "\n".join(lines).encode())
    write_bytes(folder / f"{NAME}.svg", plot(runs[0]).encode())


def rows(run: Measured, suffix: str = "") -> list[Row]:
    """Return the rows P12: the share of the battery that all stages find, and that stage A finds.

    The ratio is to the limit: all.
    """
    field, *_ = run.columns
    what = f"of {len(EDITS)} edits found, {run.sources} sources, list of {run.gallery}, {run.kind}"
    found = []
    for column in at_hand(run):
        work, peer = f"{column.title}: share {what}; {_rate(column)}", field.title
        if column.title.startswith("all stages"):
            name, target = "P12", f">= {LEAST} at < {RATE:g}"
            met = column.whole >= LEAST and interval(column.errors.false, column.errors.pairs)[1] < RATE
        else:
            stage = [told for start, told in _STAGE_A.items() if column.title.startswith(start)]
            if not stage:
                continue
            name, least = f"P12{stage[0][0]}", stage[0][1]
            target, met = f">= {least} (of 57 edits)", column.whole >= least
        found.append(
            Row(f"{name}{suffix}", work, peer, column.whole, field.whole, 1.0, column.whole, target, met)
        )
    return found


def plot(run: Measured) -> str:
    """Return the SVG: for each group of edits a bar and its number for each column."""
    columns = at_hand(run)
    height = 80 + 18 * len(columns) + len(GROUPS) * (BAR * len(columns) + 12)
    told = " ".join(
        f"{column.title}: " + ", ".join(f"{group} {column.recall_of(group):.2f}" for group in GROUPS) + "."
        for column in columns
    )
    title = f"Recall by group of edits, {run.sources} sources ({run.kind})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="sans-serif" font-size="12">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(told)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="20" y="30" font-size="17" font-weight="bold" fill="#1a1a1a">{escape(title)}</text>',
        *_key(columns),
    ]
    top = 60 + 18 * len(columns)
    for group in GROUPS:
        parts += _bars(group, columns, top)
        top += BAR * len(columns) + 12
    return "\n".join([*parts, "</svg>", ""])


def _key(columns: Sequence[Column]) -> Iterator[str]:
    for number, column in enumerate(columns):
        y = 46 + 18 * number
        yield f'<rect x="20" y="{y}" width="14" height="11" fill="{_FILLS[number % len(_FILLS)]}"/>'
        told = f"{number + 1}. {column.title}: {column.whole:.3f} of all"
        yield f'<text x="42" y="{y + 10}" fill="#1a1a1a">{escape(told)}</text>'


def _bars(group: str, columns: Sequence[Column], top: int) -> Iterator[str]:
    middle = top + BAR * len(columns) // 2 + 4
    yield f'<text x="{LEFT - 12}" y="{middle}" text-anchor="end" fill="#1a1a1a">{escape(group)}</text>'
    for number, column in enumerate(columns):
        y, share = top + number * BAR, column.recall_of(group)
        fill = _FILLS[number % len(_FILLS)]
        wide = round(ROOM * share, 1)
        yield f'<rect x="{LEFT}" y="{y}" width="{wide}" height="{BAR - 2}" fill="{fill}"/>'
        told = f"{number + 1}: {share:.2f}"
        yield f'<text x="{LEFT + wide + 5}" y="{y + 9}" font-size="10" fill="#1a1a1a">{told}</text>'


def at_hand(run: Measured) -> list[Column]:
    """Return the columns of `run` that are for the list at hand."""
    return [column for column in run.columns if not column.longer]


def _section(run: Measured) -> Iterator[str]:
    columns = at_hand(run)
    yield f"## {run.sources} sources, {run.kind}, list of {run.gallery}"
    yield ""
    yield _extent(run)
    yield ""
    yield from _table(
        ["group (edits)", *(column.title for column in columns)],
        [
            *(
                [f"{group} ({sum(edit.group == group for edit in EDITS)})"]
                + [_share(column.recall_of(group)) for column in columns]
                for group in GROUPS
            ),
            ["**all**", *(f"**{column.whole:.3f}**" for column in columns)],
        ],
    )
    yield from _false_pairs(run)
    yield from _longer(run)
    yield from _alike(run)
    yield "### By edit"
    yield ""
    yield from _table(
        ["edit", "samples", *(column.title for column in columns)],
        [
            [f"{edit.group}: {edit.name}", str(run.samples[number])]
            + [_share(column.recall[number]) for column in columns]
            for number, edit in enumerate(EDITS)
        ],
    )


def _extent(run: Measured) -> str:
    own = "" if run.own == run.gallery else f" {run.own} of the list are {run.kind}, the others drawn."
    return (
        f"{run.reported:,} queries of the reported half, {min(run.samples)} to {max(run.samples)} samples of"
        f" each edit; each query met {run.gallery - 1:,} other pictures.{own}"
    )


def _false_pairs(run: Measured) -> Iterator[str]:
    yield "### False pairs"
    yield ""
    head = ["method", "false pairs", "pairs", "rate a pair, 95 %"]
    mixed = run.own < run.gallery
    if mixed:
        head += ["of these with an entry of the same kind", "rate among those, 95 %"]
    body = []
    for column in at_hand(run):
        found = column.errors
        cells = [
            column.title,
            str(found.false),
            f"{found.pairs:,}",
            _interval(column, found.false, found.pairs),
        ]
        if mixed:
            kind = found.false_of_kind, found.pairs_of_kind
            cells += [f"{kind[0]} of {kind[1]:,}", _interval(column, *kind)]
        body.append(cells)
    yield from _table(head, body)


def _longer(run: Measured) -> Iterator[str]:
    longer = [column for column in run.columns if column.longer]
    if not longer:
        return
    yield "### Longer lists"
    yield ""
    yield from LONGER.splitlines()
    yield ""
    head = ("method", "list", "found", "false pairs", "pairs", "rate a pair, 95 %", "strangers a picture")
    yield from _table(head, map(_in_longer, longer))


def _in_longer(column: Column) -> list[str]:
    found, size = column.errors, column.longer
    _, high = interval(found.false, found.pairs)
    strangers = f"{found.false / found.pairs * size:.2g}, at 95 % below {high * size:.2g}"
    rate = _interval(column, found.false, found.pairs)
    shown = f"{column.whole:.3f}", str(found.false), f"{found.pairs:,}", rate, strangers
    return [column.title, f"{size:,}", *shown]


def _alike(run: Measured) -> Iterator[str]:
    yield "### Look-alikes that are no copies, taken for the same picture"
    yield ""
    if run.kind == "drawn":
        yield from ALIKE.splitlines()
        yield ""
    else:
        low, high = LOOK_ALIKE
        yield f"Nobody looked at the photos that PDQ puts {low} to {high} bits apart: some may be copies."
        yield ""
    shown = [place for place, column in enumerate(run.columns) if not column.longer]
    yield from _table(
        ["family", "pairs", *(run.columns[place].title for place in shown)],
        [[one.family, str(one.pairs), *(str(one.taken[place]) for place in shown)] for one in run.alike],
    )


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *body):
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _share(share: float) -> str:
    return "none" if math.isnan(share) else f"{share:.2f}"


def _rate(column: Column) -> str:
    found = column.errors
    _, high = interval(found.false, found.pairs)
    return f"{found.false} false in {found.pairs / 1e6:.1f} M pairs (at 95 % below {high:.1e})"


def _interval(column: Column, false: int, pairs: int) -> str:
    low, high = interval(false, pairs)
    return f"{low:.1e} to {high:.1e}" + (f" (chosen for {RATE:g})" if "wide" in column.title else "")
