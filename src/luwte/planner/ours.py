"""A year under the rules of Luwte: the real `plan`, with simulated channels, care workers and time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random

from luwte.base.clock import ManualClock
from luwte.desk.telling.values import Decision, Outcome, Reason, State, Told
from luwte.desk.wishes.rules import PERSON, Channel, Rhythm, Source
from luwte.planner.desk import LIMITS, File
from luwte.planner.ledger import Ledger, Reached
from luwte.planner.people import Someone
from luwte.planner.world import BEGINS, DAY, Item, World, chance

Act = Callable[[File], None]

BOUNCES = frozenset({Channel.EMAIL, Channel.SMS})
RETURNED = 10 * DAY
ASKS_EVERY = 60 * DAY
AGAIN = 90 * DAY
CHOICE_ASKED = frozenset({Reason.NEVER_ASKED, Reason.WISH_ENDED, Reason.ADULT_NOW, Reason.CONSENT_MISSING})
SLOT = frozenset({Reason.HOURS, Reason.QUIET})
ADDRESS = "address"


class Year:
    """The simulated year; `run` it once."""

    def __init__(self, world: World) -> None:
        self.world, self.ledger, self.clock = world, Ledger(), ManualClock(BEGINS)
        self.files = {subject: File(person) for subject, person in world.people.items()}
        self._acts: list[tuple[datetime, int, str, Act]] = []
        self._count = 0
        self._tasks: deque[tuple[str, str, str]] = deque()
        self._random = {one: chance(world.parameters, "ours", one) for one in world.people}

    def run(self) -> Ledger:
        """Return what happens."""
        for file in self.files.values():
            self._begin(file)
        self._at(BEGINS + timedelta(hours=1), "", self._care)
        while self._acts and self._acts[0][0] < self.world.ends:
            moment, _, subject, act = heappop(self._acts)
            self.clock.moment = max(moment, self.clock.moment)
            if subject:
                act(self.files[subject])
                self._look(self.files[subject])
            else:
                self._care_day()
        self._close()
        return self.ledger

    def _at(self, moment: datetime, subject: str, act: Act) -> None:
        self._count += 1
        heappush(self._acts, (moment, self._count, subject, act))

    def _begin(self, file: File) -> None:
        """Everything that will happen to this person from outside, put on the calendar."""
        person, subject = file.person, file.person.subject
        if person.asked and (person.informed or PERSON not in person.deciders(BEGINS.date())):
            file.choose(BEGINS - 30 * DAY)
            if person.choices[Source.CASE].rhythm == Rhythm.ON_REQUEST and person.choices[Source.CASE].told:
                self._at(BEGINS + ASKS_EVERY, subject, self._asks)
        if person.withdraws:
            self._at(person.withdraws, subject, lambda file: file.withdraw(self.clock.now()))
        if person.pauses:
            self._at(person.pauses, subject, lambda file: file.pause(self.clock.now()))
        for age in (12, 16, 18):
            self._at(_birthday(person, age), subject, _nothing)
        self._at(BEGINS, subject, _nothing)

    def arrive(self) -> None:
        """Put every finding and event on the calendar."""
        for item in self.world.items:
            self._at(item.at, item.subject, _registers(item, self.clock))
            if item.sure is not None and item.sure > item.at:
                self._at(item.sure, item.subject, _registers(item, self.clock))
            if item.lapses is not None:
                self._at(item.lapses, item.subject, _nothing)

    def _look(self, file: File) -> None:
        """Decide, act on it, and come back when time alone may change something."""
        now = self.clock.now()
        later: list[datetime] = []
        for decision in file.decide(now):
            self._remember(file, decision)
            if decision.next_at is not None:
                later.append(decision.next_at)
            if decision.outcome == Outcome.TELL:
                self._hand_over(file, decision)
                later.append(now + LIMITS.patience)
            elif decision.outcome == Outcome.CALL:
                self._ask_care(file, decision.recipient, decision.reason)
        coming = min(later, default=None)
        if coming is not None and (file.look is None or file.look <= now or coming < file.look):
            file.look = coming
            self._at(coming, file.person.subject, _nothing)

    def _remember(self, file: File, decision: Decision) -> None:
        """Keep the last reason for each item: the person's, or a parent's where those decide."""
        if decision.reason == Reason.RIGHT_LAPSED:
            return
        for item in decision.items:
            known = file.reasons.get(item)
            if decision.recipient == PERSON or known == Reason.FOR_REPRESENTATIVES:
                file.reasons[item] = decision.reason

    def _hand_over(self, file: File, decision: Decision) -> None:
        """The channel as a port: it arrives, bounces at once (e-mail, SMS), or comes back later (letter)."""
        now, recipient, channel = self.clock.now(), decision.recipient, decision.channel
        posted = channel in BOUNCES or channel == Channel.LETTER
        arrived = not posted or now < file.fails[recipient]
        state = State.REFUSED if not arrived and channel in BOUNCES else State.DONE
        told = self._record(file, decision, state, arrived)
        subject = file.person.subject
        if not arrived:
            self.ledger.lost.add((subject, recipient, file.fails[recipient]))
            self._at(now if channel in BOUNCES else now + RETURNED, subject, self._comes_back(told))
        elif self._chance(file).random() < self.world.parameters.opened:
            self._at(now + self._chance(file).uniform(0.1, 5) * DAY, subject, _opens(told.id, self.clock))

    def _record(
        self, file: File, decision: Decision, state: State, arrived: bool, asked: bool = False
    ) -> Told:
        now, subject = self.clock.now(), file.person.subject
        told = Told(
            f"{len(file.history):06d}",
            subject,
            decision.recipient,
            now,
            state,
            frozenset(decision.items),
            decision.sources,
            asked,
            decision.channel or Channel.PORTAL,
        )
        file.history[told.id] = told
        items = [file.items[item] for item in decision.items]
        free = asked or any(item.lapses and file.person.choices[item.source].forward for item in items)
        wanted = asked or any(file.person.wants(one.source, now, decision.recipient) for one in items)
        self.ledger.contacts.append(
            Reached(
                now,
                subject,
                decision.recipient,
                decision.items,
                told.sources,
                arrived,
                free,
                not wanted,
            )
        )
        return told

    def _comes_back(self, told: Told) -> Act:
        """What was sent did not arrive: that channel stops and a care worker looks for a new address."""

        def act(file: File) -> None:
            file.history[told.id] = replace(told, state=State.REFUSED)
            file.stopped.setdefault(told.recipient, set()).add(told.channel)
            self._ask_care(file, told.recipient, ADDRESS)

        return act

    def _asks(self, file: File) -> None:
        """The person asks "is there anything since ...?" and is given what waits for that alone."""
        now = self.clock.now()
        self._at(now + ASKS_EVERY, file.person.subject, self._asks)
        for decision in file.decide(now):
            if decision.recipient == PERSON and decision.reason == Reason.ONLY_WHEN_ASKED:
                sources = frozenset(file.items[item].source for item in decision.items)
                self._record(file, replace(decision, sources=sources), State.DONE, True, asked=True)

    def _ask_care(self, file: File, recipient: str, reason: str) -> None:
        """One task for each recipient and reason; what a human decided is not asked again for some time."""
        key, now = f"{recipient}|{reason}", self.clock.now()
        if key not in file.asked or (now >= file.asked[key] + AGAIN and reason != ADDRESS):
            file.asked[key] = now
            self._tasks.append((file.person.subject, recipient, reason))

    def _care(self, _file: File) -> None:
        """Stands in the calendar for a day of the care workers."""

    def _care_day(self) -> None:
        """Care workers do what they can on a working day, in the order in which it came."""
        now = self.clock.now()
        self._at(now + DAY, "", self._care)
        days, rest = divmod(self.world.parameters.calls, 5)
        capacity = days + (now.weekday() < rest)
        for _ in range(capacity if now.weekday() < 5 else 0):
            if not self._tasks:
                return
            subject, recipient, reason = self._tasks.popleft()
            self.ledger.calls[reason] += 1
            self._talk(self.files[subject], recipient, reason)
            self._look(self.files[subject])

    def _talk(self, file: File, recipient: str, reason: str) -> None:
        now = self.clock.now()
        if reason == ADDRESS:
            file.fails[recipient] = now + self._new_address(file)
            file.stopped.pop(recipient, None)
            file.asked.pop(f"{recipient}|{ADDRESS}", None)
            self.ledger.mended += 1
        elif reason in CHOICE_ASKED and not (file.person.withdraws and now >= file.person.withdraws):
            file.choose(now)
        elif reason == Reason.UNOPENED:
            file.seen = now
        elif reason in (Reason.CALL_CHOSEN, Reason.RIGHT_LAPSES):
            self._calls(file, recipient, reason)
        elif (
            reason == Reason.DOES_NOT_KNOW
            and not file.wishes
            and PERSON not in file.person.deciders(now.date())
        ):
            file.choose(now)

    def _calls(self, file: File, recipient: str, reason: str) -> None:
        """A care worker calls, or books the first slot within the hours and days that were chosen."""
        found = [one for one in file.decide(self.clock.now()) if one.recipient == recipient]
        for decision in found:
            if decision.outcome == Outcome.CALL and decision.channel:
                self._record(file, decision, State.DONE, True)
                break
        else:
            slots = [one.next_at for one in found if one.next_at and one.reason in SLOT]
            if slots:
                again = partial(self._calls, recipient=recipient, reason=reason)
                self._at(min(slots), file.person.subject, again)
                return
        file.asked.pop(f"{recipient}|{reason}", None)

    def _new_address(self, file: File) -> timedelta:
        return self._chance(file).expovariate(self.world.parameters.decay or 1e-9) * 365 * DAY

    def _chance(self, file: File) -> Random:
        return self._random[file.person.subject]

    def _close(self) -> None:
        """Look at everyone at the end of the year: what stands untold, and why."""
        self.clock.moment = self.world.ends
        for file in self.files.values():
            for decision in file.decide(self.clock.now()):
                if decision.recipient == PERSON:
                    self.ledger.withheld[decision.reason] += len(decision.items)
            self.ledger.why.update(file.reasons)
        self.ledger.withheld = +self.ledger.withheld


def run(world: World) -> Ledger:
    """Return what happens in `world` when people are told as they chose."""
    year = Year(world)
    year.arrive()
    return year.run()


def _nothing(_file: File) -> None:
    """Time alone passes; the desk looks."""


def _registers(item: Item, clock: ManualClock) -> Act:
    return lambda file: file.register(item, clock.now())


def _opens(told: str, clock: ManualClock) -> Act:
    def act(file: File) -> None:
        if file.history[told].state != State.REFUSED:
            file.history[told] = replace(file.history[told], opened=clock.now())

    return act


def _birthday(person: Someone, age: int) -> datetime:
    years = person.born.year + age - BEGINS.year
    return (
        BEGINS.replace(year=BEGINS.year + years, month=person.born.month, day=min(person.born.day, 28))
        + 2 * DAY
    )
