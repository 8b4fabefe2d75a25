from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench import review_page, review_runs
from bench.review import every_set, review, shares
from bench.review_assumed import ORIGIN, SWEEP, Assumed, varied
from bench.review_copies import Copy
from bench.review_values import ALL, FIELD, LEVERS, LUWTE, NONE, REASONS, Result, Way
from bench.review_world import File, World, chances, draw, likelihood_of, near_score
from luwte.desk.review.floors import Floor
from luwte.lab.recognition.likelihood import Evidence
from luwte.lab.recognition.model import default_model

CERTAIN = Assumed(people=2, cases=3, references=10, seconds=30.0, skim=0.0, wrong=0.0, bundle_days=30)
SCAN = Way(by_field=False, reasons=NONE, twice=True)
ENTRY = 3
PDQ = bytes([85]) * 32


def _file(name: str, *, near: bool = True, true: bool = True, times: int = 1, pdq: bytes = PDQ) -> File:
    return File(
        ENTRY,
        0,
        name.encode().ljust(32),
        pdq,
        true,
        not near,
        True,
        "near" if near else "identical",
        900,
        times,
        True,
    )


def _world(*carriers: tuple[int, Sequence[File]], heard: bool = True, assumed: Assumed = CERTAIN) -> World:
    found = tuple((day, tuple(files)) for day, files in carriers)
    return World(assumed, found, (heard, heard), {ENTRY: PDQ})


def _with(*reasons: str) -> Way:
    return replace(SCAN, reasons=frozenset(reasons))


def _copy(platform: bool, fast: int | None = 4) -> Copy:
    close = None if fast is not None else Evidence(None, 30, 0.9, 20)
    return Copy(0, "edit", platform, PDQ, bytes([86]) * 32, True, fast, close, 16, fast is not None)


def test_a_baseline_looks_once_at_each_match_and_equal_rigour_twice() -> None:
    world = _world((0, [_file("a", near=False, times=3), _file("b", times=2)]))
    once, twice = review(world, FIELD), review(world, replace(FIELD, twice=True))
    assert (once.looks, once.minutes, once.findings, once.files) == (5, 2.5, 1, 5)
    assert (twice.looks, twice.findings) == (10, 1)
    assert review(world, replace(FIELD, once_a_carrier=True)).looks == 2


def test_an_identical_file_needs_no_look_and_confirms_the_finding() -> None:
    found = review(_world((0, [_file("a", near=False, times=3)])), _with("identical"))
    assert (found.looks, found.findings, found.by_review, found.files) == (0, 1, 0, 3)


def test_a_cluster_is_one_question_for_all_its_files() -> None:
    far = bytes([51]) * 32
    world = _world((0, [_file("a"), _file("b", times=4), _file("c", pdq=far)]))
    found = review(world, _with("cluster"))
    assert (found.asked, found.looks, found.files) == (2, 4, 6)
    assert review(world, SCAN).asked == 6


def test_what_was_decided_is_not_asked_again_and_a_rejected_copy_neither() -> None:
    again = _world((0, [_file("a")]), (40, [_file("a")]))
    found = review(again, _with("memory"))
    assert (found.looks, found.findings, found.by_review) == (2, 2, 1)
    assert review(again, SCAN).looks == 4
    copy = bytes([84]) + PDQ[1:]
    strangers = [(0, [_file("a", true=False)]), (40, [_file("b", true=False, pdq=copy)])]
    assert review(_world(*strangers), _with("memory")).looks == 2
    early = [strangers[0], (10, strangers[1][1])]
    assert review(_world(*early), _with("memory")).looks == 4
    boxed = [(day, [replace(files[0], whole=False)]) for day, files in strangers]
    assert review(_world(*boxed), _with("memory")).looks == 4


def test_consent_first_leaves_what_nobody_may_hear_and_counts_it() -> None:
    world = _world((0, [_file("a")]), (1, [_file("b", near=False)]), heard=False)
    found = review(world, _with("consent", "identical"))
    assert (found.looks, found.findings, found.unheard, found.waiting) == (0, 1, 1, 0)


def test_a_budget_takes_what_is_news_first_and_counts_what_waits() -> None:
    tight = replace(CERTAIN, minutes_a_day=1)
    settled = [_file("a", near=False), _file("b")]
    world = _world((360, settled), (360, [_file("c")]), (360, [_file("d")]), assumed=tight)
    found = review(world, _with("identical", "budget"))
    assert found.findings == 3
    assert (found.news, found.more, found.open, found.waiting) == (4, 0, 1, 0)  # two looks a day, of two days
    late = _world((363, settled), (363, [_file("c")]), assumed=tight)
    assert review(late, _with("identical", "budget")).waiting == 1  # the last days are a weekend


def test_a_finding_by_review_is_as_late_as_its_second_answer() -> None:
    found = review(_world((5, [_file("a")])), LUWTE)  # a Saturday
    assert found.days[0] == pytest.approx(2 + 9 / 24, abs=0.01)


def test_a_wrong_answer_brings_a_third_look_and_never_counts_as_a_finding() -> None:
    wrong = replace(CERTAIN, wrong=1.0)
    stranger = review(_world((0, [_file("a", true=False)]), assumed=wrong), SCAN)
    assert (stranger.findings, stranger.wrongly, stranger.chance) == (0, 1, 2)
    unlucky = review(_world((0, [_file("a")]), assumed=wrong), SCAN)
    assert (unlucky.findings, unlucky.refused) == (0, 1)
    doubtful = _world((0, [_file("a", times=400)]), assumed=replace(CERTAIN, wrong=0.3))
    assert 2.2 < review(doubtful, SCAN).looks / 400 < 2.7


def test_a_floor_asks_nothing_below_it_and_counts_what_lies_there() -> None:
    world = _world((0, [_file("a")]), (1, [_file("b", times=3)]))
    assert review(world, replace(LUWTE, floor=Floor(890, 890, 890, 0))).findings == 2
    found = review(world, replace(LUWTE, floor=Floor(990, 990, 990, 0)))
    assert (found.looks, found.below, found.waiting, found.low, found.low_files) == (0, 2, 0, 2, 4)
    assert review(world, replace(LUWTE, floor=Floor(990, 990, 990, 1000))).findings == 2


def test_a_first_answer_lets_a_stranger_lie_and_without_that_lever_it_is_asked_twice() -> None:
    unlikely = [replace(_file("a", true=False), likelihood=200)]
    world = _world((0, unlikely))
    assert review(world, LUWTE).looks == 1
    assert review(world, replace(LUWTE, levers=LUWTE.levers - {"answer"})).looks == 2


def test_a_band_of_strangers_sinks() -> None:
    def stranger(number: int) -> File:
        return replace(_file(f"{number}", true=False), entry=number, likelihood=160)

    carriers = [(14 * round_, [stranger(8 * round_ + place) for place in range(8)]) for round_ in range(3)]
    world = replace(_world(*carriers), listed=dict.fromkeys(range(24), PDQ))
    learns = replace(LUWTE, floor=Floor(100, 100, 500, 0))
    deaf = replace(learns, levers=LUWTE.levers - {"bands"})
    assert review(world, learns).looks < review(world, deaf).looks


def test_what_is_accepted_needs_no_look() -> None:
    world = _world((0, [replace(_file("a"), verdict="same_picture")]))
    found = review(world, replace(LUWTE, accepted=True))
    assert (found.looks, found.findings) == (0, 1)
    assert review(world, LUWTE).looks == 2


def test_a_copy_of_a_confirmed_file_is_counted_when_it_is_asked_again() -> None:
    copy = bytes([84]) + PDQ[1:]
    world = _world((0, [_file("a")]), (7, [_file("b", pdq=copy)]))
    assert review(world, LUWTE).again == 1
    assert review(_world((0, [_file("a")]), (7, [_file("b", pdq=bytes([51]) * 32)])), LUWTE).again == 0


def test_shares_multiply_to_the_whole_and_give_a_lone_reason_all() -> None:
    lone = {some: 100.0 if "memory" in some else 800.0 for some in every_set()}
    assert shares(lone) == pytest.approx({name: 8.0 if name == "memory" else 1.0 for name in REASONS})
    both = {some: 10.0 if {"cluster", "budget"} <= some else 90.0 for some in every_set()}
    found = shares(both)
    assert found["cluster"] == pytest.approx(found["budget"]) == pytest.approx(3.0)
    assert np.prod([*found.values()]) == pytest.approx(both[NONE] / both[ALL])


def test_the_score_of_a_near_picture_is_where_the_model_has_it() -> None:
    model = default_model()
    for references in (1_000, 1_000_000):
        assert likelihood_of(model, near_score(model, references), references) == pytest.approx(
            0.05, rel=1e-6
        )
    rates = chances([_copy(platform=True)], model, 100_000)
    assert rates.fast == pytest.approx(16 * rates.field)
    assert chances([_copy(platform=True)], model, 200_000).field == pytest.approx(2 * rates.field)


def test_a_drawn_world_follows_from_its_seed_and_what_is_assumed() -> None:
    assumed = Assumed(people=20, cases=30, references=400, unknown=200_000)
    measured = [_copy(platform=True), _copy(platform=False, fast=None)]
    world = draw(assumed, measured, default_model())
    assert world == draw(assumed, measured, default_model())
    assert world != draw(replace(assumed, seed=2), measured, default_model())
    files = [file for _, some in world.carriers for file in some]
    assert {file.verdict for file in files if file.true} == {"identical", "near", "same_picture"}
    assert any(not file.true for file in files)
    distances = {
        int(
            np.bitwise_count(
                np.frombuffer(file.pdq, np.uint8) ^ np.frombuffer(world.listed[file.entry], np.uint8)
            ).sum()
        )
        for file in files
        if file.true
    }
    assert distances == {0, 64}  # the copies' own, whatever an entry turns over
    assert not [file for file in files if not file.true and file.identical]


def test_each_number_says_where_it_is_from_and_a_sweep_changes_one() -> None:
    assert {*ORIGIN, "seed"} == set(Assumed.__slots__)
    for name, value, world in varied(Assumed()):
        assert replace(world, **{name: getattr(Assumed(), name)}) == Assumed()
        assert getattr(world, name) == value
    assert len([*varied(Assumed())]) == 2 * len(SWEEP)


def test_the_page_its_plot_and_rows_say_what_was_measured(tmp_path: Path) -> None:
    ours = Result(20, 10.0, 1000, 5, 4000, 1, 2, 3, 4, 5, (0.5, 2.0), 10, 6, 12, 5, 3)
    peer = replace(ours, minutes=1500.0)
    model = default_model()
    steps = {name: ours if name == review_runs.OURS else peer for name in review_runs.STEPS}
    sets = {some: ours if some else peer for some in every_set()}
    rates = chances([_copy(platform=True)], model, 1000)
    levers = dict.fromkeys(LEVERS, ours)
    floors = {Floor(): ours, Floor(0, 0, 0, 0): peer}
    settings = {5: ours}, {(0.2, 5): ours}, floors, levers, levers
    changed = [("want", 0.5, peer, ours)]
    found = {"battery: fast pass": 0.5}
    run = review_runs.Measured(Assumed(), model, found, rates, steps, sets, *settings, changed)
    review_page.write(tmp_path, run, ["Processor: one."])
    page = (tmp_path / "review-measured.md").read_text()
    assert "**10 minutes of review for 1,000 confirmed findings, against 1,500 with" in page
    assert "150.0 times fewer" in page
    assert "A budget of 5 min a day would confirm 1,000 findings too" in page
    assert "| want = 0.5 | 1,500 | 10 | 150.0 | 1,000 | 1,000 | 3 | 4 | 0 |" in page
    assert "| 20 / 100 / " in page
    plot = ElementTree.fromstring((tmp_path / "review-measured.svg").read_text())
    assert len(plot.findall("{http://www.w3.org/2000/svg}rect")) == 1 + len(steps) + 1
    floors_plot = ElementTree.fromstring((tmp_path / "review-measured-floors.svg").read_text())
    assert len(floors_plot.findall("{http://www.w3.org/2000/svg}circle")) == len(floors)
    assert [(row.id, row.met) for row in review_page.rows(run)] == [
        ("P12-review", True),
        ("P12-review-rigour", True),
    ]
    slow = replace(run, steps=steps | {review_runs.OURS: replace(ours, minutes=20.0)})
    assert [row.met for row in review_page.rows(slow)] == [False, False]
