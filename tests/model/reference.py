"""A second, slower reading of docs/rules.md, written apart from `luwte.desk.telling.rules`.

It looks at one item and one recipient at a time, knows no shortcuts, and shares the values alone with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from luwte.desk.telling.values import (
    Decision,
    Event,
    Finding,
    Limits,
    Outcome,
    Reason,
    Recipient,
    Told,
)
from luwte.desk.wishes.rules import Channel, Detail, Hold, Quiet, Register, Source, Wish
from tests.model.reference_ages import consent
from tests.model.reference_obstacles import (
    Verdict,
    channel_of,
    cover_obstacle,
    ended,
    latest_wish,
    obstacle,
    through_mandate,
    was_told,
)
from tests.model.world import Item, World, items_of

DETAILS = ["something", "bands", "everything"]


@dataclass(frozen=True)
class Contact:
    """The one thing that a recipient is told now: how, what, and with which words."""

    outcome: str
    reason: str
    items: tuple[str, ...]
    channel: str
    detail: str
    words: str
    sources: frozenset[str]


@dataclass
class Answer:
    """What is decided for one recipient: a verdict for each item, at most one contact, or one word alone."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    contact: Contact | None = None
    alone: Verdict | None = None


def answers(world: World, now: datetime) -> dict[str, Answer]:
    """Return what is to be decided for each recipient."""
    return {who.id: answer(world, who, now) for who in world.recipients}


def answer(world: World, who: Recipient, now: datetime) -> Answer:
    """Return what is to be decided for one recipient."""
    found = Answer()
    undecided = [item for item in items_of(world) if not was_told(world, who, item)]
    ready = []
    for item in undecided:
        verdict = obstacle(world, who, item, now)
        if verdict is None:
            ready.append(item)
        else:
            found.verdicts[item.id] = verdict
    covers = _covers(world, now) if who.mandate is None else []
    if ready:
        _tell(world, who, ready, covers, now, found)
    elif undecided:
        found.contact = _cover(world, covers, now)
    else:
        found.alone = _nothing_open(world, who, now)
        found.contact = _cover(world, covers, now) if found.alone is None else None
        if found.alone is None and found.contact is None:
            found.alone = Verdict("nothing", "nothing_new")
    return found


def _covers(world: World, now: datetime) -> list[str]:
    """The sources for which a cover is due."""
    due = []
    for source in Source:
        wish = latest_wish(world, source.value, now)
        if source.value == "safety" or wish is None or not wish.choice.told or not wish.choice.cover:
            continue
        if cover_obstacle(world, source.value, now) is None:
            due.append(source.value)
    return due


def _cover_channel(world: World, source: str, now: datetime) -> str:
    wish = latest_wish(world, source, now)
    assert wish is not None
    return wish.choice.channel.value


def _cover(world: World, covers: list[str], now: datetime) -> Contact | None:
    if not covers:
        return None
    wish = latest_wish(world, covers[0], now)
    assert wish is not None
    channel = wish.choice.channel.value
    same = frozenset(one for one in covers if _cover_channel(world, one, now) == channel)
    return Contact("tell", "cover", (), channel, "something", wish.choice.words.value, same)


def _item_channel(world: World, who: Recipient, item: Item, now: datetime) -> str:
    if who.mandate is not None:
        return who.mandate.channel.value
    wish = latest_wish(world, item.source, now)
    assert wish is not None
    return channel_of(who, wish)


def _tell(
    world: World, who: Recipient, ready: list[Item], covers: list[str], now: datetime, found: Answer
) -> None:
    channel = _item_channel(world, who, ready[0], now)
    along = []
    for item in ready:
        if _item_channel(world, who, item, now) == channel:
            along.append(item)
        else:
            found.verdicts[item.id] = Verdict("wait", "other_channel")
    by_mandate = [item for item in along if through_mandate(world, who, item, now)]
    outcome, reason = ("call", "call_chosen") if channel == "care_worker" else ("tell", "due")
    if len(by_mandate) == len(along):
        reason = "right_lapses"
    sources = {item.source for item in along}
    sources |= {one for one in covers if _cover_channel(world, one, now) == channel}
    found.contact = Contact(
        outcome,
        reason,
        tuple(item.id for item in along),
        channel,
        _detail(world, along, by_mandate, now),
        _words(world, along[0], now),
        frozenset(sources),
    )
    for item in along:
        found.verdicts[item.id] = Verdict(outcome, reason)


def _detail(world: World, along: list[Item], by_mandate: list[Item], now: datetime) -> str:
    chosen = []
    for item in along:
        wish = latest_wish(world, item.source, now)
        if item in by_mandate or wish is None:
            chosen.append("bands")
        else:
            chosen.append(wish.choice.detail.value)
    return min(chosen, key=DETAILS.index)


def _words(world: World, first: Item, now: datetime) -> str:
    wish = latest_wish(world, first.source, now)
    return wish.choice.words.value if wish is not None else "nl"


def _nothing_open(world: World, who: Recipient, now: datetime) -> Verdict | None:
    """What is said of someone for whom nothing is open; None when only a cover can be due."""
    if who.mandate is not None:
        return Verdict("nothing", "nothing_new")
    if world.life.deceased:
        return Verdict("withhold", "deceased")
    if not who.informed:
        return Verdict("call", "does_not_know")
    if not world.wishes:
        return Verdict("call", "never_asked")
    for source in Source:
        wish = latest_wish(world, source.value, now)
        if wish is None or not wish.choice.told:
            continue
        unfit = consent(world, wish, now) or ("wish_ended" if ended(world, wish, now) else None)
        if unfit is not None:
            return Verdict("call", unfit)
    return None


def plan(
    wishes: Iterable[Wish],
    findings: Iterable[Finding],
    events: Iterable[Event],
    history: Iterable[Told],
    holds: Iterable[Hold | Quiet],
    recipients: Sequence[Recipient],
    limits: Limits,
    now: datetime,
) -> list[Decision]:
    """Decide as the reference does, in the shape of `luwte.desk.telling.rules.plan`."""
    decisions = []
    for subject in dict.fromkeys(one.subject for one in recipients):
        bounds = [one for one in holds if one.subject == subject]
        world = World(
            [one for one in recipients if one.subject == subject],
            [one for one in wishes if one.subject == subject],
            [one for one in findings if one.subject == subject],
            [one for one in events if one.subject == subject],
            [one for one in history if one.subject == subject],
            [one for one in bounds if isinstance(one, Hold)],
            [one for one in bounds if isinstance(one, Quiet)],
            limits,
        )
        for name, found in answers(world, now).items():
            decisions += _decisions(subject, name, found)
    return decisions


def _decisions(subject: str, name: str, found: Answer) -> list[Decision]:
    decisions = []
    told = found.contact.items if found.contact else ()
    for item, verdict in found.verdicts.items():
        if item not in told:
            decisions.append(_quiet_decision(subject, name, verdict, (item,)))
    if found.alone is not None:
        decisions.append(_quiet_decision(subject, name, found.alone, ()))
    if found.contact is not None:
        one = found.contact
        decisions.append(
            Decision(
                subject,
                name,
                Outcome(one.outcome),
                Reason(one.reason),
                one.items,
                Channel(one.channel),
                Detail(one.detail),
                None,
                Register(one.words),
                frozenset(Source(source) for source in one.sources),
            )
        )
    return decisions


def _quiet_decision(subject: str, name: str, verdict: Verdict, items: tuple[str, ...]) -> Decision:
    outcome, reason = Outcome(verdict.outcome), Reason(verdict.reason)
    return Decision(subject, name, outcome, reason, items, next_at=verdict.next_at)
