"""A review desk for tests: what hangs on places, given as it is, and reviewers who look in turn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from luwte.desk.findings import services as register
from luwte.desk.review import people, services
from luwte.desk.review.hours import NotNow
from luwte.desk.review.ports import Place
from luwte.desk.review.rules import Answer, Outcome
from luwte.desk.review.services import Question
from luwte.desk.review.values import Stake
from luwte.exchange.report_model import ClusterFinding
from tests.support.desk import NOON, cluster_id, report

MINUTE = timedelta(minutes=1)
HEARD = Stake(heard=True)


@dataclass
class Given:
    """The port with what a test says: by series, for all others `rest`. Keeps what it was asked."""

    rest: Stake = HEARD
    by_series: Mapping[str, Stake] = field(default_factory=dict)
    asked: list[Place] = field(default_factory=list)

    def __call__(self, places: Collection[Place], now: datetime) -> Mapping[Place, Stake]:
        """Return what the test said."""
        self.asked += places
        return {place: self.by_series.get(place[0], self.rest) for place in places}


def reviewers(*names: str) -> None:
    """Add reviewers."""
    for name in names:
        people.add(name, NOON)


def reported(*clusters: ClusterFinding, case: str = "C-1", now: datetime = NOON, **changes: object) -> None:
    """Take in a report with `clusters`, in which each entry has as many near files as its clusters."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for one in clusters:
        name = bytes.fromhex(one.entry).lstrip(b"\0").decode()
        before = found.setdefault(one.series, {}).get(name, (0, 0))[1]
        found[one.series][name] = (0, before + one.files)
    register.register(report(found, case=case, clusters=clusters, **changes), now)  # type: ignore[arg-type]


def asked(name: str, now: datetime = NOON, given: Given | None = None) -> Question | NotNow:
    """Return what is put before a reviewer."""
    return services.next_for(name, given or Given(), now)


def look(name: str, answer: Answer, now: datetime = NOON, given: Given | None = None) -> Outcome | None:
    """Let a reviewer take the next cluster and answer it within a minute."""
    found = asked(name, now, given)
    assert isinstance(found, Question), found
    return services.answer(name, found.cluster, answer, now + MINUTE)


def agree(answer: Answer, *names: str, now: datetime = NOON) -> None:
    """Let reviewers `names`, each in turn, give `answer` on the next cluster."""
    for place, name in enumerate(names):
        look(name, answer, now + place * 2 * MINUTE)


def ids(*names: str) -> list[str]:
    """Return the ids of clusters by their short names."""
    return [cluster_id(name) for name in names]
