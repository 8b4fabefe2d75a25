from __future__ import annotations

import time
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from luwte.desk.telling import rules
from luwte.desk.telling.values import Decision, Outcome, Reason
from luwte.planner import desk, ours
from luwte.planner.drawing import plot
from luwte.planner.measures import Figures, measure
from luwte.planner.parameters import Parameters
from luwte.planner.world import make_world
from luwte.planner.year import OURS, POLICIES, compare

SMALL = Parameters(people=250)


@pytest.fixture(scope="module")
def year() -> dict[str, Figures]:
    """The figures of one small world."""
    return compare(SMALL)


def test_the_same_seed_gives_the_same_year(year: dict[str, Figures]) -> None:
    assert compare(SMALL) == year
    assert compare(replace(SMALL, seed=2)) != year


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_gets_more_than_they_chose_or_what_they_did_not_want(seed: int) -> None:
    world = make_world(replace(SMALL, people=100, top=6, tail=0.7, seed=seed))
    found = measure(world, ours.run(world))
    assert found.contacts > 100
    assert (found.unwanted, found.over, found.most) == (0, 0, 1)
    assert found.rights == found.used + found.left + sum(found.missed.values())


def test_the_others_flood_or_lose_rights_or_both(year: dict[str, Figures]) -> None:
    default, threshold = year["American default"], year["American threshold of five"]
    assert default.most >= 10
    assert default.unwanted > default.contacts / 4
    assert threshold.missed["below_threshold"] > 0
    assert "below_threshold" not in default.missed
    assert year["plain digest"].most == 1
    assert year["plain digest"].unwanted > 0
    assert year[OURS].mended > 0
    assert all(year[name].mended == 0 for name in POLICIES if name != OURS)


def test_a_planted_bug_in_the_rules_shows_in_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that tell without looking at the wish: the measure does not take the rules at their word."""

    def careless(*values: object) -> list[Decision]:
        found: list[Decision] = rules.plan(*values)  # type: ignore[arg-type]
        return [_tells(one) if one.reason == Reason.NOT_WANTED else one for one in found]

    monkeypatch.setattr(desk, "plan", careless)
    world = make_world(SMALL)
    found = measure(world, ours.run(world))
    assert found.unwanted > 0
    assert found.over > 0


def _tells(decision: Decision) -> Decision:
    return replace(decision, outcome=Outcome.TELL, reason=Reason.DUE)


def test_a_year_for_a_thousand_people_takes_far_less_than_a_minute() -> None:
    begins = time.process_time()
    compare(Parameters())
    assert time.process_time() - begins < 30


def test_the_plot_says_in_words_what_it_draws(year: dict[str, Figures]) -> None:
    svg = plot(year, 250, 52)
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    told = root.findtext(f"{space}desc") or ""
    for name in POLICIES:
        assert f"{name} {year[name].most}" in told
    texts = [one.text for one in root.iter(f"{space}text")]
    assert str(year["American default"].unwanted) in texts
    assert not list(root.iter(f"{space}script"))
