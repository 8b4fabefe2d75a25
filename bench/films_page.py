"""docs/films-measured.md, and the rows P12-films, from what was found of edited films."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.filming import OTHERS, Found
from bench.rows import Row
from luwte.base.files import write_bytes

NAME = "films-measured"
LEAST = 0.9
"""The share of all edited films that both passes must find."""

HOW = """Films of 40 seconds are drawn (`bench/films.py`): of ten six have scenes under a moving camera, two a
face that talks in one room, two slides. Every other one begins with black, a logo and a title that all of
those share, and ends with a picture that they share. Each is edited (`bench/film_edits.py`), written as
H.264, and looked up in a list of them all and as many others. vPDQ is its own rule: 80 % of either side, by
the PDQ of frames as they are. The fast pass is what a scan compares. The deep pass is asked about files in
which the fast one found nothing; its column counts both, and "same picture" what of it is more than near.
False are pairs of a file and another film. What films of one maker share at the beginning is measured apart,
in the last rows: each film there, and each of the list, begins with the same cards, a second each."""


def write(folder: Path, found: Sequence[Found], conditions: Iterable[str]) -> None:
    """Write the page into `folder`."""
    lines = [
        "# Films, measured",
        "",
        "Written by `python -m bench --part films`. Edited films that are found, and false pairs.",
        "",
        *HOW.splitlines(),
        "",
        *table(found),
        "",
        "## Conditions",
        "",
        *(f"- {condition}" for condition in conditions),
        "",
    ]
    write_bytes(folder / f"{NAME}.md", "\n".join(lines).encode())


def table(found: Sequence[Found]) -> Iterator[str]:
    """Give the lines of the table: a row an edit, then what all come to."""
    yield "| edit | films | vPDQ | fast pass | both passes | same picture | false, fast | false, deep |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for one in found:
        counts = (one.vpdq, one.fast, one.deep, one.same) if _edited(one) else ("",) * 4
        cells = (one.edit, one.films, *counts, one.false_fast, one.false_deep)
        yield f"| {' | '.join(map(str, cells))} |"
    edited = [one for one in found if _edited(one)]
    total = sum(one.films for one in edited)
    shares = (sum(getattr(one, name) for one in edited) / total for name in ("vpdq", "fast", "deep", "same"))
    false = (sum(getattr(one, name) for one in edited) for name in ("false_fast", "false_deep"))
    told = (*(f"**{share:.3f}**" for share in shares), *map(str, false))
    yield f"| **all edits** | {total} | {' | '.join(told)} |"


def rows(found: Sequence[Found]) -> Iterator[Row]:
    """Give the rows of the fast pass and of both: the share that is found, beside what vPDQ finds."""
    edited = [one for one in found if _edited(one)]
    total = sum(one.films for one in edited)
    vpdq = sum(one.vpdq for one in edited) / total
    strangers = [one for one in found if one.edit == OTHERS]
    for name, title, false in (("fast", "fast pass", "false_fast"), ("deep", "both passes", "false_deep")):
        share = sum(getattr(one, name) for one in edited) / total
        wrong = sum(getattr(one, false) for one in (*edited, *strangers))
        work = f"{title}: share of {len(edited)} edits of {edited[0].films} films found; {wrong} false pairs"
        row, least = ("P12-films", LEAST) if name == "deep" else ("P12-films-fast", 0.8)
        target, met = f">= {least}, 0 false pairs", share >= least and not wrong
        yield Row(row, work, "the rule of vPDQ", share, vpdq, 1.0, share, target, met)


def _edited(one: Found) -> bool:
    return not one.edit.startswith(OTHERS)
