"""What may happen in a life: each act changes the world, and comes from a seed, so it can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from random import Random

from luwte.desk.telling.values import Authority, Born, Conflict, Kind, Recipient, State
from luwte.desk.wishes.rules import Channel, Hold, HoldKind, Quiet
from tests.model.people import DAY, HOUR, SECOND, born, born_around, conflict, mandate, step
from tests.model.world import SUBJECT, World
from tests.model.worlds import ALL, choice, contact, event, finding, wish

Act = Callable[[Random, World, datetime], None]


def _number(world: World) -> int:
    return len(world.findings) + len(world.events) + len(world.history) + len(world.recipients)


def find(random: Random, world: World, now: datetime) -> None:
    world.findings.append(finding(random, f"f{_number(world)}", now))


def burst(random: Random, world: World, now: datetime) -> None:
    """A hundred findings in one moment (T2)."""
    one, number = finding(random, "", now), _number(world)
    count = random.choice([5, 5, 100])
    world.findings += [replace(one, id=f"f{number}-{index}") for index in range(count)]


def happen(random: Random, world: World, now: datetime) -> None:
    world.events.append(event(random, f"e{_number(world)}", now))


def choose(random: Random, world: World, now: datetime) -> None:
    """A new version; at times recorded by a clock that runs ahead."""
    since = now + random.choice([0 * HOUR, 0 * HOUR, 0 * HOUR, HOUR])
    chosen = choice(random, world, now)
    for source in random.choice([ALL, [random.choice(ALL)]]):
        world.wishes.append(wish(random, world, source, chosen, since))


def change_one_thing(random: Random, world: World, now: datetime) -> None:
    """A new version that differs in one thing alone."""
    if not world.wishes:
        return
    fresh, thing = choice(random, world, now), random.choice(THINGS)
    for old in {one.source: one for one in world.wishes}.values():
        chosen = replace(old.choice, **{thing: getattr(fresh, thing)})
        world.wishes.append(wish(random, world, old.source, chosen, now))


THINGS = ["rhythm", "channel", "detail", "until", "weekday", "hours", "forward", "cover", "others", "words"]


def want_cover(random: Random, world: World, now: datetime) -> None:
    for old in {one.source: one for one in world.wishes}.values():
        world.wishes.append(wish(random, world, old.source, replace(old.choice, told=True, cover=True), now))


def withdraw(random: Random, world: World, now: datetime) -> None:
    """T1: at once, also when the clock was set back since."""
    since = now + random.choice([0 * HOUR, HOUR])
    for old in random.sample(ALL, random.choice([1, 2, 5])):
        chosen = replace(choice(random, world, now), told=False)
        world.wishes.append(wish(random, world, old, chosen, since))


def hold(random: Random, world: World, now: datetime) -> None:
    starts = now + random.choice([0 * HOUR, 0 * HOUR, HOUR, -HOUR])
    kind = random.choice([HoldKind.PERSON, HoldKind.PERSON, HoldKind.CARE, HoldKind.CARE, HoldKind.HARM])
    world.holds.append(Hold(SUBJECT, starts, starts + step(random), kind))


def resume(random: Random, world: World, now: datetime) -> None:
    world.holds = [replace(one, ends=min(one.ends, now)) for one in world.holds]


def quiet(random: Random, world: World, now: datetime) -> None:
    """Days around today, touching others at times, over New Year at times, nearly always at others."""
    day = now.astimezone(world.person.zone).date()
    first = day + random.choice([-3, -1, 0, 1, 6]) * DAY
    last = first + random.choice([0, 1, 5, 30, 364]) * DAY
    touching = [one.last + DAY for one in world.quiets if not one.yearly]
    if touching and random.random() < 0.4:
        first, last = touching[0], touching[0] + 2 * DAY
    if random.random() < 0.2:
        leap = date(2024, 2, 29)
        first, last = random.choice(
            [(leap, leap), (leap - DAY, leap), (leap, leap + DAY), (leap + DAY, leap)]
        )
        world.quiets.append(Quiet(SUBJECT, first, last, yearly=True))
        return
    world.quiets.append(Quiet(SUBJECT, first, last, yearly=random.random() < 0.4))


def lift(random: Random, world: World, now: datetime) -> None:
    world.quiets = []


def confirm(random: Random, world: World, now: datetime) -> None:
    """Someone looked at a near match: it is the same picture."""
    if world.findings:
        at = random.randrange(len(world.findings))
        world.findings[at] = replace(world.findings[at], confirmed=1)


def quarantine(random: Random, world: World, now: datetime) -> None:
    """An entry matches far too often: until somebody looked, its files do not count."""
    if world.findings:
        at = random.randrange(len(world.findings))
        old = world.findings[at]
        some = random.choice([old.identical, max(old.identical - 1, 0)])
        world.findings[at] = replace(old, identical=old.identical - some, quarantined=old.quarantined + some)


def release(random: Random, world: World, now: datetime) -> None:
    world.findings = [
        replace(one, identical=one.identical + one.quarantined, quarantined=0) for one in world.findings
    ]


def conflict_known(random: Random, world: World, now: datetime) -> None:
    _change(world, _anyone(random, world), conflict=conflict(random))


def conflict_cleared(random: Random, world: World, now: datetime) -> None:
    _change(world, _anyone(random, world), conflict=Conflict.NONE)


def does_not_know(random: Random, world: World, now: datetime) -> None:
    _change(world, _anyone(random, world), informed=False)


def is_informed(random: Random, world: World, now: datetime) -> None:
    for number in range(len(world.recipients)):
        _change(world, number, informed=True)


def mandate_changes(random: Random, world: World, now: datetime) -> None:
    """One ended yesterday, ends today, begins today or tomorrow, or comes back."""
    found = [number for number, one in enumerate(world.recipients) if one.mandate]
    if found:
        number = random.choice(found)
        old, day = world.recipients[number].mandate, now.astimezone(world.person.zone).date()
        assert old is not None
        begins, ends = random.choice(
            [(-100, -1), (-100, 0), (0, None), (1, None), (1, 9), (-100, None), (-100, 1)]
        )
        last = None if ends is None else day + ends * DAY
        _change(world, number, mandate=replace(old, begins=day + begins * DAY, ends=last))


def joins(random: Random, world: World, now: datetime) -> None:
    """Somebody new stands beside the person, from today on."""
    kind, day = random.choice([Kind.LAWYER, Kind.CURATOR, Kind.PARENT]), now.date()
    fresh = mandate(random, kind, day, holder=kind == Kind.PARENT, standing=random.random() < 0.6)
    zone = world.person.zone
    name = f"r{len(world.recipients)}{kind.value[0]}"
    world.recipients.append(Recipient(SUBJECT, zone, name, mandate=fresh))


def stands_by(random: Random, world: World, now: datetime) -> None:
    """A mandate becomes a standing one (T8), on a channel of its own."""
    for number, one in enumerate(world.recipients):
        if one.mandate:
            _change(world, number, mandate=replace(one.mandate, standing=True, channel=Channel.PORTAL))


def channel_fails(random: Random, world: World, now: datetime) -> None:
    """The address failed, most often that of a channel in use."""
    number = _anyone(random, world)
    who = world.recipients[number]
    used = [one.choice.channel for one in world.wishes[-1:]] if who.life else []
    used += [who.mandate.channel] if who.mandate else []
    _change(world, number, stopped=who.stopped | {random.choice([*used, *used, *Channel])})


def channel_mended(random: Random, world: World, now: datetime) -> None:
    for number in range(len(world.recipients)):
        _change(world, number, stopped=frozenset())


def authority_changes(random: Random, world: World, now: datetime) -> None:
    _live(world, authority=random.choice(list(Authority)))


def dies(random: Random, world: World, now: datetime) -> None:
    _live(world, deceased=True)


def is_seen(random: Random, world: World, now: datetime) -> None:
    """A sign of life: a sign-in, a talk."""
    _live(world, seen=now)


def birth_is_known_better(random: Random, world: World, now: datetime) -> None:
    day = now.astimezone(world.person.zone).date()
    sure = born(random, random.choice(["child", "both", "alone", "adult"]), day)
    _live(world, born=random.choice([sure, born_around(random, day), Born()]))


def comes_of_age(random: Random, world: World, now: datetime) -> None:
    """Around a step of the ladder."""
    _live(world, born=born_around(random, now.astimezone(world.person.zone).date()))


def asks(random: Random, world: World, now: datetime) -> None:
    """The person asks, and reads what there is: no part of any rhythm."""
    made = contact(random, world, f"c{_number(world)}", now)
    asked = replace(made, recipient=world.person.id, at=now, state=State.DONE, asked=True)
    world.history.append(asked)


def earlier_contact(random: Random, world: World, now: datetime) -> None:
    world.history.append(contact(random, world, f"c{_number(world)}", now))


def nobody_opens(random: Random, world: World, now: datetime) -> None:
    """Contacts that left, by channels that show it, and that stay unopened for as long as is borne (T15)."""
    base, count = _number(world), world.limits.unopened + random.choice([-1, 0, 0, 1])
    for number in range(count):
        at = now - world.limits.patience - number * 30 * DAY + random.choice([-SECOND, 0 * DAY, SECOND])
        made = contact(random, world, f"c{base + number}", now)
        channel = random.choice([Channel.EMAIL, Channel.SMS, Channel.LETTER])
        world.history.append(
            replace(
                made,
                recipient=world.person.id,
                at=at,
                state=random.choice([State.DONE, State.HANDED]),
                items=frozenset({"old"}),
                asked=False,
                channel=channel,
                opened=None,
            )
        )
    _live(world, seen=random.choice([None, now - 400 * DAY, world.life.seen]))


def opens(random: Random, world: World, now: datetime) -> None:
    if world.history:
        at = random.randrange(len(world.history))
        world.history[at] = replace(world.history[at], opened=now)


def settles(random: Random, world: World, now: datetime) -> None:
    """What was on its way, or unknown after a crash, turns out to have come to something."""
    for at, told in enumerate(world.history):
        if told.state in (State.PLANNED, State.LEASED, State.HANDING, State.UNKNOWN):
            state = random.choice([State.DONE, State.UNKNOWN, State.WITHHELD, State.REFUSED])
            world.history[at] = replace(told, state=state)


def _anyone(random: Random, world: World) -> int:
    return random.choice([0, random.randrange(len(world.recipients))])


def _change(world: World, number: int, **changes: object) -> None:
    world.recipients[number] = replace(world.recipients[number], **changes)  # type: ignore[arg-type]


def _live(world: World, **changes: object) -> None:
    number = world.recipients.index(world.person)
    _change(world, number, life=replace(world.life, **changes))  # type: ignore[arg-type]


# How often each comes: what brings something to tell comes most.
WEIGHTS: dict[Act, int] = {
    find: 12,
    burst: 3,
    happen: 9,
    choose: 5,
    change_one_thing: 8,
    want_cover: 2,
    withdraw: 2,
    hold: 4,
    resume: 2,
    quiet: 5,
    lift: 2,
    confirm: 3,
    quarantine: 2,
    release: 2,
    conflict_known: 2,
    conflict_cleared: 1,
    does_not_know: 2,
    is_informed: 2,
    mandate_changes: 4,
    joins: 3,
    stands_by: 2,
    channel_fails: 2,
    channel_mended: 1,
    authority_changes: 1,
    dies: 1,
    is_seen: 1,
    birth_is_known_better: 1,
    comes_of_age: 1,
    asks: 1,
    earlier_contact: 3,
    nobody_opens: 3,
    opens: 2,
    settles: 6,
}
ACTS = {act.__name__: act for act in WEIGHTS}
