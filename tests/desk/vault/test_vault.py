from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.crypto.envelope import EnvelopeBroken
from luwte.crypto.keyring import KeyRing, KeyRingUnreadable
from luwte.desk.vault import sealing, services
from luwte.desk.vault.errors import LinkSpent, PersonImpossible, PersonUnknown
from luwte.desk.vault.models import Address, Person, PersonKey, SignInLink
from luwte.desk.vault.rules import Identity, Mandate, Reach, check_identity, check_reach
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["vault"]), pytest.mark.usefixtures("ring")]

NOOR = Identity("Noor de Vries", date(2004, 2, 29), "nl", "Europe/Amsterdam", "Wim")


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


def test_erasing_destroys_the_key() -> None:
    person_id = services.add_person(NOOR)
    services.erase(person_id)
    with pytest.raises(PersonUnknown):
        services.person(person_id)
    with pytest.raises(PersonUnknown):
        services.erase(person_id)
    assert services.people() == []


def test_rotation_wraps_every_key_anew(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = services.add_person(NOOR)
    rotated = ring.rotated()
    monkeypatch.setenv(sealing.ENVIRONMENT, rotated.dump().decode())
    assert services.rewrap_keys() == 1
    only_new = KeyRing(rotated.current, {rotated.current: rotated.keys[rotated.current]}, rotated.link)
    monkeypatch.setenv(sealing.ENVIRONMENT, only_new.dump().decode())
    assert services.person(person_id).identity == NOOR


def test_another_ring_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = services.add_person(NOOR)
    monkeypatch.setenv(sealing.ENVIRONMENT, KeyRing.generate().dump().decode())
    with pytest.raises(EnvelopeBroken, match="not in the key ring"):
        services.person(person_id)
    monkeypatch.setenv(sealing.ENVIRONMENT, "{")
    with pytest.raises(KeyRingUnreadable):
        services.person(person_id)


def test_representative_with_a_mandate() -> None:
    person_id = services.add_person(NOOR)
    mandate = Mandate("Mr. A", "a@law.example", "lawyer", date(2026, 1, 1), date(2026, 6, 30), standing=True)
    services.add_representative(person_id, mandate)
    (found,) = services.representatives(person_id)
    assert asdict(found) == asdict(mandate)
    held = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [found.holds(day) for day in held] == [False, True, True, False]
    with pytest.raises(PersonImpossible, match="before it begins"):
        services.add_representative(
            person_id, Mandate("A", "x", "lawyer", date(2026, 2, 1), date(2026, 1, 1))
        )
    with pytest.raises(PersonImpossible, match="no role"):
        services.add_representative(person_id, Mandate("A", "x", "friend", date(2026, 2, 1)))


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
        services.redeem(late, NOON + services.SIGN_IN_LASTS)
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
    ],
)
def test_impossible_person_is_refused(identity: Identity, match: str) -> None:
    with pytest.raises(PersonImpossible, match=match):
        services.add_person(identity)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "value", ["", "noor", "noor@", "@x.nl", "a b@x.nl", "a@x.nl\nBcc: b@y.nl", "a@x..nl", "a@-x.nl", "é@x.nl"]
)
def test_impossible_address_is_refused(value: str) -> None:
    with pytest.raises(PersonImpossible, match="e-mail"):
        check_reach(Reach("email", value))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_identity_is_accepted_or_refused(name: str, zone: str) -> None:
    try:
        check_identity(Identity(name, time_zone=zone))
    except PersonImpossible:
        return
    assert name.strip()
