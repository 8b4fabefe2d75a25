from __future__ import annotations

from dataclasses import replace
from statistics import median

from luwte.desk.wishes.rules import Source
from luwte.planner.parameters import ORIGIN, SWEEP, Parameters, varied
from luwte.planner.world import BEGINS, make_world

SMALL = Parameters(people=300)


def test_the_same_seed_gives_the_same_world_and_another_another() -> None:
    assert make_world(SMALL) == make_world(SMALL)
    assert make_world(SMALL).items != make_world(replace(SMALL, seed=2)).items


def test_circulation_is_heavy_tailed() -> None:
    world = make_world(Parameters())
    hits = [sum(one.source == Source.CASE for one in items) for items in world.of_each().values()]
    assert 170 <= hits[0] <= 250
    assert median(hits) == 0
    assert sum(hits[:100]) > sum(hits[100:])


def test_every_right_is_known_before_its_hearing_unless_a_match_was_confirmed_late() -> None:
    world = make_world(SMALL)
    rights = [one for one in world.items if one.source == Source.RIGHTS]
    assert rights
    assert sum(one.lapses is not None and one.at < one.lapses for one in rights) > 0.9 * len(rights)
    assert all(one.lapses is None for one in world.items if one.source != Source.RIGHTS)
    assert all(BEGINS <= one.at < world.ends for one in world.items)


def test_people_turn_twelve_sixteen_and_eighteen_within_the_year() -> None:
    world = make_world(Parameters())
    for age in (12, 16, 18):
        turned = [
            one for one in world.people.values() if one.age(BEGINS.date()) < age <= one.age(world.ends.date())
        ]
        assert len(turned) > 10


def test_every_number_but_the_size_has_an_origin_and_the_uncertain_ones_are_swept() -> None:
    named = set(Parameters.__dataclass_fields__) - {"people", "weeks", "seed"}
    assert named == set(ORIGIN)
    assert set(SWEEP) <= named
    assert [getattr(one, name) for name, value, one in varied(SMALL)] == [
        value for values in SWEEP.values() for value in values
    ]
