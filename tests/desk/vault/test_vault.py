from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.crypto.envelope import EnvelopeBroken
from luwte.crypto.keyring import KeyRing, KeyRingUnreadable
from luwte.desk.vault import sealing, services
from luwte.desk.vault.errors import LinkSpent, PersonImpossible, PersonUnknown
from luwte.desk.vault.links import SIGN_IN_LASTS
from luwte.desk.vault.models import Address, Person, PersonKey, SignInLink
from luwte.desk.vault.rules import Identity, Mandate, Reach, check_identity
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

LEAP_DAY = date(2004, 2, 29)
NOOR = Identity("Noor de Vries", LEAP_DAY, LEAP_DAY, care_worker="Wim", authority="joint")
TODAY = NOON.date()


def test_person_comes_back_as_added() -> None:
    person_id = services.add_person(NOOR, Reach("email", "noor@example.org"))
    found = services.person(person_id)
    assert found.identity == NOOR
    assert found.address("email") == "noor@example.org"
    assert services.people() == [found]
    assert services.person_ids() == [person_id]


def test_change_keeps_the_rest() -> None:
    person_id = services.add_person(NOOR, Reach("email", "old@example.org"))
    services.change_person(person_id, language="en")
    services.change_address(person_id, Reach("email", "new@example.org"))
    found = services.person(person_id)
    assert found.identity.language == "en"
    assert found.identity.name == NOOR.name
    assert [reach.value for reach in found.reaches] == ["new@example.org"]


def test_every_person_has_a_key_of_their_own_and_rows_of_one_size() -> None:
    ids = [services.add_person(Identity(name)) for name in ("Bo", "Annemarie van den Heuvel-Oosterhout")]
    assert sealing.data_key(ids[0]) != sealing.data_key(ids[1])
    assert len({len(bytes(person.sealed)) for person in Person.objects.all()}) == 1


def test_envelope_moved_to_another_row_does_not_open() -> None:
    one, other = (services.add_person(NOOR, Reach("email", "a@example.org")) for _ in range(2))
    Person.objects.filter(pk=one).update(sealed=Person.objects.get(pk=other).sealed)
    with pytest.raises(EnvelopeBroken):
        services.person(one)
    address = Address.objects.get(person_id=other)
    with pytest.raises(EnvelopeBroken):
        sealing.open_row(Person(id=other, sealed=address.sealed), sealing.data_key(other))


def test_data_key_moved_to_another_person_does_not_open() -> None:
    one, other = (services.add_person(NOOR) for _ in range(2))
    PersonKey.objects.filter(pk=one).update(wrapped=PersonKey.objects.get(pk=other).wrapped)
    with pytest.raises(EnvelopeBroken):
        services.person(one)


def test_erasing_destroys_the_key(django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    person_id = services.add_person(NOOR)
    with django_capture_on_commit_callbacks(using="vault", execute=True):
        services.erase(person_id)
    with pytest.raises(PersonUnknown):
        services.person(person_id)
    with pytest.raises(PersonUnknown):
        services.erase(person_id)
    assert services.people() == []


def test_another_ring_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = services.add_person(NOOR)
    monkeypatch.setenv(sealing.ENVIRONMENT, KeyRing.generate().dump().decode())
    with pytest.raises(EnvelopeBroken, match="not in the key ring"):
        services.person(person_id)
    monkeypatch.setenv(sealing.ENVIRONMENT, "{")
    with pytest.raises(KeyRingUnreadable):
        services.person(person_id)


def test_sign_in_link_works_once_and_not_for_long() -> None:
    person_id = services.add_person(NOOR)
    token = services.sign_in_link(person_id, NOON)
    assert len(token) >= 43
    assert token not in str(list(SignInLink.objects.values()))
    assert services.redeem(token, NOON + timedelta(hours=1)) == person_id
    with pytest.raises(LinkSpent):
        services.redeem(token, NOON + timedelta(hours=1))
    late = services.sign_in_link(person_id, NOON)
    with pytest.raises(LinkSpent):
        services.redeem(late, NOON + SIGN_IN_LASTS)
    with pytest.raises(LinkSpent):
        services.redeem("guess", NOON)


def test_sign_in_link_of_an_erased_person_is_spent() -> None:
    person_id = services.add_person(NOOR)
    token = services.sign_in_link(person_id, NOON)
    services.erase(person_id)
    with pytest.raises(LinkSpent):
        services.redeem(token, NOON)


@pytest.mark.parametrize(
    ("identity", "match"),
    [
        (Identity(""), "name is empty"),
        (Identity("a\nb"), "not printable"),
        (Identity("x" * 201), "too long"),
        (Identity("Noor", language="de"), "language"),
        (Identity("Noor", time_zone="Mars/Base"), "time zone"),
        (Identity("Noor", time_zone="../../etc/passwd"), "time zone"),
        (Identity("Noor", time_zone=""), "time zone"),
        (Identity("Noor", time_zone="localtime"), "time zone"),
        (Identity("Noor", time_zone="Factory"), "time zone"),
        (Identity("Noor", words="nl-fancy"), "no register 'nl-fancy'. Choose one of: nl, nl-youth, en"),
        (Identity("Noor", authority="half"), "parental authority"),
        (Identity("Noor", conflict="maybe"), "conflict"),
        (Identity("Noor", date(2010, 2, 2), date(2010, 2, 1)), "comes before the first"),
        (Identity("Noor", TODAY + timedelta(days=1), None), "still to come"),
        (Identity("Noor", None, TODAY + timedelta(days=1)), "still to come"),
        (Identity("Noor", date(1895, 12, 31), date(1990, 1, 1)), "more than 130 years"),
    ],
)
def test_impossible_person_is_refused(identity: Identity, match: str) -> None:
    with pytest.raises(PersonImpossible, match=match):
        services.add_person(identity, today=TODAY)
    assert not Person.objects.exists()


def test_change_that_cannot_be_changes_nothing() -> None:
    person_id = services.add_person(NOOR)
    with pytest.raises(PersonImpossible, match="still to come"):
        services.change_person(person_id, TODAY, born_to=TODAY + timedelta(days=1))
    assert services.person(person_id).identity == NOOR


def test_secret_postal_address_is_given_to_nobody() -> None:
    person_id = services.add_person(
        NOOR, Reach("post", "Noor\nPostbus 7"), Reach("email", "noor@example.org")
    )
    assert services.person(person_id).address("post") == "Noor\nPostbus 7"
    services.change_person(person_id, secret_address=True)
    found = services.person(person_id)
    assert (found.address("post"), found.address("email")) == (None, "noor@example.org")


def test_address_that_is_gone_is_forgotten() -> None:
    person_id = services.add_person(NOOR, Reach("phone", "06 1234 5678"), Reach("email", "noor@example.org"))
    assert services.remove_address(person_id, "phone") == 1
    assert services.remove_address(person_id, "phone") == 0
    assert [reach.kind for reach in services.person(person_id).reaches] == ["email"]


CHANGES: dict[str, Callable[[str, str], object]] = {
    "person": lambda noor, _: services.change_person(noor, deceased=True),
    "address": lambda noor, _: services.change_address(noor, Reach("email", "new@example.org")),
    "address gone": lambda noor, _: services.remove_address(noor, "email"),
    "representative": lambda noor, _: services.add_representative(noor, Mandate("Ada", "lawyer", TODAY)),
    "mandate": lambda _, ada: services.change_representative(ada, informed=False),
    "end": lambda _, ada: services.end_mandate(ada, TODAY),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed_until_it_is_settled(change: str) -> None:
    other, noor = services.add_person(NOOR), services.add_person(NOOR)
    ada = services.add_representative(noor, Mandate("Ada", "lawyer", TODAY))
    assert services.changed_people(10) == sorted([noor, other])
    assert len(services.changed_people(1)) == 1
    services.settle([noor, other])
    assert services.changed_people(10) == []
    CHANGES[change](noor, ada)
    assert services.changed_people(10) == [noor]


def test_nobody_looks_again_at_who_was_erased() -> None:
    person_id = services.add_person(NOOR)
    services.erase(person_id)
    assert services.changed_people(10) == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_identity_is_accepted_or_refused(name: str, zone: str) -> None:
    try:
        check_identity(Identity(name, time_zone=zone), TODAY)
    except PersonImpossible:
        return
    assert name.strip()
