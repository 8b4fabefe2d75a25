"""The invariants T1 to T15 as a stranger would check them, apart from the reference: is this contact right?

Each looks at the contacts that are about to be made, at what they rest on, and at what was made before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from luwte.desk.telling.values import Decision, Event, Finding, State, Told
from luwte.desk.wishes.rules import Channel, Choice, HoldKind, Rhythm, Wish
from tests.model.world import World

DAY = timedelta(days=1)
LOST = (State.WITHHELD, State.REFUSED)
# Months are counted on the wall: a change of the clock, or a lost day in Apia, may take off some hours.
AT_LEAST = {
    Rhythm.EACH: 0 * DAY,
    Rhythm.WEEKLY: 7 * DAY,
    Rhythm.MONTHLY: 27 * DAY - timedelta(hours=1),
    Rhythm.QUARTERLY: 88 * DAY,
    Rhythm.YEARLY: 364 * DAY - timedelta(hours=1),
}


class Scene:
    """One contact that is about to be made, and what it rests on."""

    def __init__(self, world: World, now: datetime, decision: Decision) -> None:
        self.world, self.now, self.decision = world, now, decision
        self.who = next(one for one in world.recipients if one.id == decision.recipient)
        self.mine = [one for one in world.history if one.recipient == self.who.id]
        self.made = [one for one in self.mine if not one.asked and one.state not in LOST]
        self.today = now.astimezone(world.person.zone).date()
        names = set(decision.items)
        everything: list[Finding | Event] = [*world.findings, *world.events]
        self.things = [one for one in everything if one.id in names]
        self.by_wish = [(one, self.wish(one)) for one in self.things if not self.by_mandate(one)]

    def by_mandate(self, thing: Finding | Event) -> bool:
        """Whether a standing mandate alone may carry it (T8)."""
        mandate = self.who.mandate
        return bool(mandate and mandate.standing and isinstance(thing, Event) and thing.lapses)

    def wish(self, thing: Finding | Event) -> Wish | None:
        """Return the newest version that stands for its source."""
        return standing(self.world, thing, self.now)

    def choices(self) -> Iterator[Choice]:
        """Give each choice that this contact rests on."""
        yield from (wish.choice for _, wish in self.by_wish if wish)
        if not self.things:
            for wish in self.world.wishes:
                if wish.source in self.decision.sources and wish.choice.cover and wish.choice.told:
                    newest = newest_of(self.world, wish, self.now)
                    if newest is wish:
                        yield wish.choice


def standing(world: World, thing: Finding | Event, now: datetime) -> Wish | None:
    """Return the newest version that stands for the source of `thing`."""
    counted = [
        one
        for one in world.wishes
        if one.source == thing.source and (not one.choice.told or one.since <= now)
    ]
    return max(counted, key=lambda one: one.version, default=None)


def newest_of(world: World, wish: Wish, now: datetime) -> Wish:
    """Return the newest version that stands for the same source."""
    same = [one for one in world.wishes if one.source == wish.source]
    return max((one for one in same if not one.choice.told or one.since <= now), key=lambda one: one.version)


def wanted(scene: Scene) -> str:
    """T1: a wish stands for each source, or a mandate; it is not over; nothing is paused; on that channel."""
    mandate = scene.who.mandate
    if mandate and scene.decision.channel != mandate.channel:
        return "not on the channel of the mandate"
    if not scene.things and not list(scene.choices()):
        return "nothing to tell, and no cover was chosen"
    for _, wish in scene.by_wish:
        if wish is None or not wish.choice.told:
            return "nobody chose to be told"
        if wish.choice.rhythm == Rhythm.ON_REQUEST:
            return "only when asked"
    for choice in scene.choices():
        if choice.until is not None and choice.until < scene.today:
            return "the wish is over"
        if not mandate and choice.channel != scene.decision.channel:
            return "not on the channel that was chosen"
    if scene.by_wish and mandate and not _chosen_recipient(scene):
        return "nobody chose this recipient"
    if scene.decision.channel in scene.who.stopped:
        return "on a channel that fails"
    return ""


def _chosen_recipient(scene: Scene) -> bool:
    mandate = scene.who.mandate
    assert mandate is not None
    for _, wish in scene.by_wish:
        assert wish is not None
        named = scene.who.id in wish.choice.others or scene.who.id in wish.by
        by_lawyer = mandate.kind.value == "lawyer" and wish.choice.channel == Channel.LAWYER
        if not (named or by_lawyer or mandate.holder or mandate.kind.value == "curator"):
            return False
    return True


def not_paused(scene: Scene) -> str:
    """T1 and T15: no pause stands, whoever set it."""
    if not scene.by_wish and scene.things:
        return ""
    for hold in scene.world.holds:
        early = hold.kind == HoldKind.CARE and scene.now < hold.starts
        if scene.now < hold.ends and not early:
            return f"paused by {hold.kind.value}"
    return ""


def in_rhythm(scene: Scene) -> str:
    """T2: the ceiling of the authority, the rhythm of each source, one contact at a time."""
    for told in scene.made:
        if told.state in (State.PLANNED, State.LEASED, State.HANDING):
            return "another contact is on its way"
        if scene.now - told.at < scene.world.limits.between:
            return "above the ceiling"
        for thing, wish in scene.by_wish:
            forward = isinstance(thing, Event) and thing.lapses and wish and wish.choice.forward
            if wish and not forward and thing.source in told.sources:
                least = AT_LEAST.get(wish.choice.rhythm, 0 * DAY)
                if scene.now - told.at < least:
                    return f"above the rhythm ({wish.choice.rhythm.value})"
    return ""


def not_twice(scene: Scene) -> str:
    """T4: nothing that a contact may have carried is told again."""
    told = {name for one in scene.mine if one.state not in LOST for name in one.items}
    return "told again" if told & set(scene.decision.items) else ""


def safe_recipient(scene: Scene) -> str:
    """T5: no conflict, nobody whose mandate does not hold, nobody who died."""
    if scene.who.conflict.value != "none":
        return "a conflict"
    if scene.world.life.deceased:
        return "the person died"
    mandate = scene.who.mandate
    if mandate and (scene.today < mandate.begins or (mandate.ends and mandate.ends < scene.today)):
        return "no mandate today"
    return ""


def in_open_hours(scene: Scene) -> str:
    """T7: no quiet day, the chosen weekday, the chosen hours, on the recipient's clock."""
    local = scene.now.astimezone(scene.who.zone)
    for choice in scene.choices():
        if any(quiet.covers(local.date()) for quiet in scene.world.quiets):
            return "in a quiet period"
        if choice.weekday is not None and local.weekday() != choice.weekday:
            return "on another weekday"
        if not choice.hours[0] <= local.hour < choice.hours[1]:
            return "outside the hours"
    return ""


def not_lapsed(scene: Scene) -> str:
    """T8: a right that is over is no news."""
    over = [one for one in scene.things if isinstance(one, Event) and one.lapses and one.lapses <= scene.now]
    return "a right that is over" if over else ""


def by_a_human_first(scene: Scene) -> str:
    """T9: who does not know, or was never asked, hears nothing from the system."""
    if not scene.who.informed:
        return "this recipient does not know"
    return "never asked" if scene.by_wish and not scene.world.wishes else ""


def of_age(scene: Scene) -> str:
    """T10, with a day of play for 29 February."""
    born, ladder = scene.world.life.born, scene.world.limits.ladder
    if not scene.by_wish and scene.things:
        return ""
    surely = born.latest and scene.today >= _birthday(born.latest, ladder.both) - DAY
    if scene.who.mandate is None and not surely:
        return "perhaps too young to be told"
    for _, wish in scene.by_wish:
        assert wish is not None
        grown = born.latest and scene.today > _birthday(born.latest, ladder.adult) + DAY
        since = wish.since.astimezone(scene.world.person.zone).date()
        if grown and born.latest and since < _birthday(born.latest, ladder.adult) - DAY:
            return "on a choice from before the eighteenth birthday"
        young = born.latest and _birthday(born.latest, ladder.alone) + DAY < scene.today
        minor = born.earliest and scene.today < _birthday(born.earliest, ladder.adult) - DAY
        if young and minor and "person" not in wish.by:
            return "not chosen by the young person"
    kinds = {mandate.kind.value for _, mandate in scene.world.mandates}
    child = born.earliest and scene.today < _birthday(born.earliest, ladder.alone) - DAY
    if child and "curator" not in kinds and scene.world.life.authority.value in ("none_now", "unclear"):
        return "nobody has authority"
    return _only_parents_of_children(scene)


def _only_parents_of_children(scene: Scene) -> str:
    mandate, born, ladder = scene.who.mandate, scene.world.life.born, scene.world.limits.ladder
    if mandate is None or mandate.kind.value in ("curator", "lawyer"):
        return ""
    if born.earliest and scene.today <= _birthday(born.earliest, ladder.both) + DAY:
        return ""
    named = all(wish and scene.who.id in wish.choice.others for _, wish in scene.by_wish)
    return "" if named else "a parent of someone who decides too"


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def certain(scene: Scene) -> str:
    """T12: identical, or looked at and confirmed."""
    for one in scene.things:
        if isinstance(one, Finding) and one.identical == 0 and one.confirmed == 0:
            return "nobody confirmed it"
    return ""


def not_unheard(scene: Scene) -> str:
    """T15: nobody goes on writing to someone who opens nothing."""
    if scene.who.mandate is not None:
        return ""
    seen = scene.world.life.seen or datetime.min.replace(tzinfo=UTC)
    sent = [one for one in scene.made if _shows_opening(one) and one.at > seen]
    last = sorted(sent, key=lambda one: (one.at, one.id))[-scene.world.limits.unopened :]
    if len(last) < scene.world.limits.unopened or any(one.opened for one in last):
        return ""
    waited = scene.now - last[-1].at
    return "nobody opens what is sent" if waited >= scene.world.limits.patience else ""


def _shows_opening(one: Told) -> bool:
    by = one.channel in (Channel.EMAIL, Channel.SMS, Channel.LETTER)
    return by and bool(one.items) and one.state in (State.DONE, State.HANDED)


CONTACT: dict[str, Callable[[Scene], str]] = {
    "T4": not_twice,
    "T5": safe_recipient,
    "T9": by_a_human_first,
    "T12": certain,
    "T8": not_lapsed,
    "T15": not_unheard,
    "T1": wanted,
    "T10": of_age,
    "T1, T15": not_paused,
    "T2": in_rhythm,
    "T7": in_open_hours,
}
