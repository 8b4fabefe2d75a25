"""Random people: what they chose, what was found, how they were told, from hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from luwte.desk.telling.values import Event, Finding, State, Told
from luwte.desk.wishes.rules import Channel, Choice, Detail, Hold, HoldKind, Rhythm, Source, Wish
from tests.model.reference import World, next_allowed

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
SUBJECT = "ab" * 16

# Lord Howe Island changes its clocks by half an hour.
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Amsterdam",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Pacific/Apia",
    )
]
# Around changes of the clock, a leap day, the ends of months and of a year.
STARTS = [
    datetime(2024, 1, 31, 0, 30, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 22, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 18, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
]
STEPS = [0, 1, 24, 7 * 24 - 1, 7 * 24, 7 * 24 + 1, 28 * 24, 29 * 24, 30 * 24, 31 * 24, 92 * 24, 366 * 24]
# A week or a month later the clock shows this time twice, or not at all.
SHARP = [
    (ZONES[0], datetime(2026, 10, 18, 0, 30, tzinfo=UTC)),
    (ZONES[0], datetime(2026, 9, 25, 0, 30, tzinfo=UTC)),
    (ZONES[0], datetime(2026, 2, 28, 1, 30, tzinfo=UTC)),
    (ZONES[0], datetime(2026, 3, 22, 1, 30, tzinfo=UTC)),
    (ZONES[1], datetime(2026, 10, 25, 5, 30, tzinfo=UTC)),
    (ZONES[2], datetime(2026, 3, 28, 14, 45, tzinfo=UTC)),
]

steps = st.builds(
    lambda hours, half: timedelta(hours=hours, minutes=30 * half), st.sampled_from(STEPS), st.integers(0, 1)
)
sources = st.sampled_from(Source)
_RHYTHMS = [one for one in Rhythm if one != Rhythm.ON_REQUEST]


@st.composite
def choices(draw: st.DrawFn, day: datetime) -> Choice:
    """Give what someone may choose around `day`."""
    until = draw(st.none() | st.integers(-2, 40).map(lambda days: (day + timedelta(days=days)).date()))
    return Choice(
        draw(st.sampled_from([True, True, True, False])),
        draw(st.sampled_from(Rhythm)),
        draw(st.sampled_from(Channel)),
        draw(st.sampled_from(Detail)),
        until,
    )


@st.composite
def findings(draw: st.DrawFn, number: int, day: datetime) -> Finding:
    """Give a finding registered on `day`; half of them have near matches alone."""
    identical, confirmed = draw(st.sampled_from([(0, 0), (3, 0), (0, 2), (1, 1)]))
    return Finding(f"f{number:03}", SUBJECT, draw(sources), identical, confirmed + 2, confirmed, day)


@st.composite
def holds(draw: st.DrawFn, day: datetime) -> Hold:
    """Give a pause that begins on `day`."""
    return Hold(SUBJECT, day, day + draw(steps), draw(st.sampled_from([HoldKind.PERSON, HoldKind.CARE])))


@st.composite
def moments(draw: st.DrawFn) -> tuple[World, datetime]:
    """Give all that may be known of a person, whether or not it could have come about, and a moment."""
    now = draw(st.sampled_from(STARTS)) + draw(steps)
    world = World(draw(st.sampled_from(ZONES)))
    before = steps.map(lambda step: now - step)
    skewed = before | st.just(now + timedelta(minutes=1))
    for number in range(draw(st.integers(0, 5))):
        world.findings.append(draw(findings(number, draw(before))))
    if draw(st.booleans()):
        world.events.append(Event("e001", SUBJECT, draw(sources), draw(before)))
    for version in range(draw(st.integers(0, 4))):
        source, since = draw(sources), draw(skewed)
        world.wishes.append(Wish(SUBJECT, source, version, since, draw(choices(now))))
    names = [one.id for one in world.findings] + [one.id for one in world.events]
    for number in range(draw(st.integers(0, 3))):
        world.history.append(_told(draw, number, names, draw(before)))
    world.holds = draw(st.lists(skewed.flatmap(holds), max_size=2))
    world.stopped = frozenset(draw(st.lists(st.sampled_from(Channel), max_size=1)))
    return world, now


@st.composite
def due_moments(draw: st.DrawFn) -> tuple[World, datetime]:
    """Give a person who wants to hear, was told before, and a moment right around the next one allowed."""
    zone, start = draw(st.sampled_from(SHARP) | st.tuples(st.sampled_from(ZONES), st.sampled_from(STARTS)))
    world = World(zone)
    chosen = draw(st.sampled_from(_RHYTHMS))
    ats = [
        start + hours * HOUR for hours in draw(st.lists(st.sampled_from([0, 1, 23]), min_size=1, max_size=2))
    ]
    for number, at in enumerate(ats):
        carried = frozenset(draw(st.lists(sources, min_size=1, max_size=2)))
        world.history.append(Told(f"c{number}", SUBJECT, "person", at, State.DONE, frozenset(), carried))
    for number in range(draw(st.integers(1, 3))):
        since = start - draw(st.integers(0, 2)) * HOUR
        world.findings.append(Finding(f"f{number:03}", SUBJECT, draw(sources), 1, 0, 0, since))
    rhythm = draw(st.sampled_from([chosen.value, "weekly"]))
    now = next_allowed(rhythm, draw(st.sampled_from(ats)), world.zone)
    until = draw(st.just(None) | st.sampled_from([now.date() - DAY, now.date(), now.date() + DAY]))
    channels = {source: draw(st.sampled_from(Channel)) for source in Source}
    chosen_for = {source: Choice(True, chosen, channels[source], until=until) for source in Source}
    world.wishes = [Wish(SUBJECT, source, 1, start, chosen_for[source]) for source in Source]
    return world, now + draw(st.sampled_from([-HOUR, -HOUR / 2, -SECOND, 0 * HOUR, SECOND, HOUR]))


def _told(draw: st.DrawFn, number: int, names: list[str], at: datetime) -> Told:
    items = frozenset(draw(st.lists(st.sampled_from(names), max_size=2))) if names else frozenset()
    carried = frozenset(draw(st.lists(sources, min_size=1, max_size=2)))
    state = draw(st.sampled_from(State))
    return Told(f"c{number}", SUBJECT, "person", at, state, items, carried, draw(st.booleans()))
