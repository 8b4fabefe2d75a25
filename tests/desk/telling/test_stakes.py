from __future__ import annotations

from datetime import date, timedelta

import pytest

from luwte.desk.cases.models import Case
from luwte.desk.findings.services import register
from luwte.desk.review.values import Stake
from luwte.desk.telling import services
from luwte.desk.telling.stakes import stakes
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Mandate
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Choice, Source
from tests.support.desk import NOON, report, someone

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring"),
]

DAY = timedelta(days=1)
TOLD, NOT_TOLD = Choice(True), Choice(False)


def hangs(series: str = "s-1", case: str = "C-1") -> Stake:
    """Return what hangs on a series in a case; the empty stake when it is left out."""
    row, _ = Case.objects.get_or_create(number=case, defaults={"opened": NOON})
    return stakes({(series, row.id)}, NOON).get((series, row.id), Stake())


def test_only_who_wants_to_hear_is_worth_a_look() -> None:
    assert hangs() == Stake()
    someone("Asked never", series="s-2")
    someone("Refused", series="s-3", choice=NOT_TOLD)
    someone("Wants", series="s-1", choice=TOLD)
    assert (hangs("s-2"), hangs("s-3"), hangs("s-1")) == (Stake(), Stake(), Stake(heard=True, only=True))


def test_a_wish_that_was_withdrawn_or_ended_counts_no_more() -> None:
    noor = someone("Noor", series="s-1", choice=TOLD)
    wishes.withdraw(noor.subject, now=NOON)
    assert hangs() == Stake()
    someone("Bo", series="s-2", choice=Choice(True, until=date(2026, 3, 5)), now=NOON)
    assert hangs("s-2").heard
    row = Case.objects.get(number="C-1")
    assert stakes({("s-2", row.id)}, NOON + 9 * DAY) == {}


def test_a_wish_for_another_source_is_none_for_cases() -> None:
    noor = someone("Noor", series="s-1")
    services.set_wish(
        noor.id, Source.RIGHTS, TOLD, set_by="Wim", conversation="gesprek", now=NOON, assessment="A-1"
    )
    assert hangs() == Stake()


def test_a_standing_mandate_counts_while_it_holds() -> None:
    noor = someone("Noor", series="s-1", choice=NOT_TOLD)
    mandate = {"role": "lawyer", "begins": date(2026, 1, 1), "channel": "portal", "standing": True}
    acting = vault.add_representative(noor.id, Mandate("Riet", **mandate))  # type: ignore[arg-type]
    assert hangs() == Stake(heard=True, only=True)
    vault.end_mandate(acting, date(2026, 3, 1))
    assert hangs() == Stake()


def test_nothing_hangs_on_who_died_or_was_erased() -> None:
    noor, bo = (someone(name, series=f"s-{name}", choice=TOLD) for name in ("Noor", "Bo"))
    assert hangs("s-Noor").heard
    assert hangs("s-Bo").heard
    services.deceased(noor.id, NOON)
    vault.erase(bo.id)
    assert (hangs("s-Noor"), hangs("s-Bo")) == (Stake(), Stake())


def test_what_may_be_told_already_is_settled_in_that_case_alone() -> None:
    someone("Noor", series="s-1", choice=TOLD)
    register(report({"s-1": {"a": (1, 0)}}), NOON)
    register(report({"s-1": {"a": (0, 4)}}, case="C-2"), NOON)
    assert (hangs(), hangs(case="C-2")) == (Stake(True, settled=True), Stake(True))
    someone("Bo", series="s-1", choice=TOLD)
    assert hangs().settled
    assert not hangs(case="C-2").only
    someone("Zoë", series="s-2", choice=TOLD)
    register(report({"s-2": {"b": (0, 4)}}), NOON)
    assert not hangs("s-2").settled


def test_the_first_right_that_lapses_in_the_case_is_said() -> None:
    noor = someone("Noor", series="s-1", choice=TOLD)
    for kind, days, case in (("claim", 40, "C-1"), ("statement", 9, "C-1"), ("advance", 2, "C-2")):
        services.record_event(
            noor.id, case, Source.RIGHTS, kind, at=NOON - DAY, lapses=NOON + days * DAY, now=NOON
        )
    services.record_event(
        noor.id, "C-1", Source.RIGHTS, "complaint", at=NOON - 2 * DAY, lapses=NOON - DAY, now=NOON
    )
    assert hangs() == Stake(True, right=NOON + 9 * DAY, only=True)
    assert hangs(case="C-3") == Stake(True, only=True)


def test_it_says_of_nobody_who() -> None:
    noor = someone("Noor", series="s-1", choice=TOLD)
    said = repr(hangs())
    assert noor.subject not in said
    assert noor.id not in said
