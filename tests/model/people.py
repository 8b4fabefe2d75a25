"""Random people: how old they may be, who stands around them, on which clock they live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from luwte.desk.telling.values import Authority, Born, Conflict, Kind, Life, Mandate, Recipient
from luwte.desk.wishes.rules import Channel
from tests.model.world import SUBJECT

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)

# Lord Howe Island changes its clocks by half an hour, the Chatham Islands are a quarter off, Apia lost a day.
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Amsterdam",
        "Europe/Amsterdam",
        "Europe/Amsterdam",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Pacific/Apia",
        "Pacific/Chatham",
        "America/St_Johns",
    )
]
# Around changes of the clock, leap days, the ends of months and of a year.
STARTS = [
    datetime(2024, 1, 31, 0, 30, tzinfo=UTC),
    datetime(2024, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2025, 2, 28, 10, 0, tzinfo=UTC),
    datetime(2026, 2, 28, 22, 30, tzinfo=UTC),
    datetime(2026, 3, 22, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 6, 15, 9, 0, tzinfo=UTC),
    datetime(2026, 10, 18, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 30, tzinfo=UTC),
    datetime(2011, 12, 28, 9, 0, tzinfo=UTC),
]
STEPS = [0, 1, 5, 24, 7 * 24 - 1, 7 * 24, 7 * 24 + 1, 15 * 24, 28 * 24, 30 * 24, 31 * 24, 92 * 24, 366 * 24]
AGES = {"child": 6, "both": 13, "alone": 17, "adult": 30}
REACHING = [Channel.PORTAL, Channel.EMAIL, Channel.SMS, Channel.LETTER]


def step(random: Random) -> timedelta:
    """Give a stretch of time that has often just, or not quite, passed something."""
    hours = random.choice(STEPS)
    return hours * HOUR + random.choice([0 * HOUR, HOUR / 2, SECOND])


def years_before(day: date, years: int) -> date:
    """Return the day that many years ago; 1 March for 29 February in a common year."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def born(random: Random, wanted: str, day: date) -> Born:
    """Give the birth of someone who is certainly `wanted`."""
    birth = years_before(day, AGES[wanted]) + random.choice([0, 40, 200]) * DAY
    return Born(birth, birth + random.choice([0, 0, 30]) * DAY)


def born_around(random: Random, day: date) -> Born:
    """Give a birth around a step of the ladder, on a leap day, or not well known."""
    step_of_ladder = years_before(day, random.choice([12, 16, 18]))
    near = step_of_ladder + random.choice([-2, -1, 0, 1, 2]) * DAY
    leap = date(random.choice([1980, 2008, 2012, 2016]), 2, 29)
    width = random.choice([0, 1, 2, 400, 2500]) * DAY
    return random.choice(
        [
            Born(near, near),
            Born(leap, leap),
            Born(near - width, near),
            Born(near, near + width),
            Born(leap, leap + width),
            Born(None, near),
            Born(near, None),
            Born(),
            Born(day + DAY, day + 30 * DAY),
            Born(None, years_before(day, 40)),
        ]
    )


def mandate(
    random: Random, kind: Kind, day: date, *, holder: bool = False, standing: bool = False
) -> Mandate:
    """Give a mandate that holds on `day`."""
    channel = random.choice([*REACHING, Channel.CARE_WORKER])
    ends = random.choice([None, None, None, day + 10 * DAY, day + 600 * DAY])
    return Mandate(kind, day - random.choice([0, 1, 100]) * DAY, ends, channel, holder, standing)


def circle(random: Random, day: date, wanted: str, zone: ZoneInfo) -> tuple[Authority, list[Recipient]]:
    """Give who stands around the person: those whom the law asks for, and sometimes others."""
    authority, kinds = random.choice(
        [
            (Authority.JOINT, [Kind.PARENT, Kind.PARENT]),
            (Authority.SOLE, [Kind.PARENT]),
            (Authority.SHARED, [Kind.PARENT, Kind.GUARDIAN]),
            (Authority.GUARDIANSHIP, [Kind.GUARDIAN]),
        ]
    )
    if wanted not in ("child", "both") and random.random() < 0.7:
        authority, kinds = random.choice([Authority.NONE_NOW, authority]), []
    mandates = [mandate(random, kind, day, holder=True) for kind in kinds]
    if random.random() < 0.2:
        mandates.append(mandate(random, Kind.CURATOR, day, standing=random.random() < 0.5))
    if random.random() < 0.4:
        mandates.append(mandate(random, Kind.LAWYER, day, standing=random.random() < 0.7))
    elsewhere = [zone, zone, zone, random.choice(ZONES)]
    return authority, [
        Recipient(SUBJECT, random.choice(elsewhere), f"r{number}{one.kind.value[0]}", mandate=one)
        for number, one in enumerate(mandates)
    ]


def people(random: Random, now: datetime) -> list[Recipient]:
    """Give the person, first, and who stands around."""
    zone = random.choice(ZONES)
    day = now.astimezone(zone).date()
    wanted = random.choice(["adult", "adult", "adult", "child", "both", "alone"])
    when = born_around(random, day) if random.random() < 0.12 else born(random, wanted, day)
    authority, others = circle(random, day, wanted, zone)
    seen = random.choice([None, None, now - 3 * DAY, now - 60 * DAY])
    return [Recipient(SUBJECT, zone, life=Life(when, authority, seen=seen)), *others]


def conflict(random: Random) -> Conflict:
    """Give a conflict, certain or in doubt."""
    return random.choice([Conflict.CERTAIN, Conflict.DOUBT])
