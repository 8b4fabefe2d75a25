"""Whether `plan` decides what the reference says, whatever the order and the company its facts come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from luwte.desk.telling.rules import next_look
from luwte.desk.telling.safety import Step, next_step
from luwte.desk.telling.values import Decision, Event, State, Told
from luwte.desk.wishes.rules import Source, Wish
from tests.model.reference import Answer, Contact, answers
from tests.model.reference_obstacles import Verdict
from tests.model.world import World

Plan = Callable[..., list[Decision]]
OTHER = "cd" * 16


class Violation(AssertionError):
    """What was broken, in which world, at which moment."""

    def __init__(self, check: str, what: str, world: World, now: datetime) -> None:
        super().__init__(f"{check}: {what}")
        self.check, self.what, self.world, self.now = check, what, world.copy(), now


@dataclass(frozen=True)
class Rules:
    """The rules under proof: those of the desk, or with a planted bug."""

    plan: Plan
    next_step: Callable[..., Step] = next_step
    next_look: Callable[..., datetime | None] = next_look


def run(plan: Plan, world: World, now: datetime) -> list[Decision]:
    """Return what `plan` decides in `world`."""
    facts = (world.wishes, world.findings, world.events, world.history, [*world.holds, *world.quiets])
    return plan(*facts, world.recipients, world.limits, now)


def said(decisions: list[Decision], world: World, now: datetime) -> dict[str, Answer]:
    """Return the decisions in the shape of the reference's answers; refuse what fits no answer."""
    found: dict[str, Answer] = {}
    for one in decisions:
        answer = found.setdefault(one.recipient, Answer())
        verdict = Verdict(one.outcome.value, one.reason.value, one.next_at)
        for name in one.items:
            if name in answer.verdicts:
                raise Violation("T3", f"two decisions about {name} for {one.recipient}", world, now)
            answer.verdicts[name] = verdict
        if one.channel is not None:
            if answer.contact is not None:
                raise Violation("T2", f"two contacts at once for {one.recipient}", world, now)
            answer.contact = _contact(one)
        elif not one.items:
            answer.alone = verdict
    return found


def _contact(one: Decision) -> Contact:
    assert one.channel is not None
    return Contact(
        one.outcome.value,
        one.reason.value,
        one.items,
        one.channel.value,
        one.detail.value if one.detail else "none",
        one.words.value if one.words else "none",
        frozenset(source.value for source in one.sources),
    )


def against_reference(decisions: list[Decision], world: World, now: datetime) -> None:
    """Both say the same of everything, to everyone, in the same order."""
    ours, theirs = said(decisions, world, now), answers(world, now)
    for name, expected in theirs.items():
        if ours.get(name) != expected:
            raise Violation("reference", _difference(name, ours.get(name), expected), world, now)
    if list(ours) != list(theirs):
        raise Violation("reference", f"recipients {list(ours)}, expected {list(theirs)}", world, now)


def _difference(name: str, ours: Answer | None, expected: Answer) -> str:
    lines = [f"for {name} the rules and the reference differ"]
    if ours is None:
        return lines[0] + ": the rules say nothing"
    for item in sorted(ours.verdicts.keys() | expected.verdicts.keys()):
        if ours.verdicts.get(item) != expected.verdicts.get(item):
            lines.append(
                f"  {item}: rules {ours.verdicts.get(item)}; reference {expected.verdicts.get(item)}"
            )
    if ours.contact != expected.contact:
        lines.append(f"  contact: rules {ours.contact}; reference {expected.contact}")
    if ours.alone != expected.alone:
        lines.append(f"  nothing open: rules {ours.alone}; reference {expected.alone}")
    return "\n".join(lines)


def whatever_the_order(
    plan: Plan, decisions: list[Decision], world: World, now: datetime, random: Random
) -> None:
    """Facts in another order, given twice over, give the same decisions."""
    shuffled = world.copy()
    for facts in (shuffled.wishes, shuffled.findings, shuffled.events, shuffled.history, shuffled.holds):
        random.shuffle(facts)
    random.shuffle(shuffled.quiets)
    random.shuffle(shuffled.recipients)
    again = said(run(plan, shuffled, now), world, now)
    if again != said(decisions, world, now):
        raise Violation("order", "another order of the same facts gives other decisions", world, now)


def whatever_the_company(plan: Plan, decisions: list[Decision], world: World, now: datetime) -> None:
    """The facts of somebody else, with the same names and the same people around, change nothing."""
    crowd = world.copy()
    crowd.recipients = [*(replace(one, subject=OTHER) for one in world.recipients), *world.recipients]
    crowd.wishes = [*world.wishes, *(_others(one) for one in world.wishes)]
    crowd.history = [*world.history, *(replace(one, subject=OTHER) for one in world.history)]
    crowd.events = [*world.events, *(_other_event(one) for one in world.events)]
    crowd.findings = [*world.findings, *(replace(one, subject=OTHER) for one in world.findings)]
    crowd.history += [_other_contact(world, now)]
    crowd.quiets = [*world.quiets, *(replace(one, subject=OTHER, yearly=True) for one in world.quiets)]
    ours = [one for one in run(plan, crowd, now) if one.subject != OTHER]
    if said(ours, world, now) != said(decisions, world, now):
        raise Violation("company", "what is known of another subject changes the decisions", world, now)


def _others(one: Wish) -> Wish:
    chosen = replace(one.choice, told=not one.choice.told)
    return replace(one, subject=OTHER, version=one.version + 100, choice=chosen)


def _other_event(one: Event) -> Event:
    return replace(one, id=f"other-{one.id}", subject=OTHER)


def _other_contact(world: World, now: datetime) -> Told:
    items = frozenset([one.id for one in world.findings] + [one.id for one in world.events])
    return Told("other", OTHER, world.person.id, now, State.PLANNED, items, frozenset(Source))
