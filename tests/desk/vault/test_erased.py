from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers

from luwte.base.errors import Failure
from luwte.crypto.envelope import EnvelopeBroken
from luwte.crypto.keyring import KeyRing, read_key_ring
from luwte.desk.audit.acts import Act
from luwte.desk.vault import erased, rotation, sealing, services
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.models import Address, Erasure, Leaf, LookUp, Person, PersonKey
from luwte.desk.vault.ring import key_ring
from luwte.desk.vault.rules import Identity, Reach
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

Committed = Callable[[], AbstractContextManager[Any]]
KEPT = (Person, PersonKey, Address, LookUp)
LATER = NOON + 2 * rotation.SETTLED


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]]) -> Committed:
    """Runs what is to run after the commit, at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(using="vault", execute=True)


@pytest.fixture
def people() -> list[str]:
    return [
        services.add_person(Identity(name), Reach("email", f"{name}@example.org")) for name in ("noor", "bo")
    ]


def dump() -> str:
    rows = [row for table in KEPT for row in table._default_manager.all()]
    return str(serializers.serialize("json", rows))


def restore(backup: str) -> None:
    Erasure.objects.all().delete()
    for row in serializers.deserialize("json", backup, using="vault"):
        row.save(using="vault")


def test_a_backup_of_before_cannot_be_opened_with_the_ring_of_after(
    people: list[str], committed: Committed
) -> None:
    noor, bo = people
    backup, wrapped = dump(), bytes(PersonKey.objects.get(pk=noor).wrapped)
    with committed():
        services.erase(noor, by="staff:7", now=NOON)
    assert erased.reached(noor)
    restore(backup)
    assert bytes(PersonKey.objects.get(pk=noor).wrapped) == wrapped
    with pytest.raises(EnvelopeBroken, match="was erased"):
        services.person(noor)
    assert services.person(bo).identity.name == "bo"


def test_a_restore_erases_again_before_anybody_reads(people: list[str], committed: Committed) -> None:
    noor, bo = people
    backup = dump()
    with committed():
        services.erase(noor, now=NOON)
    restore(backup)
    assert erased.apply(NOON) == erased.Applied(1, 1, 0)
    assert erased.apply(NOON) == erased.Applied(0, 0, 0)
    assert [one.id for one in services.people()] == [bo]
    assert not LookUp.objects.filter(person=noor).exists()
    assert Leaf.objects.filter(act=Act.ERASED, about=noor).count() == 2
    with pytest.raises(PersonUnknown):
        services.person(noor)


def test_the_list_beside_the_ring_is_heeded_also_with_an_older_ring(
    home: Path, ring: KeyRing, people: list[str], committed: Committed
) -> None:
    noor, _ = people
    backup = dump()
    with committed():
        services.erase(noor, now=NOON)
    ring.write(home / "desk" / "keys.json")
    restore(backup)
    assert services.person(noor).identity.name == "noor", "an old ring opens an old backup: decision 36"
    assert erased.apply(NOON).destroyed == 1
    with pytest.raises(PersonUnknown):
        services.person(noor)
    assert key_ring().destroyed(ring.wrap(b"", sealing.key_place(noor)), sealing.key_place(noor))


def test_erasure_outlives_a_rotation(people: list[str], committed: Committed) -> None:
    noor, _ = people
    backup = dump()
    with committed():
        services.erase(noor, now=NOON)
    rotation.rotate(NOON)
    restore(backup)
    with pytest.raises(EnvelopeBroken, match="was erased"):
        services.person(noor)
    assert erased.apply(NOON).destroyed == 1
    assert rotation.rotate(NOON).people == 1


def test_someone_who_is_erased_half_way_a_rotation_is_erased_under_both_keys(
    people: list[str], committed: Committed
) -> None:
    before = dump()
    rotation.rotate(NOON)
    after = dump()
    with committed():
        services.erase(people[0], now=NOON)
    for backup in (before, after):
        restore(backup)
        with pytest.raises(EnvelopeBroken, match="was erased"):
            services.person(people[0])
        assert services.person(people[1]).identity.name == "bo"


def test_with_a_ring_in_the_environment_the_list_alone_is_left(
    ring: KeyRing, people: list[str], committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sealing.ENVIRONMENT, ring.dump().decode())
    noor, _ = people
    backup = dump()
    with committed():
        services.erase(noor, now=NOON)
    assert not erased.reached(noor)
    restore(backup)
    assert erased.apply(NOON) == erased.Applied(1, 0, 1)
    with pytest.raises(PersonUnknown):
        services.person(noor)


def test_an_old_key_without_a_tree_is_reached_when_it_is_retired(
    home: Path, people: list[str], committed: Committed
) -> None:
    ring = key_ring()
    old = KeyRing(ring.current, ring.keys, ring.link, index=ring.index)
    for one in people:
        wrapped = old.wrap(sealing.data_key(one), sealing.key_place(one))
        PersonKey.objects.filter(pk=one).update(wrapped=wrapped)
    old.write(home / "desk" / "keys.json")
    rotation.rotate(NOON)
    with committed():
        services.erase(people[0], now=NOON)
    assert not erased.reached(people[0])
    rotation.retire(LATER)
    assert erased.reached(people[0])


def test_erasing_twice_goes_on_with_what_was_cut_off(people: list[str], committed: Committed) -> None:
    noor, _ = people
    services.erase(noor, now=NOON)
    assert not erased.reached(noor)
    with committed():
        services.erase(noor, now=NOON)
    assert erased.reached(noor)
    with pytest.raises(PersonUnknown):
        services.erase(noor)


def test_a_line_of_the_list_that_was_cut_off_is_none(people: list[str], committed: Committed) -> None:
    erased.list_file().write_text("\nabc")
    with committed():
        services.erase(people[0], now=NOON)
    assert erased.listed_ids() == {people[0]}


def test_only_the_ring_of_before_opens_a_backup_of_before(
    home: Path, ring: KeyRing, people: list[str], committed: Committed
) -> None:
    """What the decision says of copies of the ring: they count."""
    noor, _ = people
    wrapped, place = bytes(PersonKey.objects.get(pk=noor).wrapped), sealing.key_place(noor)
    with committed():
        services.erase(noor, now=NOON)
    assert ring.unwrap(wrapped, place)
    with pytest.raises(EnvelopeBroken):
        read_key_ring(home / "desk" / "keys.json").unwrap(wrapped, place)


def test_a_full_disk_leaves_an_erasure_that_goes_on(
    people: list[str], committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor, _ = people
    with monkeypatch.context() as full:
        full.setattr("os.fsync", _no_room)
        with pytest.raises(Failure, match="disk is full"), committed():
            services.erase(noor, now=NOON)
    with pytest.raises(PersonUnknown):
        services.person(noor)
    assert not erased.reached(noor)
    with committed():
        services.erase(noor, now=NOON)
    assert erased.reached(noor)


def _no_room(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
