"""An account at the broker: of one person, by a digest alone, through every rotation of the keys."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from luwte.crypto.keyring import KeyRing
from luwte.desk.audit.acts import Act
from luwte.desk.vault import brokered, look_ups, rotation, services
from luwte.desk.vault.errors import AccountTaken, PersonUnknown
from luwte.desk.vault.models import Leaf, LookUp, Person
from luwte.desk.vault.rules import Identity
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

ISSUER, BSN = "https://broker.example", "999990019"


def mark(value: str = BSN, issuer: str = ISSUER, claim: str = "sub") -> str:
    return brokered.mark(issuer, claim, value)


def add(name: str = "Noor") -> str:
    return services.add_person(Identity(name))


def comes_in(account: str) -> str | None:
    found = brokered.sign_in(account, NOON)
    return found.person_id if found else None


def test_a_person_comes_in_with_their_account_and_no_other() -> None:
    noor, piet = add(), add("Piet")
    brokered.connect(noor, mark(), NOON)
    brokered.connect(piet, mark("2"), NOON)
    assert [comes_in(mark()), comes_in(mark("2")), comes_in(mark("3"))] == [noor, piet, None]
    brokered.connect(noor, mark("3"), NOON)
    assert [comes_in(mark()), comes_in(mark("3"))] == [None, noor]
    assert brokered.disconnect(noor, NOON)
    assert not brokered.disconnect(noor, NOON)
    assert comes_in(mark("3")) is None


def test_the_same_name_at_another_broker_or_in_another_claim_is_another_account() -> None:
    brokered.connect(add(), mark(), NOON)
    assert comes_in(mark(issuer="https://other.example")) is None
    assert comes_in(mark(claim="bsn")) is None
    assert len({mark(), mark("b", "https://a"), mark("a\nb", "https:/"), mark(claim="x")}) == 4


def test_an_account_is_that_of_one_person() -> None:
    noor, piet = add(), add("Piet")
    brokered.connect(noor, mark(), NOON)
    brokered.connect(noor, mark(), NOON)
    with pytest.raises(AccountTaken):
        brokered.connect(piet, mark(), NOON)
    services.erase(noor)
    brokered.connect(piet, mark(), NOON)
    assert comes_in(mark()) == piet
    with pytest.raises(PersonUnknown):
        brokered.connect(noor, mark("2"), NOON)


def test_each_visit_ends_the_one_before() -> None:
    noor = add()
    brokered.connect(noor, mark(), NOON)
    first, second = brokered.sign_in(mark(), NOON), brokered.sign_in(mark(), NOON)
    assert first is not None
    assert second is not None
    assert second.visit == services.visit_of(noor) == first.visit + 1


def test_the_number_itself_is_not_even_sealed(ring: KeyRing) -> None:
    noor = add()
    brokered.connect(noor, mark(), NOON)
    assert BSN not in str(asdict(services.person(noor).identity))
    digests = set(LookUp.objects.filter(kind="broker").values_list("digest", flat=True))
    assert len(digests) == 1
    assert mark() not in digests, "the index and what is sealed cannot be laid side by side"
    assert mark().encode() not in bytes(Person.objects.get(pk=noor).sealed)


def test_another_ring_makes_another_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    before = mark()
    monkeypatch.setenv("LUWTE_DESK_KEYS", KeyRing.generate().dump().decode())
    assert mark() != before


def test_the_account_stays_while_the_ring_is_rotated() -> None:
    noor, piet = add(), add("Piet")
    brokered.connect(noor, mark(), NOON)
    brokered.connect(piet, mark("2"), NOON)
    before = set(LookUp.objects.filter(kind="broker").values_list("digest", flat=True))

    def half_way(done: int, of: int) -> None:
        assert [comes_in(mark()), comes_in(mark("2"))] == [noor, piet], done

    assert rotation.rotate(NOON, step=1, shown=half_way).people == 2
    assert not before & set(LookUp.objects.values_list("digest", flat=True))


def test_it_is_not_found_by_whoever_looks_people_up() -> None:
    noor = add()
    brokered.connect(noor, mark(), NOON)
    assert look_ups.with_account(mark()) == [noor]
    assert look_ups.find(by="staff:7", now=NOON, email="a@example.org") == []


def test_what_is_done_is_recorded_and_by_whom() -> None:
    noor = add()
    brokered.connect(noor, mark(), NOON, by="staff:7")
    brokered.sign_in(mark(), NOON)
    brokered.sign_in(mark("2"), NOON)
    rows = Leaf.objects.filter(act__in=[Act.PERSON_CHANGED, Act.BROKER_USED]).order_by("id")
    assert [(row.act, row.about) for row in rows] == [
        (Act.PERSON_CHANGED, noor), (Act.BROKER_USED, noor), (Act.BROKER_USED, ""),
    ]  # fmt: skip
    said = [bytes(row.content or b"") for row in rows]
    assert b"staff:7" in said[0]
    assert b'"broker"' in said[1]
    assert not [one for one in said if mark().encode() in one or BSN.encode() in one]
