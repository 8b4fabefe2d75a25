from __future__ import annotations

import pytest

from luwte.desk.findings import services as register
from luwte.desk.review import authority, services
from luwte.desk.review.beliefs import NOTHING_DECIDED, Company, Tally, band
from luwte.desk.review.floors import NO_FLOOR, Floor
from luwte.desk.review.hours import Limits
from luwte.desk.review.learning import prior
from luwte.desk.review.queue import waiting
from luwte.desk.review.rules import Answer
from luwte.desk.review.services import Question
from luwte.desk.review.status import below, status
from luwte.desk.review.values import Stake
from tests.support.desk import NOON, cluster, cluster_id, report
from tests.support.exchange import NOON as MADE
from tests.support.review import MINUTE, Given, agree, asked, look, reported, reviewers

pytestmark = pytest.mark.django_db
C, R, U = Answer.CONFIRMED, Answer.REJECTED, Answer.CANNOT_TELL
LOW = Floor(only=20, first=100, more=500, sample=0)


@pytest.fixture(autouse=True)
def floor() -> None:
    """No sample, so that a test says which cluster is asked; and all day to look."""
    authority.set_floor(LOW, "lead", NOON)
    authority.set_limits(
        Limits(from_hour=0, to_hour=24, minutes_a_day=1440, items_a_day=500, minutes_in_a_row=1440)
    )


def seen(name: str) -> tuple[Company, int, int, int, int]:
    """Return what the desk knows of an open cluster."""
    one = next(each for each in waiting(Given(), NOON) if each.cluster == cluster_id(name)).seen
    return one.company, one.confirmed, one.rejected, one.for_it, one.against


def test_a_desk_learns_from_all_that_was_answered_by_band_and_forgets_what_is_undone() -> None:
    reviewers("Wim", "Ria", "Bo")
    assert prior() == NOTHING_DECIDED
    reported(cluster("x", "a", likelihood=700), cluster("y", "b", series="s-2", likelihood=700))
    agree(C, "Wim", "Ria")
    look("Wim", R, NOON + 10 * MINUTE)
    where = band(700, Company.ALONE)
    assert prior().bands == {where: Tally(1, 2, 1400)}
    assert prior().kinds == {Company.ALONE: Tally(1, 2, 1400)}
    look("Ria", C, NOON + 20 * MINUTE)
    assert prior().bands == {where: Tally(1, 1, 700)}  # two who differ: not known
    look("Bo", U, NOON + 30 * MINUTE)
    assert prior().bands == {where: Tally(1, 1, 700)}  # unclear
    services.undo(cluster_id("x"), "lead", "a slip", NOON)
    assert prior() == NOTHING_DECIDED


def test_company_is_what_labs_found_in_the_case_whatever_reviewers_said() -> None:
    others = [cluster(f"t{place}", f"t{place}", series=f"t-{place}") for place in range(3)]
    found = [cluster(name, name, likelihood=300) for name in "abcdefg"]
    reported(*found[:4], *others)
    assert seen("a")[0] == Company.ALONE
    reported(*found[:5], *others, made=MADE + MINUTE)
    assert seen("a")[0] == Company.SOME
    reported(*found, *others, made=MADE + 2 * MINUTE)
    assert seen("a")[0] == Company.MANY
    register.settle_cluster(cluster_id("b"), "rejected", NOON)
    assert seen("a")[0] == Company.MANY
    register.register(report({"s-1": {"z": (1, 0)}}, made=MADE + 3 * MINUTE), NOON)
    assert seen("a")[0] == Company.KNOWN
    reported(cluster("h", "h", likelihood=300), case="C-2")
    assert seen("h")[0] == Company.ALONE


def test_decided_clusters_of_the_entry_count_in_its_case_alone() -> None:
    reported(cluster("x", "a"), cluster("y", "a"), cluster("z", "a"))
    reported(cluster("v", "a"), case="C-2")
    register.settle_cluster(cluster_id("x"), "rejected", NOON)
    register.settle_cluster(cluster_id("y"), "confirmed", NOON)
    assert seen("z")[1:3] == (1, 1)
    assert seen("v")[1:3] == (0, 0)


def test_below_the_floor_a_cluster_is_not_asked_counted_and_comes_back() -> None:
    reviewers("Wim")
    reported(cluster("x", "a", likelihood=90), cluster("y", "b", series="s-2", likelihood=100))
    found = asked("Wim")
    assert isinstance(found, Question)
    assert found.cluster == cluster_id("y")
    services.stop("Wim", NOON)
    counts = status(Given(), NOON)
    assert (counts.waiting, counts.below) == (1, 1)
    (low,) = below(Given(), NOON)
    assert (low.cluster, low.likelihood, round(low.belief, 9)) == (cluster_id("x"), 90, 0.09)
    reported(cluster("x", "a", likelihood=101), made=MADE + MINUTE)
    assert status(Given(), NOON).below == 0
    reported(cluster("x", "a", likelihood=90), made=MADE + 2 * MINUTE)
    assert status(Given(), NOON).below == 1
    assert status(Given(rest=Stake(True, only=True)), NOON).below == 0
    assert status(Given(rest=Stake(True, settled=True)), NOON).below == 2
    assert status(Given(rest=Stake()), NOON).below == 0
    authority.set_floor(NO_FLOOR, "lead", NOON)
    assert status(Given(), NOON).below == 0


def test_what_nothing_judged_is_asked_until_answers_on_such_teach_otherwise() -> None:
    reviewers("Wim")
    names = [f"u{place}" for place in range(50)]
    reported(
        *(cluster(name, name, series=f"s-{name}", likelihood=0) for name in names),
        cluster("y", "b", likelihood=300),
    )
    found = asked("Wim")
    assert isinstance(found, Question)
    assert found.likelihood == 0, "as likely as not goes before 30 %"
    services.stop("Wim", NOON)
    assert status(Given(), NOON).below == 0
    moments = (NOON + 2 * place * MINUTE for place in range(100))
    answered = 0
    while isinstance(found := asked("Wim", now := next(moments)), Question):
        services.answer("Wim", found.cluster, R, now + MINUTE)
        answered += 1
    assert 30 < answered < 51, "the rest sank with those that were rejected"
    assert status(Given(), now).waiting == 0


def test_what_the_sample_below_the_floor_found_is_counted() -> None:
    authority.set_floor(Floor(only=20, first=100, more=500, sample=1000), "lead", NOON)
    reviewers("Wim", "Ria")
    reported(
        cluster("x", "a", likelihood=9),
        cluster("y", "b", series="s-2", likelihood=9),
        cluster("z", "c", series="s-3", likelihood=300),
    )
    agree(C, "Wim", "Ria")
    counts = status(Given(), NOON + 30 * MINUTE)
    assert (counts.confirmed, counts.sampled) == (1, 0), "what lay above the floor is none of the sample"
    look("Wim", R, NOON + 30 * MINUTE)
    agree(C, "Wim", "Ria", now=NOON + 60 * MINUTE)
    counts = status(Given(), NOON + 90 * MINUTE)
    assert (counts.sampled, counts.sampled_confirmed) == (2, 1)


def test_one_who_rejects_what_is_unlikely_is_enough_to_let_it_lie_but_decides_nothing() -> None:
    reviewers("Wim", "Ria", "Bo")
    reported(cluster("x", "a", likelihood=300))
    assert look("Wim", R) is None
    assert not isinstance(asked("Ria"), Question)
    counts = status(Given(), NOON)
    assert (counts.below, counts.rejected) == (1, 0)
    services.undo(cluster_id("x"), "lead", "another look", NOON)
    assert look("Ria", C, NOON + 5 * MINUTE) is None
    assert look("Wim", R, NOON + 10 * MINUTE) is None
    assert look("Bo", C, NOON + 15 * MINUTE) == "confirmed"  # two who differ are never left alone


def test_many_strangers_let_a_band_sink_below_the_floor() -> None:
    reviewers("Wim")
    reported(*[cluster(f"n{place}", f"n{place}", series=f"t-{place}", likelihood=155) for place in range(9)])
    for place in range(5):
        look("Wim", R, NOON + 2 * place * MINUTE)
    assert not isinstance(asked("Wim", NOON + 20 * MINUTE), Question)
    assert (status(Given(), NOON).below, status(Given(), NOON).waiting) == (9, 0)
