from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.desk.audit.acts import Act
from luwte.desk.vault import break_glass, services
from luwte.desk.vault.errors import GlassClosed, GlassUnknown, PersonUnknown
from luwte.desk.vault.models import BreakGlass, Leaf
from luwte.desk.vault.rules import Identity
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

ADA, BO = "staff:1", "staff:2"
REASON = "moeder belt, spoed"


@pytest.fixture
def noor() -> str:
    return services.add_person(Identity("Noor"))


@pytest.fixture
def request_id(noor: str) -> str:
    return break_glass.ask(noor, REASON, by=ADA, now=NOON)


def test_two_people_open_it_for_an_hour_and_all_is_on_record(noor: str, request_id: str) -> None:
    assert break_glass.approve(request_id, by=BO, now=NOON) == NOON + break_glass.OPEN_FOR
    last = NOON + break_glass.OPEN_FOR - timedelta(seconds=1)
    assert break_glass.open_glass(request_id, by=ADA, now=NOON).identity.name == "Noor"
    break_glass.open_glass(request_id, by=ADA, now=last)
    (found,) = break_glass.requests(noor)
    assert (found.asked_by, found.approved_by, found.opened, found.reason) == (ADA, BO, NOON, REASON)
    rows = Leaf.objects.filter(act__startswith="vault.glass").order_by("id")
    assert [row.act for row in rows] == [Act.GLASS_ASKED, Act.GLASS_APPROVED, *[Act.GLASS_OPENED] * 2]
    assert {row.about for row in rows} == {noor}


def test_the_reason_is_sealed(request_id: str) -> None:
    row = BreakGlass.objects.get(pk=request_id)
    leaves = b"".join(bytes(leaf.content or b"") for leaf in Leaf.objects.all())
    assert REASON.encode() not in bytes(row.sealed) + leaves


@pytest.mark.parametrize(
    ("by", "after", "match"),
    [
        (ADA, timedelta(0), "another person"),
        (BO, break_glass.APPROVED_WITHIN, "more than a day old"),
        (BO, -timedelta(seconds=1), "a clock that ran ahead"),
    ],
)
def test_who_may_not_approve(request_id: str, by: str, after: timedelta, match: str) -> None:
    with pytest.raises(GlassClosed, match=match):
        break_glass.approve(request_id, by=by, now=NOON + after)
    with pytest.raises(GlassClosed, match="Nobody approved"):
        break_glass.open_glass(request_id, by=ADA, now=NOON + after)


def test_approving_twice_does_not_lengthen_the_hour(request_id: str) -> None:
    break_glass.approve(request_id, by=BO, now=NOON)
    with pytest.raises(GlassClosed, match="already"):
        break_glass.approve(request_id, by="staff:3", now=NOON + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("by", "after", "match"),
    [
        (BO, timedelta(0), "Only whoever asked"),
        (ADA, break_glass.OPEN_FOR, "is over"),
        (ADA, -timedelta(seconds=1), "is over"),
    ],
)
def test_who_may_not_open(request_id: str, by: str, after: timedelta, match: str) -> None:
    break_glass.approve(request_id, by=BO, now=NOON)
    with pytest.raises(GlassClosed, match=match):
        break_glass.open_glass(request_id, by=by, now=NOON + after)
    assert not Leaf.objects.filter(act=Act.GLASS_OPENED).exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\nb"])
def test_a_reason_is_needed(noor: str, reason: str) -> None:
    with pytest.raises(GlassClosed, match="reason"):
        break_glass.ask(noor, reason, by=ADA, now=NOON)


def test_nobody_opens_what_is_not_there(noor: str, request_id: str) -> None:
    with pytest.raises(PersonUnknown):
        break_glass.ask("0" * 32, REASON, by=ADA, now=NOON)
    with pytest.raises(GlassUnknown):
        break_glass.approve("0" * 32, by=BO, now=NOON)
    services.erase(noor)
    with pytest.raises(GlassUnknown):
        break_glass.approve(request_id, by=BO, now=NOON)
