from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench import hard_negatives, recognition_page
from bench.alterations import saved
from bench.edits import EDITS, GROUPS, Edit
from bench.methods import WIDEST, Method, Query, methods
from bench.paintings import painted
from bench.recognition import Alike, Asked, Column, Measured, chosen, interval
from tests.support.drawn import drawn

TITLES = (
    "PDQ, at 31",
    "8 forms and boxes, at 31",
    "8 forms and boxes, wide 70",
    "all stages, same picture or near",
)


def test_the_battery_has_at_least_sixty_edits_each_with_its_own_name() -> None:
    assert len(EDITS) >= 60
    assert len({edit.name for edit in EDITS}) == len(EDITS)
    assert {edit.group for edit in EDITS} == set(GROUPS)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.group}-{edit.name}")
def test_an_edit_changes_the_picture_the_same_way_each_time(edit: Edit) -> None:
    picture, other = drawn(3, 320, 240), drawn(4, 320, 240)
    before = picture.tobytes()
    once, again = edit.of(picture, other, 5), edit.of(picture, other, 5)
    assert once.mode == "RGB"
    assert once.size == again.size
    assert once.tobytes() == again.tobytes()
    assert (once.size, once.tobytes()) != (picture.size, before)
    assert picture.tobytes() == before


def test_paintings_and_families_are_the_same_each_time_and_differ_by_seed() -> None:
    assert painted(7).tobytes() == painted(7).tobytes()
    assert painted(7).tobytes() != painted(12).tobytes()
    for family in hard_negatives.FAMILIES:
        one, other = hard_negatives.members(family, 2, 2)
        again, _ = hard_negatives.members(family, 2, 2)
        assert one.tobytes() == again.tobytes()
        assert one.tobytes() != other.tobytes()


def test_methods_find_what_they_are_for() -> None:
    pictures = [drawn(seed, 480, 360) for seed in range(4)]
    ways = methods([Query(saved(picture, 95)) for picture in pictures])
    found = {}
    for name in ("JPEG 40", "flip left right", "white border", "turn 30, cut"):
        edit = next(one for one in EDITS if one.name == name)
        query = Query(saved(edit.of(pictures[2], pictures[0], 1)))
        answers = [way.ask(query) for way in ways]
        assert all(far <= WIDEST for answer in answers for far in answer.values())
        found[name] = [
            way.name
            for way, answer in zip(ways, answers, strict=True)
            if answer.get(2, math.inf) <= (way.limits[0] or 0)
        ]
    closely = ["local codes", "all stages"]
    assert found == {
        "JPEG 40": ["PDQ", "8 forms", "8 forms and boxes", *closely],
        "flip left right": ["8 forms", "8 forms and boxes", *closely],
        "white border": ["8 forms and boxes", *closely],
        "turn 30, cut": closely,
    }


def test_garments_of_one_cloth_are_never_the_same_picture() -> None:
    sets = [hard_negatives.members("same garment", number, 2) for number in range(3)]
    *_, local, every = methods([Query(saved(one, 95)) for one, _ in sets])
    queries = [Query(saved(other)) for _, other in sets]
    answers = [local.ask(query) for query in queries]
    assert any(answers)
    assert all(far >= 1 for answer in answers for far in answer.values())
    assert answers[0].keys() <= every.ask(queries[0]).keys()


def test_the_wide_net_is_the_widest_that_holds_the_rate() -> None:
    way = Method("PDQ", lambda _: {}, (31, None))
    false = [(90.0,), (60.0, 71.0), (72.0, 99.0), ()]
    asked = [Asked(0, 0, (3.0,), (far,)) for far in false]
    nets = {allowed: chosen([way], asked, allowed * 250_000)[1][2] for allowed in (0, 1, 3)}
    assert nets == {0: 59, 1: 70, 3: 89}
    assert chosen([way], asked, 10**8)[1][2] == WIDEST
    assert chosen([way], asked, 1)[0][2] == 31


@pytest.mark.parametrize(
    ("false", "pairs", "low", "high"),
    [
        (0, 1000, 0.0, 3e-3),
        (1, 100, 2.5314e-4, 5.4459e-2),
        (10, 100, 4.9005e-2, 0.17622),
        (5, 10**7, 1.623e-7, 1.1668e-6),
    ],
)
def test_the_interval_is_that_of_clopper_and_pearson(false: int, pairs: int, low: float, high: float) -> None:
    assert list(interval(false, pairs)) == pytest.approx([low, high], rel=1e-3)


def test_the_page_and_its_plot_say_what_was_measured(tmp_path: Path) -> None:
    shares = tuple(np.linspace(0, 1, len(EDITS)).tolist())
    columns = tuple(Column(title, 31, shares, 2, 4_000_000) for title in TITLES)
    run = Measured("drawn", 9, 40, columns, (Alike("texture", 240, (1, 22, 333)),))
    recognition_page.write(tmp_path, [run], ["Processor: one."])
    page = (tmp_path / "recognition-measured.md").read_text()
    assert "| texture | 240 | 1 | 22 | 333 |" in page
    assert "| PDQ, at 31 | 2 | 4,000,000 | 6.1e-08 to 1.8e-06 |" in page
    assert all(f"| {edit.group}: {edit.name} |" in page for edit in EDITS)
    plot = ElementTree.fromstring((tmp_path / "recognition-measured.svg").read_text())
    assert len(plot.findall("{http://www.w3.org/2000/svg}rect")) == 1 + 4 + 4 * len(GROUPS)


@pytest.mark.parametrize(
    ("share", "false", "met"),
    [(1.0, 3, [True, True, True]), (0.98, 0, [True, True, False]), (1.0, 5, [True, True, False])],
)
def test_a_row_is_met_by_what_is_found_and_by_few_false_pairs(
    share: float, false: int, met: list[bool]
) -> None:
    columns = tuple(Column(title, 31, (share,) * len(EDITS), false, 4_000_000) for title in TITLES)
    rows = recognition_page.rows(Measured("drawn", 9, 40, columns, ()), "-photos")
    assert [row.id for row in rows] == ["P12-A-photos", "P12-A-wide-photos", "P12-photos"]
    assert [row.met for row in rows] == met
    assert all(f"{false} false in 4.0 M pairs" in row.work for row in rows)
    assert [row.met for row in recognition_page.rows(Measured("drawn", 9, 40, _half(columns), ()))] == [
        False
    ] * 3


def _half(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(replace(column, recall=(0.5,) * len(EDITS)) for column in columns)
