from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from luwte.desk.wishes.rules import PERSON, Source
from luwte.planner.others import american_default, american_threshold, plain_digest, run
from luwte.planner.parameters import Parameters
from luwte.planner.people import Someone
from luwte.planner.world import BEGINS, DAY, Item, World, make_world

WORLD = make_world(Parameters(people=1))
ADULT = replace(
    next(iter(WORLD.people.values())),
    born=(BEGINS - 30 * 365 * DAY).date(),
    around=(),
    informed=True,
    seen_before=0,
    fails={PERSON: BEGINS + 900 * DAY},
)


def finding(case: int, day: int, sure: bool = True) -> Item:
    """A finding in `case` on day `day`."""
    at = BEGINS + day * DAY
    return Item(at, f"finding-{case}", ADULT.subject, Source.CASE, case, at if sure else None)


def right(case: int, day: int, hearing: int) -> Item:
    """The right to join the claim before the hearing on day `hearing`."""
    at = BEGINS + day * DAY
    return Item(at, f"rights-{case}", ADULT.subject, Source.RIGHTS, case, at, BEGINS + hearing * DAY)


def world(*items: Item, person: Someone = ADULT) -> World:
    """One person, and these items."""
    return World(WORLD.parameters, {person.subject: person}, items)


def test_default_tells_everything_at_once_each_on_its_own() -> None:
    found = run(american_default, world(finding(1, 3), right(1, 20, 60), finding(2, 3), finding(3, 9, False)))
    assert [len(one.items) for one in found.contacts] == [1, 1, 1]
    assert found.withheld == {"not_confirmed": 1}


def test_threshold_tells_the_first_and_then_from_the_fifth_case() -> None:
    items = [finding(case, case) for case in range(1, 7)]
    told = [item.id for moment, item in american_threshold(ADULT, items) if moment]
    assert told == ["finding-1", "finding-5", "finding-6"]
    told = [item.id for moment, item in american_threshold(replace(ADULT, seen_before=1), items) if moment]
    assert told == ["finding-4", "finding-5", "finding-6"]
    found = run(american_threshold, world(*items[:2], right(2, 30, 90)))
    assert found.why["rights-2"] == "below_threshold"


def test_digest_is_one_message_on_the_first_of_the_month() -> None:
    found = run(plain_digest, world(finding(1, 0), finding(2, 5), finding(3, 40)))
    assert [(one.at, len(one.items)) for one in found.contacts] == [
        (datetime(2027, 2, 1, 9, tzinfo=UTC), 2),
        (datetime(2027, 3, 1, 9, tzinfo=UTC), 1),
    ]
    december = [moment for moment, _ in plain_digest(ADULT, [finding(1, 340)])]
    assert december == [datetime(2028, 1, 1, 9, tzinfo=UTC)]


def test_what_goes_to_a_failed_address_is_lost() -> None:
    lost = replace(ADULT, fails={PERSON: BEGINS + timedelta(days=10)})
    found = run(american_default, world(finding(1, 3), finding(2, 20), finding(3, 30), person=lost))
    assert [one.arrived for one in found.contacts] == [True, False, False]
    assert len(found.lost) == 1
    assert found.mended == 0
