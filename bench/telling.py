"""P8: deciding for 100,000 people with 1,000,000 findings in batches of the planner, by the rules alone."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.rows import Row
from luwte.desk.telling.rules import plan
from luwte.desk.telling.values import Born, Event, Finding, Life, Limits, Recipient, State, Told
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Quiet, Rhythm, Source, Wish

BATCH = 200
EACH = 10
"""Findings a person."""
TARGET = 20_000.0
GROWTH = 1.1
"""How much more memory the whole may take than its first tenth."""
_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_ZONE = ZoneInfo("Europe/Amsterdam")
_RHYTHMS = list(Rhythm)


@dataclass(frozen=True, slots=True)
class Planned:
    """Decisions, the findings in them, CPU seconds, and memory (KiB) after a tenth and at the end."""

    decisions: int
    findings: int
    seconds: float
    tenth: int
    whole: int


def rows(people: int) -> Iterator[Row]:
    """Return the speed of the rules, and how their memory grows."""
    found = _plan(people)
    speed, growth = found.decisions / found.seconds, found.whole / found.tenth
    work = f"plan {people:,} people, {found.findings:,} findings"
    yield Row(
        "P8",
        f"{work}: decisions a second",
        "none",
        speed,
        None,
        None,
        speed / TARGET,
        ">= 20,000 decisions a second a core",
        speed >= TARGET,
    )
    yield Row(
        "P8-memory",
        f"{work}: MiB",
        "a tenth of it",
        found.whole / 1024,
        found.tenth / 1024,
        None,
        growth,
        f"<= {GROWTH}x a tenth of it",
        growth <= GROWTH,
    )


def _plan(people: int) -> Planned:
    dice = random.Random(8)
    decided, findings, seconds, tenth = 0, 0, 0.0, 0
    for start in range(0, people, BATCH):
        facts = _batch(dice, range(start, min(start + BATCH, people)))
        begun = time.process_time()
        decisions = plan(*facts, Limits(), _NOW)
        seconds += time.process_time() - begun
        decided += len(decisions)
        findings += sum(len(decision.items) for decision in decisions)
        if start < people // 10:
            tenth = _memory()
    return Planned(decided, findings, seconds, tenth, _memory())


def _batch(
    dice: random.Random, numbers: range
) -> tuple[list[Wish], list[Finding], list[Event], list[Told], list[Quiet], list[Recipient]]:
    """Draw people with a wish, a quiet period in one of ten, a contact behind them in one of two."""
    wishes, findings, told, quiets, recipients = [], [], [], [], []
    for number in numbers:
        subject, since = f"{number:032x}", _NOW - timedelta(days=dice.randrange(1, 700))
        recipients.append(Recipient(subject, _ZONE, life=Life(Born(date(1990, 1, 1), date(1990, 1, 1)))))
        choice = Choice(dice.random() < 0.8, dice.choice(_RHYTHMS), Channel.EMAIL)
        wishes.append(Wish(subject, Source.CASE, 1, since, choice, frozenset({PERSON})))
        names = [f"{subject}-{one}" for one in range(EACH)]
        findings += [Finding(name, subject, Source.CASE, 1, 0, 0, since) for name in names]
        if dice.random() < 0.1:
            quiets.append(Quiet(subject, date(2026, 3, 1), date(2026, 3, 20)))
        if dice.random() < 0.5:
            at = _NOW - timedelta(days=dice.randrange(1, 60))
            sources = frozenset({Source.CASE})
            told.append(Told(f"c-{number}", subject, PERSON, at, State.DONE, frozenset(), sources))
    return wishes, findings, [], told, quiets, recipients


def _memory() -> int:
    """How much of this process is in memory, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
