from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench import hard_negatives, recognition_page
from bench.alterations import saved
from bench.asking import AS_IT_IS, Asked, dealt
from bench.edits import EDITS, GROUPS, Edit
from bench.intervals import interval
from bench.methods import WIDEST, Limit, Method, methods
from bench.paintings import painted
from bench.queries import Query, listed
from bench.recognition import Alike, Column, Errors, Measured, Size, chosen, measure
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
    ways = methods([listed(Query(saved(picture, 95))) for picture in pictures])
    found = {}
    for name in ("JPEG 40", "flip left right", "white border", "turn 30, cut"):
        edit = next(one for one in EDITS if one.name == name)
        query = Query(saved(edit.of(pictures[2], pictures[0], 1)))
        answers = [way.ask(query) for way in ways]
        assert all(far <= WIDEST for answer in answers[:3] for far in answer.values())
        found[name] = [
            way.name
            for way, answer in zip(ways, answers, strict=True)
            if answer.get(2, math.inf) <= (way.limits[0].far or 0)
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
    *_, local, every = methods([listed(Query(saved(one, 95))) for one, _ in sets])
    queries = [Query(saved(other)) for _, other in sets]
    answers = [local.ask(query) for query in queries]
    assert any(answers)
    same = local.limits[0].far
    assert same is not None
    assert all(far > same for answer in answers for far in answer.values())
    assert answers[0].keys() <= every.ask(queries[0]).keys()


def test_the_wide_net_is_the_widest_that_holds_the_rate() -> None:
    way = Method("PDQ", lambda _: {}, (Limit(31), Limit(None)))
    false = [((5, 90.0),), ((6, 60.0), (7, 71.0)), ((5, 72.0), (8, 89.0)), ()]
    asked = [Asked(0, 0, (3.0,), (far,)) for far in false]
    nets = {allowed: chosen([way], asked, allowed * 250_000)[1].far for allowed in (0, 1, 3)}
    assert nets == {0: 59, 1: 70, 3: 88}
    assert chosen([way], asked, 10**8)[1].far == WIDEST
    assert chosen([way], asked, 1)[0].far == 31


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
    columns = tuple(Column(title, 31, shares, Errors(2, 4_000_000, 1, 1_000_000)) for title in TITLES)
    longer = Column("all stages, near", -9, shares, Errors(3, 4_000_000, 3, 1_000_000), 10_000_000)
    alike = (Alike("texture", 240, (1, 22, 333, 4, 5)),)
    samples = tuple(range(3, 3 + len(EDITS)))
    run = Measured("drawn", 9, 40, 12, samples, 77, (*columns, longer), alike)
    recognition_page.write(tmp_path, [run], ["Processor: one."])
    page = (tmp_path / "recognition-measured.md").read_text()
    assert "| texture | 240 | 1 | 22 | 333 | 4 |" in page
    low, high = interval(2, 4_000_000)
    of_kind = "1 of 1,000,000 | 2.5e-08 to 5.6e-06"
    assert f"| PDQ, at 31 | 2 | 4,000,000 | {low:.1e} to {high:.1e} | {of_kind} |" in page
    assert "| all stages, near | 10,000,000 | 0.500 | 3 | 4,000,000 | 1.5e-07 to 2.2e-06 | 7.5, " in page
    assert "77 queries of the reported half, 3 to 79 samples of each edit" in page
    assert "12 of the list are drawn, the others drawn" in page
    assert all(f"| {edit.group}: {edit.name} | {3 + place} |" in page for place, edit in enumerate(EDITS))
    plot = ElementTree.fromstring((tmp_path / "recognition-measured.svg").read_text())
    assert len(plot.findall("{http://www.w3.org/2000/svg}rect")) == 1 + 4 + 4 * len(GROUPS)


@pytest.mark.parametrize(
    ("share", "false", "met"),
    [(1.0, 0, [True, True, True]), (0.98, 0, [True, True, False]), (1.0, 1, [True, True, False])],
)
def test_a_row_is_met_by_what_is_found_and_by_few_false_pairs_at_most(
    share: float, false: int, met: list[bool]
) -> None:
    errors = Errors(false, 4_000_000, 0, 0)
    columns = tuple(Column(title, 31, (share,) * len(EDITS), errors) for title in TITLES)
    rows = recognition_page.rows(_run(columns), "-photos")
    assert [row.id for row in rows] == ["P12-A-photos", "P12-A-wide-photos", "P12-photos"]
    assert [row.met for row in rows] == met
    assert all(f"{false} false in 4.0 M pairs" in row.work for row in rows)
    assert [row.met for row in recognition_page.rows(_run(_half(columns)))] == [False] * 3


def test_an_edit_that_was_not_sampled_counts_for_nothing() -> None:
    recall = (1.0, math.nan, *([0.5] * (len(EDITS) - 2)))
    column = Column("PDQ, at 31", 31, recall, Errors(0, 1, 0, 1))
    assert column.whole == pytest.approx((1 + 0.5 * (len(EDITS) - 2)) / (len(EDITS) - 1))


def test_edits_are_dealt_evenly_in_either_half_and_the_same_each_time() -> None:
    hands = dealt(154, 7)
    assert hands == dealt(154, 7)
    assert all(hand[0] == AS_IT_IS and len(set(hand)) == 8 for hand in hands)
    for half in (hands[::2], hands[1::2]):
        counts = Counter(edit for hand in half for edit in hand)
        assert counts.pop(AS_IT_IS) == 77
        assert set(counts) == set(range(len(EDITS)))
        assert max(counts.values()) - min(counts.values()) <= 1
    assert hands[::2] != hands[1::2]
    assert dealt(1, 1000) == [(AS_IT_IS, *range(len(EDITS)))]


def test_a_run_counts_what_it_asked_and_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.recognition.SETS", 1)
    monkeypatch.setattr(hard_negatives, "FAMILIES", {"texture": hard_negatives.texture})
    size = Size(sources=4, each=3, gallery=12)
    run = measure(size, tmp_path)
    assert (run.sources, run.gallery, run.own, run.reported) == (4, 12, 12, 8)
    assert sum(run.samples) == 6
    assert all(column.errors.pairs == 8 * 11 for column in run.columns)
    assert [column.longer for column in run.columns if column.title.startswith("all")] == [0, 10**6, 10**7]
    assert run.columns[-3].whole >= run.columns[0].whole
    answers = next(tmp_path.glob("answers-*.jsonl"))
    whole = answers.read_bytes()
    answers.write_bytes(whole[: len(whole) // 2])
    again = measure(size, tmp_path)
    assert again == run
    kept = whole[: whole.rindex(b"\n", 0, len(whole) // 2) + 1]
    assert answers.read_bytes().startswith(kept)
    assert sorted(answers.read_bytes().splitlines()) == sorted(whole.splitlines())


def _run(columns: tuple[Column, ...]) -> Measured:
    return Measured("drawn", 9, 40, 40, (1,) * len(EDITS), len(EDITS), columns, ())


def _half(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(replace(column, recall=(0.5,) * len(EDITS)) for column in columns)
