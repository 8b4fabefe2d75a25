from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from luwte.desk.telling import values
from luwte.desk.vault import rules, services
from luwte.desk.vault.errors import (
    LinkSpent,
    MayNotRead,
    PersonDied,
    PersonImpossible,
    PersonUnknown,
    RepresentativeUnknown,
)
from luwte.desk.vault.models import Leaf, SignInLink
from luwte.desk.vault.rules import Identity, Mandate, Reach, authority_gap
from luwte.desk.wishes.rules import Channel, Register
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

TODAY = NOON.date()
DAY = timedelta(days=1)
MAIL = Reach("email", "ada@law.example")
LAWYER = Mandate("Ada", "lawyer", date(2026, 1, 1), date(2026, 6, 30), True, False, "email", (MAIL,))
MOTHER = Mandate("Mo", "parent", date(2020, 1, 1), holder=True)
FATHER = Mandate("Fa", "parent", date(2020, 1, 1), holder=True)


@pytest.fixture
def noor() -> str:
    """The id of a person."""
    return services.add_person(Identity("Noor"))


def test_mandate_comes_back_as_added(noor: str) -> None:
    ada = services.add_representative(noor, LAWYER)
    (found,) = services.representatives(noor)
    assert found == services.representative(ada)
    assert (found.id, found.mandate, found.person_id) == (ada, LAWYER, noor)
    assert found.mandate.address("email") == "ada@law.example"
    assert found.mandate.address("post") is None


def test_mandate_holds_from_its_first_day_to_its_last() -> None:
    held = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [LAWYER.holds(day) for day in held] == [False, True, True, False]


def test_mandate_ends_with_its_last_day(noor: str) -> None:
    ada = services.add_representative(noor, Mandate("Ada", "lawyer", date(2026, 1, 1)))
    assert services.end_mandate(ada, TODAY).holds(TODAY)
    assert not services.representatives(noor)[0].mandate.holds(TODAY + DAY)
    with pytest.raises(PersonImpossible, match="ends before it begins"):
        services.end_mandate(ada, date(2025, 12, 31))
    assert services.representatives(noor)[0].mandate.ends == TODAY


def test_numbers_of_representatives_are_normal_too(noor: str) -> None:
    services.add_representative(noor, Mandate("Mo", "parent", TODAY, reaches=(Reach("phone", "0612345678"),)))
    assert services.representatives(noor)[0].mandate.address("phone") == "+31612345678"


@pytest.mark.parametrize(
    ("mandate", "match"),
    [
        (Mandate("A", "lawyer", TODAY, TODAY - DAY), "before it begins"),
        (Mandate("A", "friend", TODAY), "no role 'friend'"),
        (Mandate("", "lawyer", TODAY), "name is empty"),
        (Mandate("A", "lawyer", TODAY, holder=True), "A lawyer has no parental authority"),
        (Mandate("A", "lawyer", TODAY, channel="pigeon"), "way to reach"),
        (Mandate("A", "lawyer", TODAY, channel="lawyer"), "way to reach"),
        (Mandate("A", "lawyer", TODAY, channel="email"), "no e-mail address"),
        (Mandate("A", "lawyer", TODAY, channel="sms", reaches=(MAIL,)), "no telephone number"),
        (Mandate("A", "lawyer", TODAY, channel="letter"), "no postal address"),
        (Mandate("A", "lawyer", TODAY, reaches=(Reach("email", "x"),)), "not an e-mail address"),
        (Mandate("A", "lawyer", TODAY, conflict="yes"), "conflict"),
        (Mandate("A", "lawyer", TODAY, language="fr"), "language"),
    ],
)
def test_impossible_mandate_is_refused(noor: str, mandate: Mandate, match: str) -> None:
    with pytest.raises(PersonImpossible, match=match):
        services.add_representative(noor, mandate)
    assert services.representatives(noor) == []


def test_unknown_representative_is_told() -> None:
    for act in (services.representative, lambda one: services.end_mandate(one, TODAY)):
        with pytest.raises(RepresentativeUnknown, match="no representative 'x'"):
            act("x")


def test_words_are_those_of_the_rules() -> None:
    """The vault knows no room above it; its words must be theirs all the same."""
    assert set(rules.AUTHORITIES) == set(values.Authority)
    assert set(rules.CONFLICTS) == set(values.Conflict)
    assert {"person", *rules.ROLES} == set(values.Kind)
    assert {"lawyer", *rules.CHANNELS} == set(Channel)
    assert set(rules.REGISTERS) == set(Register)


@pytest.mark.parametrize(
    ("authority", "mandates", "match"),
    [
        ("joint", [MOTHER, FATHER], ""),
        ("joint", [MOTHER], "needs 2 holders"),
        ("shared", [MOTHER, LAWYER], "needs 2 holders"),
        ("sole", [MOTHER], ""),
        ("sole", [], "needs 1 holders"),
        ("guardianship", [Mandate("V", "guardian", TODAY, holder=True)], ""),
        ("none_now", [MOTHER, FATHER], "a human must find out"),
        ("unclear", [MOTHER, FATHER], "a human must find out"),
        ("sole", [Mandate("M", "parent", TODAY, TODAY, holder=True, conflict="doubt")], "in conflict"),
        ("sole", [Mandate("M", "parent", TODAY, holder=True, informed=False)], "does not know"),
        ("sole", [Mandate("M", "parent", TODAY - DAY, TODAY - DAY, holder=True)], "there are 0"),
    ],
)
def test_what_keeps_the_parents_from_choosing(authority: str, mandates: list[Mandate], match: str) -> None:
    said = authority_gap(authority, mandates, TODAY)
    assert match in said
    assert bool(said) == bool(match)


def test_link_signs_a_representative_in_and_never_as_the_person(noor: str) -> None:
    ada = services.add_representative(noor, LAWYER)
    token = services.sign_in_link_for(ada, NOON)
    with pytest.raises(LinkSpent):
        services.redeem(token, NOON)
    assert services.redeem_link(token, NOON) == services.SignedIn(noor, ada, 2)
    with pytest.raises(LinkSpent):
        services.redeem_link(token, NOON)
    own = services.sign_in_link(noor, NOON)
    assert services.redeem_link(own, NOON) == services.SignedIn(noor, None, 2)


@pytest.mark.parametrize("change", [{"ends": TODAY - DAY}, {"conflict": "doubt"}, {"informed": False}])
def test_no_link_for_who_may_see_nothing(noor: str, change: dict[str, Any]) -> None:
    ada = services.add_representative(noor, LAWYER)
    token = services.sign_in_link_for(ada, NOON)
    services.change_representative(ada, **change)
    with pytest.raises(LinkSpent):
        services.redeem_link(token, NOON)
    with pytest.raises(MayNotRead, match="may see nothing now"):
        services.sign_in_link_for(ada, NOON)
    assert SignInLink.objects.count() == 1


def test_nobody_signs_in_for_someone_who_died(noor: str) -> None:
    ada = services.add_representative(noor, LAWYER)
    tokens = services.sign_in_link(noor, NOON), services.sign_in_link_for(ada, NOON)
    services.change_person(noor, deceased=True)
    for token in tokens:
        with pytest.raises(LinkSpent):
            services.redeem_link(token, NOON)
    with pytest.raises(LinkSpent):
        services.redeem(tokens[0], NOON)
    with pytest.raises(PersonDied, match="has died"):
        services.sign_in_link(noor, NOON)
    with pytest.raises(MayNotRead):
        services.sign_in_link_for(ada, NOON)
    services.change_person(noor, deceased=False)
    assert services.redeem_link(tokens[1], NOON) == services.SignedIn(noor, ada, 2)


def test_last_day_of_a_mandate_is_that_of_the_person() -> None:
    far = services.add_person(Identity("Aroha", time_zone="Pacific/Auckland"))
    ada = services.add_representative(far, Mandate("Ada", "lawyer", TODAY, TODAY))
    with pytest.raises(MayNotRead):
        services.sign_in_link_for(ada, NOON)


def test_link_of_an_erased_person_is_spent(noor: str) -> None:
    token = services.sign_in_link_for(services.add_representative(noor, LAWYER), NOON)
    services.erase(noor)
    with pytest.raises(LinkSpent):
        services.redeem_link(token, NOON)


def test_each_recipient_has_one_visit_and_one_link_at_a_time(noor: str) -> None:
    ada = services.add_representative(noor, LAWYER)
    first, hers = services.sign_in_link(noor, NOON), services.sign_in_link_for(ada, NOON)
    second = services.sign_in_link(noor, NOON)
    with pytest.raises(LinkSpent):
        services.redeem_link(first, NOON)
    visit = services.redeem_link(second, NOON).visit
    assert services.visit_of(noor) == visit
    acting = services.redeem_link(hers, NOON).visit
    assert services.visit_of(noor, ada) == acting
    services.sign_in_link_for(ada, NOON)
    assert services.visit_of(noor) == visit, "that of somebody else stays"
    services.sign_in_link(noor, NOON)
    assert services.visit_of(noor) == visit + 1


def test_a_change_of_a_person_or_a_mandate_takes_no_number_back(noor: str) -> None:
    ada = services.add_representative(noor, LAWYER)
    for _ in range(3):
        services.sign_in_link(noor, NOON)
        services.sign_in_link_for(ada, NOON)
    services.change_person(noor, name="Noor Anders")
    services.change_representative(ada, standing=True)
    assert (services.visit_of(noor), services.visit_of(noor, ada)) == (3, 3)


def test_ending_visits_ends_all_about_a_person_and_voids_links(noor: str) -> None:
    ada = services.add_representative(noor, LAWYER)
    tokens = services.sign_in_link(noor, NOON), services.sign_in_link_for(ada, NOON)
    before = services.visit_of(noor), services.visit_of(noor, ada)
    services.end_visits(noor, NOON, by="staff:7")
    assert services.visit_of(noor) != before[0]
    assert services.visit_of(noor, ada) != before[1]
    for token in tokens:
        with pytest.raises(LinkSpent):
            services.redeem_link(token, NOON)
    row = Leaf.objects.get(act="vault.visits-ended")
    assert (row.about, b'"by":"staff:7"' in bytes(row.content or b"")) == (noor, True)
    with pytest.raises(PersonUnknown):
        services.end_visits("nobody", NOON)


def test_a_link_of_a_clock_that_ran_ahead_lets_nobody_in(noor: str) -> None:
    token = services.sign_in_link(noor, NOON + DAY)
    with pytest.raises(LinkSpent):
        services.redeem_link(token, NOON)
    assert services.redeem_link(token, NOON + DAY).person_id == noor
