"""docs/recognition-measured.md and its plot, and the rows P12, from what a run gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from bench.edits import EDITS, GROUPS
from bench.recognition import LOOK_ALIKE, RATE, Column, Measured, interval
from bench.rows import Row
from luwte.base.files import write_bytes

NAME = "recognition-measured"
WIDTH, LEFT, ROOM, BAR = 760, 190, 480, 11
_FILLS = ("#b8b8b8", "#a8c4dc", "#5a88b4", "#f0c070", "#b87020", "#90b898", "#3a7a4a", "#154273")
LEAST = 0.99
"""The share of all edited copies that all stages must find."""
_STAGE_A = {"8 forms and boxes, at": ("-A", 0.642), "8 forms and boxes, wide": ("-A-wide", 0.755)}
"""What forms and boxes found when the design was made, of 57 edits."""

HOW = """Each source is edited in {edits} ways (`bench/edits.py`) and saved as JPEG 90; each edited copy is
looked up in the gallery, where its source stands once, among others. No two pictures of the gallery are
within 40 bits of each other, in any form. What collages and pastes add stands in no gallery. The wide net of
a method is the widest limit with at most one false pair in a million on one half of the sources; everything
here is reported on the other half. PDQ is `pdqhash` at full size, the others are what the scan makes of the
file. Local codes are looked up, aligned and judged as in the deep pass, by the model that ships, in a list
as long as the gallery: in a longer list less is near, and less the same picture (decision 28). That model
was fitted on half of such photos, and on drawings that are one in five of those drawn here. What all stages
take for the same picture is what local codes do: the fast pass alone never says more than near. Intervals
are Clopper-Pearson at 95 % (none found: the rule of three), as if pairs were independent; those of one
source are not, so the true ones are wider."""


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
    what = f"of {len(EDITS)} edits found, {run.sources} sources, gallery of {run.gallery}, {run.kind}"
    found = []
    for column in run.columns:
        work, peer = f"{column.title}: share {what}; {_rate(column)}", field.title
        if column.title.startswith("all stages"):
            name, target = "P12", f">= {LEAST} at < {RATE:g}"
            met = column.whole >= LEAST and column.false < RATE * column.pairs
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
    columns = run.columns
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


def _section(run: Measured) -> Iterator[str]:
    yield f"## {run.sources} sources, {run.kind}, gallery of {run.gallery}"
    yield ""
    yield from _table(
        ["group (edits)", *(column.title for column in run.columns)],
        [
            *(
                [f"{group} ({sum(edit.group == group for edit in EDITS)})"]
                + [f"{column.recall_of(group):.2f}" for column in run.columns]
                for group in GROUPS
            ),
            ["**all**", *(f"**{column.whole:.3f}**" for column in run.columns)],
        ],
    )
    yield "### False pairs"
    yield ""
    yield from _table(
        ["method", "false pairs", "pairs", "rate a pair, 95 %"],
        [[one.title, str(one.false), f"{one.pairs:,}", _interval(one)] for one in run.columns],
    )
    yield "### Look-alikes that are no copies, taken for the same picture"
    yield ""
    if run.kind == "drawn":
        yield from ALIKE.splitlines()
        yield ""
    else:
        low, high = LOOK_ALIKE
        yield f"Nobody looked at the photos that PDQ puts {low} to {high} bits apart: some may be copies."
        yield ""
    yield from _table(
        ["family", "pairs", *(column.title for column in run.columns)],
        [[one.family, str(one.pairs), *map(str, one.taken)] for one in run.alike],
    )
    yield "### By edit"
    yield ""
    yield from _table(
        ["edit", *(column.title for column in run.columns)],
        [
            [f"{edit.group}: {edit.name}", *(f"{column.recall[number]:.2f}" for column in run.columns)]
            for number, edit in enumerate(EDITS)
        ],
    )


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *body):
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _rate(column: Column) -> str:
    _, high = interval(column.false, column.pairs)
    return f"{column.false} false in {column.pairs / 1e6:.1f} M pairs (at 95 % below {high:.1e})"


def _interval(column: Column) -> str:
    low, high = interval(column.false, column.pairs)
    return f"{low:.1e} to {high:.1e}" + (f" (chosen for {RATE:g})" if "wide" in column.title else "")
