"""The review desk lives random histories as docs/rules.md says, and every planted bug is caught."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from luwte.desk.findings import counting, quarantine, remembered, said
from luwte.desk.findings import rules as counts
from luwte.desk.findings import services as register
from luwte.desk.findings.models import Cluster, ClusterFiles, Remembered, ReportReceipt
from luwte.desk.findings.rules import Tally
from luwte.desk.findings.said import Fallen
from luwte.desk.review import hours, queue, rules, services, values
from luwte.exchange.report import Report
from tests.model.review import Broken, live

pytestmark = pytest.mark.django_db

SEEDS = range(10)
Patch = pytest.MonkeyPatch


@pytest.mark.parametrize("seed", SEEDS)
def test_a_history_breaks_nothing(seed: int) -> None:
    live(seed, 80)


def one_is_enough(patch: Patch) -> None:
    patch.setattr(rules, "AGREE", 1)


def never_a_third(patch: Patch) -> None:
    patch.setattr(rules, "LOOKS", 2)


def the_same_reviewer_twice(patch: Patch) -> None:
    patch.setattr(queue, "_passed", lambda only: {})


def undo_keeps_the_count(patch: Patch) -> None:
    settle = register.settle_cluster
    patch.setattr(register, "settle_cluster", lambda name, found, now: found and settle(name, found, now))


def rejected_counts(patch: Patch) -> None:
    decided = counting._decided

    def bug(case: str, series: list[str]) -> Any:
        confirmed, _ = decided(case, series)
        rows = ClusterFiles.objects.filter(receipt__case=case, cluster__series__in=series)
        for row in rows.filter(cluster__outcome="rejected").select_related("cluster"):
            confirmed[row.receipt_id, row.cluster.series][row.cluster.entry] = row.files
        return confirmed, _

    patch.setattr(counting, "_decided", bug)


def remembered_counts_twice(patch: Patch) -> None:
    def bug(tallies: Collection[Tally]) -> Tally:
        return Tally(*(max(one[kind] for one in tallies) for kind in range(4)))

    patch.setattr(counts, "highest", bug)


def what_rests_on_it_counts_on(patch: Patch) -> None:
    patch.setattr(remembered, "in_case", lambda case, series: {})


def what_rests_on_it_never_comes_back(patch: Patch) -> None:
    patch.setattr(remembered, "_fallen", lambda clusters, files: Fallen(near=files))


def an_old_list_counts_after_the_undo(patch: Patch) -> None:
    take_in = remembered.take_in

    def bug(report: Report, receipt: ReportReceipt) -> None:
        take_in(report, receipt)
        stands = Cluster.objects.filter(outcome="confirmed").values("pk")
        rows = Remembered.objects.filter(receipt=receipt).exclude(cluster__in=stands)
        patch.setattr(remembered, "in_case", _without(remembered.in_case, {row.receipt_id for row in rows}))

    patch.setattr(remembered, "take_in", bug)


def _without(real: Callable[..., Any], receipts: Collection[str]) -> Callable[..., Any]:
    def found(case: str, series: Collection[str]) -> Any:
        return {place: gone for place, gone in real(case, series).items() if place[0] not in receipts}

    return found


def other_cases_are_not_counted_anew(patch: Patch) -> None:
    def bug(entries: set[str]) -> set[tuple[str, str]]:
        rows = ClusterFiles.objects.filter(cluster__entry__in=entries)
        cases = rows.values_list("receipt__case", "cluster__series")
        series = {name for _, name in cases}
        return {
            (who, case) for who, name in counting.linked(series) for case, other in cases if other == name
        }

    patch.setattr(quarantine, "findings_with", bug)
    patch.setattr(register, "_rested", lambda clusters, now: set())


def what_the_list_itself_knows_falls_too(patch: Patch) -> None:
    def bug(counts: Sequence[int], fallen: Fallen) -> tuple[int, int, int]:
        identical, near, same = counts
        return (identical, near, same) if fallen == Fallen() else (0, near + identical, same)

    patch.setattr(said, "_less", bug)


def limit_ignored(name: str, value: object) -> Callable[[Patch], None]:
    """Return a bug: one limit is not looked at."""

    def bug(patch: Patch) -> None:
        real = hours.not_now

        def without(limits: hours.Limits, *rest: Any) -> hours.NotNow | None:
            fields = {one: getattr(limits, one) for one in hours.Limits.__slots__}
            return real(hours.Limits(**fields | {name: value}), *rest)

        patch.setattr(services, "not_now", without)

    return bug


def consent_is_not_asked(patch: Patch) -> None:
    waiting = queue.waiting

    def bug(*facts: Any, **only: Any) -> list[values.Candidate]:
        return [replace(one, stakes=(values.Stake(True),)) for one in waiting(*facts, **only)]

    patch.setattr(services, "waiting", bug)


def what_is_lost_never_comes_back(patch: Patch) -> None:
    patch.setattr(services, "_lapse", lambda now: None)


def what_was_refused_comes_again(patch: Patch) -> None:
    patch.setattr(queue, "REFUSED", "none")


def pauses_count_as_work(patch: Patch) -> None:
    patch.setattr(hours, "MINUTE", timedelta(seconds=30))


BUGS: dict[str, Callable[[Patch], None]] = {
    "a single decision is enough": one_is_enough,
    "disagreement goes to nobody": never_a_third,
    "the same reviewer looks twice": the_same_reviewer_twice,
    "undo keeps what was confirmed": undo_keeps_the_count,
    "what was rejected is counted": rejected_counts,
    "what is remembered counts twice": remembered_counts_twice,
    "what rests on an undone decision counts on": what_rests_on_it_counts_on,
    "what rests on a decision never comes back": what_rests_on_it_never_comes_back,
    "an old list counts after the undo": an_old_list_counts_after_the_undo,
    "other cases are not counted anew": other_cases_are_not_counted_anew,
    "what the list itself knows falls too": what_the_list_itself_knows_falls_too,
    "the budget is ignored": limit_ignored("minutes_a_day", 24 * 60),
    "items a day are ignored": limit_ignored("items_a_day", 24 * 60),
    "the pause is ignored": limit_ignored("minutes_in_a_row", 24 * 60),
    "hours are ignored": limit_ignored("to_hour", 24),
    "acute work does not come first": limit_ignored("acute", False),
    "consent is not asked": consent_is_not_asked,
    "what is lost never comes back": what_is_lost_never_comes_back,
    "what was refused comes again": what_was_refused_comes_again,
    "minutes are counted as half ones": pauses_count_as_work,
}


@pytest.mark.parametrize("name", BUGS)
def test_each_planted_bug_is_caught(monkeypatch: Patch, name: str) -> None:
    BUGS[name](monkeypatch)
    assert any(_breaks(seed) for seed in SEEDS)


def _breaks(seed: int) -> bool:
    """Whether a history shows the bug: in what the desk does, or by the database that refuses it."""
    try:
        with transaction.atomic():
            try:
                live(seed, 80)
            finally:
                transaction.set_rollback(True)
    except (Broken, DatabaseError):
        return True
    return False
