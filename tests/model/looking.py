"""What stands beside `plan`: alerts of safety (T14), and when to look again."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from luwte.desk.telling.safety import Alert, Step
from luwte.desk.telling.values import Decision, Event
from luwte.desk.wishes.rules import Source
from tests.model.checks import Rules, Violation, run, said
from tests.model.people import DAY, SECOND
from tests.model.reference import Answer
from tests.model.reference_obstacles import Verdict, latest_wish
from tests.model.reference_safety import expected
from tests.model.world import SUBJECT, World

ONE_OF_TIME = {"rhythm", "ceiling", "quiet", "hours"}


def alert(random: Random, now: datetime) -> Alert:
    """Give an alert somewhere on its way: new, tried, failed, tried too often, confirmed."""
    attempts = random.choice([0, 0, 1, 1, 2, 3, 47, 48])
    minutes = random.choice([0, 1, 29, 30, 31, 600])
    last = now - timedelta(minutes=minutes) + random.choice([-SECOND, 0 * SECOND]) if attempts else None
    confirmed = now if random.random() < 0.1 else None
    event = Event("s1", SUBJECT, Source.SAFETY, now - DAY)
    return Alert(event, attempts, last, bool(attempts) and random.random() < 0.3, confirmed)


def alerts_are_sent(rules: Rules, world: World, now: datetime, random: Random) -> None:
    """T14: `next_step` says what the reference says."""
    one, wish = alert(random, now), latest_wish(world, "safety", now)
    step: Step = rules.next_step(one, wish, world.holds, world.person, now, world.limits.ladder)
    right = expected(one, wish, world, now)
    same = step.act.value == right.act and step.at == right.at
    same = same and right.reason in (None, step.reason.value) and right.care in (None, step.care)
    if not same:
        raise Violation("T14", f"{one} and {wish}: rules {step}; reference {right}", world, now)


def nothing_changes_unseen(
    rules: Rules, decisions: list[Decision], world: World, now: datetime, random: Random
) -> None:
    """Until the moment of `next_look`, time alone changes no outcome: planned again then, nothing is missed.

    A contact that is made now is a change of its own, after which everything is planned again.
    """
    if any(one.channel is not None for one in decisions):
        return
    look = rules.next_look(
        decisions,
        world.recipients,
        world.wishes,
        world.limits,
        now,
        events=world.events,
        history=world.history,
        holds=[*world.holds, *world.quiets],
    )
    end = look if look is not None else now + 900 * DAY
    if end <= now:
        raise Violation("look", f"to look again at {look}, which is over", world, now)
    for then in (end - SECOND, now + (end - now) * random.random()):
        if now < then < end and _coarse(said(run(rules.plan, world, then), world, then)) != _coarse(
            said(decisions, world, now)
        ):
            raise Violation("look", f"something changes by {then}, before {look}", world, now)


def _coarse(found: dict[str, Answer]) -> dict[str, object]:
    """Leave out what may change without an outcome: which of the four reasons of time, and until when."""
    return {
        name: ({item: _kind(one) for item, one in answer.verdicts.items()}, answer.contact, answer.alone)
        for name, answer in found.items()
    }


def _kind(verdict: Verdict) -> tuple[str, str]:
    return verdict.outcome, "time" if verdict.reason in ONE_OF_TIME else verdict.reason
