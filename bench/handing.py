"""P9: hand-overs of the outbox beside the durable commits of the same database; P8 through the database."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.rows import Row

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TARGET = 0.5


def rows(people: int) -> Iterator[Row]:
    """Return planning through SQLite, and hand-overs in the portal and by e-mail beside its commits.

    The desk stands in a folder of its own that goes afterwards; the e-mails go nowhere: what is measured is
    the record of them.
    """
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        os.environ["LUWTE_HOME"] = folder
        from luwte.desk.project import ready

        ready.init()
        _sign_texts()
        for way in ("portal", "email"):
            _people(people, way)
            planned = _seconds(_plan)
            if way == "portal":
                yield _planning(people, planned)
            commits = people / _seconds(lambda: _commits(people))
            handed = _seconds(_hand_over)
            yield _handing(way, people / handed, commits)


def _people(number: int, way: str) -> None:
    """Add people who want to hear by `way`, each with a finding."""
    from luwte.desk.findings.models import Finding, Touched
    from luwte.desk.telling import services
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.vault import services as vault
    from luwte.desk.vault.rules import EMAIL, Identity, Reach
    from luwte.desk.wishes.rules import Channel, Choice, Rhythm, Source

    choice, case = Choice(True, Rhythm.EACH, Channel(way)), _case(way)
    born = date(1990, 1, 1)
    for one in range(number):
        reach = Reach(EMAIL, f"{way}{one}@bench.example")
        person = vault.add_person(Identity(f"{way} {one}", born, born), reach)
        services.set_wish(
            person,
            Source.CASE,
            choice,
            set_by="bench",
            conversation="bench",
            assessment="bench",
            now=_before(),
        )
        subject = subject_of(person)
        Finding.objects.create(
            subject=subject, case=case, identical=1, registered=_before(), updated=_before()
        )
        Touched.objects.create(subject=subject)


def _case(way: str) -> Any:
    from luwte.desk.cases.models import Case

    return Case.objects.create(number=way, opened=_before())


def _sign_texts() -> None:
    from luwte.desk.words.registry import templates
    from luwte.desk.words.services import sign

    for template in sorted({one.id for one in templates()}):
        for reader in ("First Reader", "Second Reader"):
            sign(template, None, reader, "bench", NOW)


def _plan() -> None:
    from luwte.desk.telling import planner

    planner.notice(NOW)
    planner.plan_due(NOW, _ways())


def _hand_over() -> None:
    from luwte.base.clock import ManualClock
    from luwte.desk.telling.outbox import Outbox

    handled = Outbox(_ways(), ManualClock(NOW)).hand_over_all()
    if not handled:
        raise RuntimeError("Nothing was handed over: the bench measures nothing.")


def _commits(number: int) -> None:
    """Update one row, each time in a transaction of its own, as durably as the desk does."""
    from django.db import transaction

    from luwte.desk.cases.models import Case

    for one in range(number):
        with transaction.atomic():
            Case.objects.update(opened=_before() + timedelta(seconds=one))


def _ways() -> Any:
    from luwte.desk.telling.channels.portal import PortalChannel
    from luwte.desk.wishes.rules import Channel

    return {Channel.PORTAL: PortalChannel(), Channel.EMAIL: _Nowhere()}


class _Nowhere:
    """A channel that takes everything at once."""

    idempotent = False

    def deliver(self, _envelope: object) -> Any:
        """Say that it was delivered."""
        from luwte.desk.telling.channels.port import Fate, Receipt

        return Receipt(Fate.DELIVERED, "nowhere")


def _planning(people: int, seconds: float) -> Row:
    speed = people / seconds
    work = f"plan and record {people:,} people through SQLite: decisions a second"
    return Row(
        "P8-desk", work, "none", speed, None, None, speed / 20_000, ">= 20,000 a second", speed >= 20_000
    )


def _handing(way: str, handed: float, commits: float) -> Row:
    ratio = handed / commits
    work = f"outbox hand-overs, {way}, SQLite (a second)"
    return Row(
        f"P9-{way}", work, "none", handed, None, commits, ratio, ">= 0.5 of durable commits", ratio >= TARGET
    )


def _before() -> datetime:
    return NOW - timedelta(days=1)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
