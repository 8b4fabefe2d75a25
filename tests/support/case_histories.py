"""Random histories of a case, from a seed: steps in and out of order, moves, corrections, doubtful ages."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from types import MappingProxyType

from luwte.desk.cases.vocabulary import HEARINGS, Fact, Step
from luwte.desk.rights.values import Person, Representative

BEGIN = date(2027, 10, 1)
SPAN = 330
NAMES = {
    Step.HEARING_SET: ("h1", "h2"),
    Step.HEARING_MOVED: ("h1", "h2", "s", "p", "r"),
    Step.HEARING_CANCELLED: ("h1", "h2", "s"),
    Step.RELEASE_HEARING_SET: ("r",),
    Step.PLEA_HEARING: ("p",),
    Step.SENTENCING_SET: ("s",),
    Step.HEARING_STARTED: ("h1", "h2", ""),
    Step.CLOSING_SPEECH: ("h1", "h2", ""),
    Step.VICTIM_SPOKE: ("h1", "s", "p", ""),
}
EARLY = (Step.RELEASED, Step.LEAVE)
"""Steps that are known before they happen."""
CHARGES = (
    "252", "art. 252 lid 1 Sr", "240b Sr", "285", "310", "300", "possession", "2251",
    "18 USC 2252A(a)(2)", "2252A",
)  # fmt: skip
OFTEN = (
    Step.CHARGED, Step.HEARING_SET, Step.HEARING_MOVED, Step.INFORMATION_REQUESTED, Step.CLOSING_SPEECH,
    Step.JUDGMENT, Step.PROSECUTION_DECLINED, Step.AWARE, Step.SENTENCING_SET, Step.OFFENCE_ENDED,
)  # fmt: skip
STEPS = (*Step, *OFTEN, *OFTEN)


def history(random: Random) -> tuple[Fact, ...]:
    """Return the steps of a case, each told on some day, in the order in which they came in."""
    facts: list[Fact] = []
    for number in range(random.randint(2, 12)):
        old = random.choice(facts) if facts and random.random() < 0.12 else None
        facts.append(_corrected(random, old, number) if old else _fact(random, number, facts))
    random.shuffle(facts)
    return tuple(facts)


def _fact(random: Random, number: int, facts: list[Fact]) -> Fact:
    step = random.choice(STEPS)
    occurred = BEGIN + timedelta(days=random.randrange(SPAN))
    late = random.choice((0, 0, 1, 5, 30, 120) if step in HEARINGS else (0, 0, 1, 5, 30))
    known = (
        occurred - timedelta(days=late)
        if step in HEARINGS or step in EARLY
        else occurred + timedelta(days=late)
    )
    return Fact(
        id=f"f{number}",
        step=step,
        occurred=occurred,
        known=known,
        defendant=random.choice(("", "A", "A", "B")),
        hearing=random.choice(NAMES.get(step, ("",))),
        said=MappingProxyType(_said(random, step, facts)),
    )


def _corrected(random: Random, old: Fact, number: int) -> Fact:
    moved = timedelta(days=random.randint(-20, 20))
    later = max(old.known, old.known + moved) + timedelta(days=random.randrange(10))
    step = Step.TAKEN_BACK if random.random() < 0.2 else old.step
    return Fact(f"f{number}", step, old.occurred + moved, later, old.defendant, old.hearing, old.id, old.said)


def _said(random: Random, step: Step, facts: list[Fact]) -> dict[str, str | int | bool]:
    said: dict[str, str | int | bool] = {}
    if step in (Step.CHARGED, Step.CHARGE_CHANGED, Step.JUDGMENT) and random.random() < 0.8:
        said["offence"] = random.choice(CHARGES)
        said["maximum_years"] = random.choice((4, 6, 8))
    if step == Step.JUDGMENT and random.random() < 0.3:
        said |= {"convicted": random.random() < 0.5, "losses_open": random.random() < 0.5}
    if step == Step.PROSECUTION_DECLINED and random.random() < 0.8:
        said["served"] = random.random() < 0.7
    if step == Step.AWARE and facts and random.random() < 0.7:
        said["of"] = random.choice(facts).id
    if step == Step.RIGHT_DENIED and random.random() < 0.7:
        said["right"] = random.choice(("nl-file", "nl-translation"))
        said["highest_offence"] = random.random() < 0.3
    if step in (Step.CLAIM_FILED, Step.COMPLAINT_FILED) and random.random() < 0.2:
        said["right"] = random.choice(("nl-fund", "us-mandamus", "nl-join"))
    return said


def victim(random: Random) -> Person:
    """Return a victim near 12, near 18 or grown, perhaps of doubtful age, with some who act for them."""
    near = random.choice((0, 12, 12, 18, 18, 40))
    born = date(2028 - near, 1, 1) + timedelta(days=random.randint(-300, 300))
    born = date(2016, 2, 29) if near == 12 and random.random() < 0.2 else born
    earliest, latest = random.choice(
        ((born, born), (born, born), (born - timedelta(days=400), born), (None, None))
    )
    kinds = ("parent", "parent", "guardian", "curator", "carer", "family", "partner", "appointee", "kin")
    around = tuple(
        Representative(
            f"r{number}",
            random.choice(kinds),
            date(2020, 1, 1),
            random.choice((None, None, BEGIN + timedelta(days=150))),
            random.random() < 0.15,
        )
        for number in range(random.randrange(4))
    )
    return Person(
        earliest, latest, random.random() < 0.2, random.random() < 0.1, random.random() < 0.05, around
    )


def some_day(random: Random) -> date:
    """Return the day on which it is asked; sometimes years after."""
    return BEGIN + timedelta(days=random.randrange(SPAN + 60) + random.choice((0, 0, 0, 0, 1500, 4000)))
