"""A clock that jumps back opens no link twice, lets in nobody who was shut out, and opens no glass."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from luwte.desk.accounts import accounts
from luwte.desk.accounts.errors import InvitationSpent
from luwte.desk.vault import break_glass
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import GlassClosed, LinkSpent, MayNotRead
from tests.support.desk import NOON, someone
from tests.support.stage import represented

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed", "quick_hashes"),
]
BACK = [timedelta(minutes=1), timedelta(hours=2), timedelta(days=40), timedelta(days=800)]
PASSWORD = "een-lang-wachtwoord-voor-de-proef"
ADA, BO = "staff:1", "staff:2"


@pytest.mark.parametrize("back", BACK)
def test_a_link_that_was_used_is_used(back: timedelta) -> None:
    noor = someone("Noor")
    token = vault.sign_in_link(noor.id, NOON)
    vault.redeem_link(token, NOON)
    for now in (NOON - back, NOON, NOON + back):
        with pytest.raises(LinkSpent):
            vault.redeem_link(token, now)


@pytest.mark.parametrize("back", BACK)
def test_a_link_of_a_clock_that_ran_ahead_waits_for_its_time_and_works_once(back: timedelta) -> None:
    """Nobody loses the way in by a clock that is set right; it does not become two ways."""
    noor = someone("Noor")
    token = vault.sign_in_link(noor.id, NOON)
    with pytest.raises(LinkSpent):
        vault.redeem_link(token, NOON - back)
    assert vault.redeem_link(token, NOON).person_id == noor.id
    with pytest.raises(LinkSpent):
        vault.redeem_link(token, NOON)


@pytest.mark.parametrize("back", BACK)
def test_a_link_of_the_past_voids_the_one_of_the_future(back: timedelta) -> None:
    noor = someone("Noor")
    first = vault.sign_in_link(noor.id, NOON)
    again = vault.sign_in_link(noor.id, NOON - back)
    with pytest.raises(LinkSpent):
        vault.redeem_link(first, NOON)
    assert vault.redeem_link(again, NOON - back).person_id == noor.id


def test_whose_mandate_does_not_hold_on_the_day_of_the_clock_sees_nothing() -> None:
    _, acting = represented("Noor")
    token = vault.sign_in_link_for(acting, NOON)
    before = vault.representative(acting).mandate.begins - timedelta(days=1)
    then = datetime(before.year, before.month, before.day, 12, tzinfo=NOON.tzinfo)
    with pytest.raises(MayNotRead):
        vault.sign_in_link_for(acting, then)
    with pytest.raises(LinkSpent):
        vault.redeem_link(token, then)


@pytest.mark.parametrize("back", BACK)
def test_an_invitation_is_used_once(back: timedelta) -> None:
    token = accounts.add("zorg", by="command", now=NOON)
    with pytest.raises(InvitationSpent):
        accounts.use_invitation(token, PASSWORD, NOON - back)
    accounts.use_invitation(token, PASSWORD, NOON)
    for now in (NOON - back, NOON):
        with pytest.raises(InvitationSpent):
            accounts.use_invitation(token, PASSWORD, now)


@pytest.mark.parametrize("back", BACK)
def test_an_invitation_of_the_past_voids_the_one_of_the_future(back: timedelta) -> None:
    first = accounts.add("zorg", by="command", now=NOON)
    again = accounts.invite("zorg", by="command", now=NOON - back)
    with pytest.raises(InvitationSpent):
        accounts.invited(first, NOON - back)
    assert accounts.invited(again, NOON - back) == "zorg"


def test_a_closed_account_stays_closed() -> None:
    token = accounts.add("zorg", by="command", now=NOON)
    accounts.close("zorg", by="command", now=NOON)
    for back in BACK:
        with pytest.raises(InvitationSpent):
            accounts.use_invitation(token, PASSWORD, NOON - back)


@pytest.mark.parametrize("back", BACK)
def test_who_was_approved_to_look_does_not_look_before_that(back: timedelta) -> None:
    request = break_glass.ask(someone("Noor").id, "spoed", by=ADA, now=NOON)
    break_glass.approve(request, by=BO, now=NOON)
    with pytest.raises(GlassClosed):
        break_glass.open_glass(request, by=ADA, now=NOON - back)
