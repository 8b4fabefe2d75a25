"""What stands in the way of telling: the steps of docs/rules.md, in their order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property

from luwte.desk.telling.ages import Circle, Stage
from luwte.desk.telling.calendar import days_later, due_after
from luwte.desk.telling.dossier import Dossier, Item, Obstacle
from luwte.desk.telling.values import (
    NEVER_LEFT,
    OPEN,
    Conflict,
    Limits,
    Outcome,
    Reason,
    Recipient,
    State,
)
from luwte.desk.telling.windows import first_open, is_quiet
from luwte.desk.wishes.rules import Channel, HoldKind, Rhythm, Source, Wish, expired

CALL, WAIT, WITHHOLD = Outcome.CALL, Outcome.WAIT, Outcome.WITHHOLD
POSTED = frozenset({Channel.EMAIL, Channel.SMS, Channel.LETTER})
"""The channels by which a contact may lie unopened."""

_TIME = frozenset({Reason.RHYTHM, Reason.CEILING, Reason.QUIET, Reason.HOURS})
_LEFT = frozenset({State.HANDED, State.DONE})
_DECEASED = Obstacle(WITHHOLD, Reason.DECEASED)
_CONFLICT_WITHHELD = Obstacle(WITHHOLD, Reason.CONFLICT)
_CONFLICT_CALL = Obstacle(CALL, Reason.CONFLICT)
_CONFLICT_DOUBT = Obstacle(CALL, Reason.CONFLICT_DOUBT)
_MANDATE_ENDED = Obstacle(WITHHOLD, Reason.MANDATE_ENDED)
_DOES_NOT_KNOW = Obstacle(CALL, Reason.DOES_NOT_KNOW)
_NEVER_ASKED = Obstacle(CALL, Reason.NEVER_ASKED)
_NOT_CHOSEN = Obstacle(WITHHOLD, Reason.NOT_CHOSEN)
_NOT_WANTED = Obstacle(WITHHOLD, Reason.NOT_WANTED)
_WISH_ENDED = Obstacle(CALL, Reason.WISH_ENDED)
_FOR_REPRESENTATIVES = Obstacle(WITHHOLD, Reason.FOR_REPRESENTATIVES)
_THROUGH_LAWYER = Obstacle(WITHHOLD, Reason.THROUGH_LAWYER)
_NO_LAWYER = Obstacle(CALL, Reason.NO_LAWYER)
_UNOPENED = Obstacle(CALL, Reason.UNOPENED)
_ONLY_WHEN_ASKED = Obstacle(WAIT, Reason.ONLY_WHEN_ASKED)
_CHANNEL_STOPPED = Obstacle(WITHHOLD, Reason.CHANNEL_STOPPED)
_ON_ITS_WAY = Obstacle(WAIT, Reason.ON_ITS_WAY)


class View:
    """One recipient at one moment. What holds for all items, or all of a source, is worked out once."""

    def __init__(
        self, dossier: Dossier, circle: Circle, recipient: Recipient, limits: Limits, now: datetime
    ) -> None:
        self.dossier, self.circle, self.recipient = dossier, circle, recipient
        self.limits, self.now = limits, now
        self.is_person = recipient.mandate is None
        history = dossier.history.get(recipient.id, ())
        contacts = [told for told in history if told.state not in NEVER_LEFT]
        self.told = frozenset[str]().union(*(told.items for told in contacts))
        self.counted = [told for told in contacts if not told.asked]
        self.barred = _barred(self)
        self._by_source: dict[Source, Obstacle | None] = {}

    def channel(self, wish: Wish) -> Channel:
        """Return the way to reach this recipient (step 16)."""
        return wish.choice.channel if self.recipient.mandate is None else self.recipient.mandate.channel

    def verdict(self, item: Item) -> Obstacle | None:
        """Return what stands in the way of `item`, step 6 left aside, or None when it is ready."""
        found = item.barred or self.of(item.source)
        if found is None or item.lapses is None or found.reason not in _TIME:
            return found
        return _forwarded(self, self.dossier.wishes[item.source], item.lapses, found)

    def of(self, source: Source) -> Obstacle | None:
        """Return what stands in the way of all that comes from `source` (steps 3 to 19)."""
        if source not in self._by_source:
            self._by_source[source] = self.barred or self._of(source)
        return self._by_source[source]

    def _of(self, source: Source) -> Obstacle | None:
        wish = self.dossier.wishes.get(source)
        if wish is None:
            return _NEVER_ASKED if self.is_person else _NOT_CHOSEN
        if not wish.choice.told:
            return _NOT_WANTED
        for step in _PERSON if self.is_person else _REPRESENTATIVE:
            if (found := step(self, wish)) is not None:
                return found
        return None

    def covers(self) -> Iterator[tuple[Source, Wish]]:
        """Yield the sources of which the person chose to hear at every turn of the rhythm, news or not."""
        if self.is_person:
            for source, wish in self.dossier.wishes.items():
                if wish.choice.cover and wish.choice.told and source != Source.SAFETY:
                    yield source, wish

    @cached_property
    def ceiling_due(self) -> datetime | None:
        """From when the authority's ceiling allows a contact (T2); None when nothing left yet."""
        newest = max((told.at for told in self.counted), default=None)
        return newest and days_later(newest, self.limits.between, self.recipient.zone)

    @cached_property
    def on_its_way(self) -> bool:
        """Whether a contact to this recipient has not left yet (step 18)."""
        return any(told.state in OPEN for told in self.counted)


def view_of_person(dossier: Dossier, limits: Limits, now: datetime) -> View:
    """Return the person of a dossier as a recipient. Raises `ValueError` without exactly one."""
    person = dossier.person
    circle = Circle(person, dossier.around, limits.ladder, now)
    return View(dossier, circle, person, limits, now)


def _barred(view: View) -> Obstacle | None:
    """Steps 3 to 5, and 7: what stands in the way of everything."""
    if view.circle.life.deceased:
        return _DECEASED
    if view.recipient.conflict == Conflict.DOUBT:
        return _CONFLICT_DOUBT
    if view.recipient.conflict == Conflict.CERTAIN:
        return _CONFLICT_CALL if view.is_person else _CONFLICT_WITHHELD
    mandate = view.recipient.mandate
    if mandate is not None:
        return None if mandate.holds(view.circle.day) else _MANDATE_ENDED
    return None if view.recipient.informed else _DOES_NOT_KNOW


def _consent(view: View, wish: Wish) -> Obstacle | None:
    """Step 9 (T10)."""
    reason = view.circle.obstacle(wish)
    return None if reason is None else Obstacle(CALL, reason)


def _ended(view: View, wish: Wish) -> Obstacle | None:
    """Step 10."""
    return _WISH_ENDED if expired(wish, view.now, view.circle.person.zone) else None


def _own(view: View, wish: Wish) -> Obstacle | None:
    """Step 11 for the person."""
    if view.circle.stage == Stage.CHILD:
        return _FOR_REPRESENTATIVES
    if wish.choice.channel == Channel.LAWYER:
        return _THROUGH_LAWYER if view.circle.has_lawyer() else _NO_LAWYER
    return None


def _chosen(view: View, wish: Wish) -> Obstacle | None:
    """Steps 9 to 11 for a representative: there is no wish for this one."""
    counts = view.circle.obstacle(wish) is None and _ended(view, wish) is None
    return None if counts and view.circle.entitled(view.recipient, wish) else _NOT_CHOSEN


def _informed(view: View, _: Wish) -> Obstacle | None:
    """Step 12 (T9)."""
    return None if view.recipient.informed else _DOES_NOT_KNOW


def _held(view: View, _: Wish) -> Obstacle | None:
    """Step 13: the last pause to end says when."""
    holds = [hold for hold in view.dossier.holds if hold.holds(view.now)]
    if not holds:
        return None
    ends, kinds = max(hold.ends for hold in holds), {hold.kind for hold in holds}
    if HoldKind.HARM in kinds:
        return Obstacle(CALL, Reason.HARM, ends)
    return Obstacle(WAIT, Reason.PAUSED if HoldKind.PERSON in kinds else Reason.HELD_BY_CARE, ends)


def unopened_since(view: View) -> datetime | None:
    """Return when the newest left of the contacts in a row that nobody opened, None when they are too few."""
    seen = view.circle.life.seen
    posted = [
        told
        for told in view.counted
        if told.state in _LEFT and told.channel in POSTED and told.items and (seen is None or told.at > seen)
    ]
    posted.sort(key=lambda told: (told.at, told.id))
    last = posted[-view.limits.unopened :]
    if len(last) < view.limits.unopened or any(told.opened for told in last):
        return None
    return last[-1].at


def _unopened(view: View, _: Wish) -> Obstacle | None:
    """Step 14 (T15)."""
    since = unopened_since(view)
    return _UNOPENED if since is not None and view.now - since >= view.limits.patience else None


def _on_request(_: View, wish: Wish) -> Obstacle | None:
    """Step 15."""
    return _ONLY_WHEN_ASKED if wish.choice.rhythm == Rhythm.ON_REQUEST else None


def _stopped(view: View, wish: Wish) -> Obstacle | None:
    """Step 17."""
    return _CHANNEL_STOPPED if view.channel(wish) in view.recipient.stopped else None


def _on_its_way(view: View, _: Wish) -> Obstacle | None:
    """Step 18."""
    return _ON_ITS_WAY if view.on_its_way else None


def _too_soon(view: View, wish: Wish) -> Obstacle | None:
    """Step 19 (T2, T7)."""
    return _until_open(view, wish, _rhythm_due(view, wish))


def _rhythm_due(view: View, wish: Wish) -> datetime | None:
    rhythm, zone = wish.choice.rhythm, view.recipient.zone
    due = [due_after(rhythm, told.at, zone) for told in view.counted if wish.source in told.sources]
    if not due and wish.choice.cover:
        return due_after(rhythm, wish.since, zone)
    return max(due, default=None)


def _until_open(view: View, wish: Wish, rhythm: datetime | None) -> Obstacle | None:
    now, ceiling, quiets = view.now, view.ceiling_due, view.dossier.quiets
    zone = view.recipient.zone
    moment = first_open(max(now, rhythm or now, ceiling or now), wish.choice, quiets, zone)
    if moment == now:
        return None
    if rhythm is not None and rhythm > now:
        return Obstacle(WAIT, Reason.RHYTHM, moment)
    if ceiling is not None and ceiling > now:
        return Obstacle(WAIT, Reason.CEILING, moment)
    quiet = is_quiet(quiets, now.astimezone(zone).date())
    return Obstacle(WAIT, Reason.QUIET if quiet else Reason.HOURS, moment)


def _forwarded(view: View, wish: Wish, lapses: datetime, found: Obstacle) -> Obstacle | None:
    """T8: a right that would lapse before the rhythm allows may come first, if that was chosen."""
    if not wish.choice.forward or (found.next_at is not None and found.next_at < lapses):
        return found
    sooner = _until_open(view, wish, None)
    in_time = sooner is None or (sooner.next_at is not None and sooner.next_at < lapses)
    return sooner if in_time else found


_Step = Callable[[View, Wish], Obstacle | None]
_LATER: tuple[_Step, ...] = (_on_request, _stopped, _on_its_way, _too_soon)
_PERSON: tuple[_Step, ...] = (_consent, _ended, _own, _held, _unopened, *_LATER)
_REPRESENTATIVE: tuple[_Step, ...] = (_chosen, _informed, _held, *_LATER)


def right_would_lapse(view: View, person: View, item: Item) -> bool:
    """T8: whether this representative is told of the right because it would lapse untold (step 6)."""
    mandate, lapses = view.recipient.mandate, item.lapses
    if mandate is None or not mandate.standing or lapses is None or not view.recipient.informed:
        return False
    if item.barred or view.barred or item.id in person.told:
        return False
    own = person.verdict(item)
    in_time = own is not None and own.outcome == WAIT and own.next_at is not None and own.next_at < lapses
    return own is not None and not in_time


def right_obstacle(view: View) -> Obstacle | None:
    """Return what stands in the way of telling a representative of such a right: steps 17 to 19."""
    mandate, due = view.recipient.mandate, view.ceiling_due
    if mandate is not None and mandate.channel in view.recipient.stopped:
        return _CHANNEL_STOPPED
    if view.on_its_way:
        return _ON_ITS_WAY
    return Obstacle(WAIT, Reason.CEILING, due) if due is not None and due > view.now else None
