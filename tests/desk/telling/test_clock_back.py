"""A clock that jumps back: nothing is told twice, the record keeps its order, and the check says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.audit import checkpoints
from luwte.desk.audit.checking import verify
from luwte.desk.audit.desk import DESK
from luwte.desk.findings.services import register
from luwte.desk.project.checks import record
from luwte.desk.telling import services
from luwte.desk.telling.models import Contact
from luwte.desk.wishes.rules import Channel, Choice, Rhythm
from luwte.exchange.home import Home
from tests.support.desk import NOON, KeepingChannel, report, someone, ways

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]
BACK = [timedelta(minutes=1), timedelta(hours=2), timedelta(days=40), timedelta(days=800)]


def tell(mail: KeepingChannel, now: datetime) -> None:
    services.tell(ManualClock(now), ways(mail))


@pytest.mark.parametrize("back", BACK)
def test_nothing_is_told_twice_and_nothing_is_lost(back: timedelta) -> None:
    mail = KeepingChannel()
    person = someone(
        choice=Choice(True, Rhythm.EACH, Channel.EMAIL), series="s-1", now=NOON - 900 * timedelta(1)
    )
    register(report({"s-1": {"a": (3, 0)}}, case="C-1"), NOON)
    tell(mail, NOON)
    assert len(mail.kept) == 1
    register(report({"s-1": {"b": (2, 0)}}, case="C-2"), NOON - back)
    for hours in (0, 1):
        tell(mail, NOON - back + timedelta(hours=hours))
    told_early = len(mail.kept)
    assert told_early <= 2
    for days in (7, 14, 21):
        tell(mail, NOON + timedelta(days=days))
    assert len(mail.kept) == 2, "each finding was told once"
    assert Contact.objects.filter(subject=person.subject, state="done").count() == 2


def test_the_record_keeps_the_order_in_which_things_were_done(home: Path) -> None:
    key = checkpoints.signer(Home.open(home).identity, DESK)
    mail = KeepingChannel()
    someone(choice=Choice(True, Rhythm.EACH, Channel.EMAIL), series="s-1", now=NOON - timedelta(days=9))
    register(report({"s-1": {"a": (3, 0)}}, case="C-1"), NOON)
    tell(mail, NOON)
    first = checkpoints.checkpoint(DESK, key, NOON)
    register(report({"s-1": {"b": (3, 0)}}, case="C-2"), NOON - timedelta(days=1))
    second = checkpoints.checkpoint(DESK, key, NOON - timedelta(days=1))
    found = verify(DESK, key.verifier, [first.encode(), second.encode()])
    assert (found.problems, found.checkpoints) == ((), 2)
    leaves = list(DESK.place.objects.order_by("place").values_list("leaf", flat=True))
    assert leaves == sorted(leaves)


def test_the_check_says_it_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    register(report({"s-1": {"a": (3, 0)}}, case="C-1"), NOON)
    for ahead, found in ((timedelta(0), 0), (-timedelta(hours=1), 1)):
        clock = ManualClock(NOON + ahead)
        monkeypatch.setattr(record, "SystemClock", lambda clock=clock: clock)
        said = [one.msg for one in record.the_clock_is_not_behind()]
        assert len(said) == found
    assert said == [
        "The clock of this machine (2026-03-02 11:00 UTC) is before the newest act of the desk's record "
        "(2026-03-02 12:00 UTC)."
    ]
