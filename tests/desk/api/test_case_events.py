"""Events of cases: kept once, in any order, of nobody; and telling finds whom they are about."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.api.models import Notice
from luwte.desk.audit.models import Leaf
from luwte.desk.cases.models import Announcement, Event
from luwte.desk.findings.services import link_series, register, unlink_series
from luwte.desk.telling import services as telling
from luwte.desk.telling.announced import spread
from luwte.desk.telling.models import Agenda, SafetyAlert
from luwte.desk.vault import services as vault
from tests.support.desk import NOON, report, someone
from tests.support.interface import HEARING, Machine

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def test_an_event_is_kept_once_and_of_nobody(machine: Machine) -> None:
    token = machine.let_in("cases:write")
    one, two = (machine.announce(token, HEARING) for _ in range(2))
    assert (one.status, two.status) == (201, 200)
    assert one.json() == two.json()
    assert one.json()["at"] == "2026-03-09T10:00:00Z"
    assert machine.ask("GET", one.headers["location"], token=token).json() == one.json()
    assert (Announcement.objects.count(), Notice.objects.count(), Event.objects.count()) == (1, 1, 0)
    assert Leaf.objects.filter(act="cases.event-announced").count() == 1


def test_moments_of_every_zone_are_one(machine: Machine) -> None:
    """ADR /core/date-time/timezone: any offset comes in, UTC goes out."""
    token = machine.let_in()
    for at in ("2026-03-09T10:00:00Z", "2026-03-09T12:00:00+02:00", "2026-03-09T04:30:00.000-05:30"):
        assert machine.announce(token, HEARING | {"at": at}).json()["at"] == "2026-03-09T10:00:00Z"
    assert Announcement.objects.count() == 1


def test_what_stands_with_another_end_is_refused(machine: Machine) -> None:
    token = machine.let_in()
    right = {"case": "C-1", "source": "rights", "kind": "claim", "at": "2026-02-01T00:00:00Z"}
    assert machine.announce(token, right | {"lapses": "2026-06-01T00:00:00Z"}).status == 201
    other = machine.announce(token, right | {"lapses": "2026-07-01T00:00:00Z"})
    assert (other.status, other.json()["type"]) == (409, "urn:luwte:problem:event-differs")


def test_telling_finds_whom_it_is_about(machine: Machine, clock: ManualClock) -> None:
    """Of someone with a finding that counts (T12), not of who has a near one alone or is in another case."""
    noor, piet, mila = (someone(name, series=f"s-{name}") for name in ("Noor", "Piet", "Mila"))
    register(report({"s-Noor": {"a": (1, 0)}, "s-Piet": {"b": (0, 3)}}, case="C-1"), NOON)
    register(report({"s-Mila": {"c": (1, 0)}}, case="C-2"), NOON)
    machine.announce(machine.let_in(), HEARING)
    assert spread(clock.now()) == 1
    event = Event.objects.get()
    assert (event.subject, event.kind, event.case.number) == (noor.subject, "hearing", "C-1")
    assert {piet.subject, mila.subject}.isdisjoint(Event.objects.values_list("subject", flat=True))
    assert spread(clock.now()) == 0, "and only once"


def test_an_event_that_came_first_waits_for_the_finding(machine: Machine, clock: ManualClock) -> None:
    noor = someone(series="s-1")
    machine.announce(machine.let_in(), HEARING)
    assert spread(clock.now()) == 0
    register(report({"s-1": {"a": (1, 0)}}, case="C-1"), NOON)
    Agenda.objects.all().delete()
    assert spread(clock.now()) == 1
    assert Agenda.objects.get().subject == noor.subject, "the planner looks again"


def test_a_series_says_whom_it_is_about(machine: Machine, clock: ManualClock) -> None:
    noor, _piet = someone("Noor", series="s-1"), someone("Piet", series="s-2")
    register(report({"s-1": {"a": (1, 0)}, "s-2": {"b": (1, 0)}}, case="C-1"), NOON)
    machine.announce(machine.let_in(), HEARING | {"series": "s-1"})
    assert spread(clock.now()) == 1
    assert Event.objects.get().subject == noor.subject


def test_a_release_becomes_an_alert(machine: Machine, clock: ManualClock) -> None:
    """T14: of the source safety alone, and through the same alerts."""
    someone(series="s-1")
    register(report({"s-1": {"a": (1, 0)}}, case="C-1"), NOON)
    release = {"case": "C-1", "source": "safety", "kind": "release", "at": "2026-03-04T08:00:00Z"}
    machine.announce(machine.let_in(), release)
    assert spread(clock.now()) == 1
    assert SafetyAlert.objects.count() == 1


def test_a_round_of_telling_spreads(machine: Machine, clock: ManualClock) -> None:
    someone(series="s-1")
    register(report({"s-1": {"a": (1, 0)}}, case="C-1"), NOON)
    machine.announce(machine.let_in(), HEARING)
    telling.tell(clock, {})
    assert Event.objects.count() == 1


def test_who_was_erased_gets_no_event(machine: Machine, clock: ManualClock) -> None:
    noor = someone(series="s-1")
    register(report({"s-1": {"a": (1, 0)}}, case="C-1"), NOON)
    machine.announce(machine.let_in(), HEARING)
    vault.erase(noor.id, now=clock.now())
    assert spread(clock.now()) == 0


def test_who_is_no_longer_shown_gets_no_event(machine: Machine, clock: ManualClock) -> None:
    noor = someone(series="s-1")
    register(report({"s-1": {"a": (1, 0)}}, case="C-1"), NOON)
    unlink_series(noor.subject, "s-1", NOON)
    machine.announce(machine.let_in(), HEARING)
    assert spread(clock.now()) == 0
    link_series(noor.subject, "s-1", NOON)
    assert spread(clock.now()) == 1


def test_late_events_and_any_order(machine: Machine, clock: ManualClock) -> None:
    token = machine.let_in()
    days = [9, 2, 5]
    for day in days:
        at = (datetime.fromisoformat("2026-01-01T00:00:00+00:00") + timedelta(days=day)).isoformat()
        assert machine.announce(token, HEARING | {"kind": "charge", "at": at}).status == 201
    assert Announcement.objects.count() == 3
