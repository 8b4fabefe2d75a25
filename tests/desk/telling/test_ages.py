"""T10 by example: the ladder, unknown birth dates, 29 February, and who must have chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luwte.desk.telling.ages import Circle, Stage, stage_on
from luwte.desk.telling.values import (
    Authority,
    Born,
    Conflict,
    Kind,
    Ladder,
    Life,
    Mandate,
    Reason,
    Recipient,
)
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Source, Wish

AMSTERDAM, NOON = ZoneInfo("Europe/Amsterdam"), datetime(2026, 3, 2, 12, tzinfo=UTC)
CHILD, YOUNG, ALONE, ADULT = date(2018, 1, 1), date(2012, 1, 1), date(2009, 1, 1), date(1990, 1, 1)


def born(day: date) -> Born:
    """Return a birth date that is known."""
    return Born(day, day)


def representative(
    name: str, kind: Kind = Kind.PARENT, *, holder: bool = True, ends: date | None = None
) -> Recipient:
    """Return a representative."""
    mandate = Mandate(kind, date(2020, 1, 1), ends, Channel.PORTAL, holder)
    return Recipient("s", AMSTERDAM, name, mandate=mandate)


MUM, DAD = representative("mum"), representative("dad")
CURATOR = representative("curator", Kind.CURATOR, holder=False)


def circle(
    day: date, *around: Recipient, authority: Authority = Authority.JOINT, now: datetime = NOON
) -> Circle:
    """Return someone born on `day` among those around."""
    person = Recipient("s", AMSTERDAM, life=Life(born(day), authority))
    return Circle(person, around, Ladder(), now)


def reason(found: Circle, *by: str, since: datetime = NOON) -> Reason | None:
    """Return what the check of consent says of a wish chosen by `by`."""
    return found.obstacle(Wish("s", Source.CASE, 1, since, Choice(True), frozenset(by)))


@pytest.mark.parametrize(
    ("birth", "day", "stage"),
    [
        (date(2014, 9, 12), date(2026, 9, 11), Stage.CHILD),
        (date(2014, 9, 12), date(2026, 9, 12), Stage.BOTH),
        (date(2010, 9, 12), date(2026, 9, 11), Stage.BOTH),
        (date(2010, 9, 12), date(2026, 9, 12), Stage.ALONE),
        (date(2008, 11, 30), date(2026, 11, 29), Stage.ALONE),
        (date(2008, 11, 30), date(2026, 11, 30), Stage.ADULT),
        (date(2027, 1, 1), date(2026, 11, 30), Stage.CHILD),
        (date(2008, 2, 29), date(2026, 2, 27), Stage.ALONE),
        (date(2008, 2, 29), date(2026, 2, 28), None),
        (date(2008, 2, 29), date(2026, 3, 1), Stage.ADULT),
        (date(2008, 2, 29), date(2024, 2, 28), Stage.BOTH),
        (date(2008, 2, 29), date(2024, 2, 29), Stage.ALONE),
        (date(2008, 2, 29), date(2025, 2, 28), Stage.ALONE),
    ],
)
def test_a_stage_begins_on_the_birthday(birth: date, day: date, stage: Stage | None) -> None:
    assert stage_on(born(birth), Ladder(), day) == stage


@pytest.mark.parametrize(
    ("between", "stage"),
    [
        (Born(), None),
        (Born(None, ADULT), Stage.ADULT),
        (Born(ADULT, None), None),
        (Born(CHILD, None), Stage.CHILD),
        (Born(None, CHILD), None),
        (Born(date(2008, 3, 2), date(2008, 3, 2)), Stage.ADULT),
        (Born(date(2008, 3, 2), date(2008, 3, 3)), None),
        (Born(date(2008, 3, 3), date(2010, 3, 2)), Stage.ALONE),
    ],
)
def test_an_age_that_may_be_two_is_unknown(between: Born, stage: Stage | None) -> None:
    assert stage_on(between, Ladder(), NOON.date()) == stage


def test_the_ladder_is_data() -> None:
    assert stage_on(born(date(2012, 1, 1)), Ladder(12, 14, 21), NOON.date()) == Stage.ALONE


@pytest.mark.parametrize(
    ("day", "by", "expected"),
    [
        (CHILD, {"mum", "dad"}, None),
        (CHILD, {"mum"}, Reason.CONSENT_MISSING),
        (CHILD, {PERSON}, Reason.CONSENT_MISSING),
        (YOUNG, {"mum", "dad", PERSON}, None),
        (YOUNG, {"mum", "dad"}, Reason.CONSENT_MISSING),
        (YOUNG, {PERSON, "mum"}, Reason.CONSENT_MISSING),
        (ALONE, {PERSON}, None),
        (ALONE, {"mum", "dad"}, Reason.CONSENT_MISSING),
        (ADULT, {PERSON}, None),
        (ADULT, {"mum", "dad"}, Reason.CONSENT_MISSING),
    ],
)
def test_who_must_have_chosen(day: date, by: set[str], expected: Reason | None) -> None:
    assert reason(circle(day, MUM, DAD), *by) == expected


@pytest.mark.parametrize(
    ("authority", "around", "clear"),
    [
        (Authority.JOINT, (MUM, DAD), True),
        (Authority.JOINT, (MUM,), False),
        (Authority.SHARED, (MUM, DAD), True),
        (Authority.SHARED, (DAD,), False),
        (Authority.SOLE, (MUM,), True),
        (Authority.SOLE, (), False),
        (Authority.GUARDIANSHIP, (representative("g", Kind.GUARDIAN),), True),
        (Authority.GUARDIANSHIP, (representative("g", Kind.GUARDIAN, holder=False),), False),
        (Authority.NONE_NOW, (MUM, DAD), False),
        (Authority.UNCLEAR, (MUM, DAD), False),
        (Authority.JOINT, (MUM, replace(DAD, conflict=Conflict.CERTAIN)), False),
        (Authority.JOINT, (MUM, replace(DAD, conflict=Conflict.DOUBT)), False),
        (Authority.JOINT, (MUM, replace(DAD, informed=False)), False),
        (Authority.JOINT, (MUM, representative("dad", ends=date(2026, 3, 1))), False),
        (Authority.JOINT, (MUM, representative("dad", ends=date(2026, 3, 2))), True),
    ],
)
def test_when_it_is_clear_who_speaks_for_a_child(
    authority: Authority, around: tuple[Recipient, ...], clear: bool
) -> None:
    found = reason(circle(CHILD, *around, authority=authority), "mum", "dad", "g")
    assert found == (None if clear else Reason.AUTHORITY_UNCLEAR)


def test_a_curator_comes_instead_of_the_parents() -> None:
    found = circle(CHILD, replace(MUM, conflict=Conflict.CERTAIN), DAD, CURATOR)
    assert reason(found, "curator") is None
    assert reason(found, "mum", "dad") == Reason.CONSENT_MISSING
    in_conflict = circle(CHILD, MUM, DAD, replace(CURATOR, conflict=Conflict.DOUBT))
    assert reason(in_conflict, "mum", "dad") is None


def test_a_curator_chooses_for_an_adult_only_while_the_mandate_holds() -> None:
    assert reason(circle(ADULT, CURATOR), "curator") is None
    ended = representative("curator", Kind.CURATOR, ends=date(2026, 3, 1))
    assert reason(circle(ADULT, ended), "curator") == Reason.CONSENT_MISSING


def test_at_18_nothing_continues_on_an_earlier_choice() -> None:
    eighteen = date(2008, 3, 2)
    midnight = datetime(2026, 3, 1, 23, tzinfo=UTC)
    found = circle(eighteen, MUM, DAD)
    assert reason(found, PERSON, since=midnight - timedelta(seconds=1)) == Reason.ADULT_NOW
    assert reason(found, PERSON, since=midnight) is None
    leapling = circle(date(2008, 2, 29))
    assert reason(leapling, PERSON, since=datetime(2026, 2, 28, 12, tzinfo=UTC)) == Reason.ADULT_NOW
    assert reason(leapling, PERSON, since=datetime(2026, 3, 1, 12, tzinfo=UTC)) is None


def test_ages_go_by_the_persons_own_midnight() -> None:
    eve = datetime(2026, 3, 1, 22, 59, tzinfo=UTC)
    assert circle(date(2014, 3, 2), now=eve).stage == Stage.CHILD
    assert circle(date(2014, 3, 2), now=eve + timedelta(minutes=1)).stage == Stage.BOTH
