"""`make prove`: many random histories, then every planted bug.

HISTORIES in the environment says how many (100,000), SEED the number of the first (0); the last line says
what came of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from random import Random

from luwte.desk.telling.rules import plan
from tests.model.checks import Rules, Violation
from tests.model.lives import History, history, smaller, violation
from tests.model.mutants import MUTANTS, caught

RULES = Rules(plan)
SHOWN, BATCH = 3, 500


def broken_in(seeds: range) -> list[int]:
    """Return those of `seeds` whose histories break something."""
    return [seed for seed in seeds if violation(history(Random(seed)), RULES) is not None]


def described(seed: int) -> str:
    """Return the shortest form found of a history that breaks something, and how to live it again."""
    lived = history(Random(seed))
    broken = violation(lived, RULES)
    if broken is None:
        return f"history {seed} breaks nothing when it is lived again"
    short, broken = smaller(lived, RULES, broken)
    again = f"SEED={seed} HISTORIES=1 make prove"
    return "\n".join([f"history {seed}: {broken}", f"again: {again}", *_lines(short, broken)])


def _lines(short: History, broken: Violation) -> Iterator[str]:
    world = broken.world
    for number, one in enumerate(short.steps, 1):
        yield f"  step {number}: {', '.join(name for name, _ in one.acts) or 'time passes'}"
    yield f"  at {broken.now}, {world.limits}"
    yield from (f"  {one}" for one in [*world.recipients, *world.wishes, *world.findings, *world.events])
    yield from (f"  {one}" for one in [*world.history, *world.holds, *world.quiets])


def _progress(what: str, done: int, whole: int, *, last: bool = False) -> None:
    """On a terminal one line that is written over; elsewhere one line for each tenth."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what}: {done:,} of {whole:,} " + "\n" * last)
    elif last or done * 10 // whole > (done - BATCH) * 10 // whole:
        sys.stderr.write(f"{what}: {done:,} of {whole:,}\n")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main(first: int, count: int) -> int:
    """Prove; return 1 when a history breaks something, or a planted bug stays unseen."""
    found: list[int] = []
    with ProcessPoolExecutor() as pool:
        starts = range(first, first + count, BATCH)
        batches = [range(start, min(start + BATCH, first + count)) for start in starts]
        for done, seeds in enumerate(pool.map(broken_in, batches), 1):
            found += seeds
            _progress("histories", min(done * BATCH, count), count, last=done == len(batches))
        for text in pool.map(described, found[:SHOWN]):
            _say(text)
        if len(found) > SHOWN:
            _say(f"and {len(found) - SHOWN} more: {found[SHOWN:20]}")
        seen = list(pool.map(_is_caught, range(len(MUTANTS))))
    for mutant, noticed in zip(MUTANTS, seen, strict=True):
        if not noticed:
            _say(f"not caught: {mutant.breaks}, {mutant.name}")
    _say(f"{count} histories, {len(found)} violations; {len(MUTANTS)} mutants, {sum(seen)} caught")
    return int(bool(found) or not all(seen))


def _is_caught(number: int) -> bool:
    return bool(caught(MUTANTS[number]))


if __name__ == "__main__":
    sys.exit(main(int(os.environ.get("SEED", "0")), int(os.environ.get("HISTORIES", "100000"))))
