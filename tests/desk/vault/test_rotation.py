from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from luwte.crypto.envelope import EnvelopeBroken, key_id_of, new_key, seal
from luwte.crypto.keyring import KeyRing
from luwte.desk.audit.acts import Act
from luwte.desk.vault import rotation, sealing, services
from luwte.desk.vault.errors import KeysNeeded
from luwte.desk.vault.models import Leaf, LookUp, PersonKey
from luwte.desk.vault.ring import RingNotInFile, change_ring, key_ring
from luwte.desk.vault.rules import Identity
from tests.support.desk import NOON
from tests.support.token import Token

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

LATER = NOON + 2 * rotation.SETTLED


def people(count: int) -> list[str]:
    return [services.add_person(Identity(f"Person {number}")) for number in range(count)]


def test_rotation_wraps_every_key_anew_and_old_backups_open_until_retirement(ring: KeyRing) -> None:
    ids = people(5)
    backup = {one: bytes(PersonKey.objects.get(pk=one).wrapped) for one in ids}
    shown: list[tuple[int, int]] = []
    done = rotation.rotate(NOON, step=2, shown=lambda *pair: shown.append(pair))
    assert (done.new, done.people) == (True, 5)
    assert shown == [(2, 5), (4, 5), (5, 5)]
    assert {key_id_of(bytes(one.wrapped)) for one in PersonKey.objects.all()} == {done.current}
    for one in ids:
        assert key_ring().unwrap(backup[one], sealing.key_place(one)) == sealing.data_key(one)
    assert rotation.retire(LATER) == [ring.current]
    assert rotation.retire(LATER) == []
    assert Leaf.objects.filter(act=Act.KEYS_RETIRED).count() == 1
    assert [one.identity.name for one in services.people()] == [f"Person {number}" for number in range(5)]
    with pytest.raises(EnvelopeBroken, match="not in the key ring"):
        key_ring().unwrap(backup[ids[0]], sealing.key_place(ids[0]))


def _made() -> list[str]:
    return list(Leaf.objects.filter(act=Act.KEYS_MADE).order_by("id").values_list("about", flat=True))


def test_a_key_is_on_record_once_when_it_is_made_also_for_nobody(ring: KeyRing) -> None:
    first = rotation.rotate(NOON).current
    assert _made() == sorted([ring.current, first])
    second = rotation.rotate(NOON).current
    assert _made()[2:] == [second]


def test_a_key_that_was_made_when_the_process_died_is_on_record_after_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rotation, "_record_made", dies)
        rotation.rotate(NOON)
    lost = key_ring().current
    assert lost not in _made()
    rotation.rotate(NOON)
    assert lost in _made()


def test_a_rotation_that_was_cut_off_is_finished_under_its_own_key() -> None:
    people(5)

    def cut(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(NOON, step=2, shown=cut)
    begun = key_ring().current
    with pytest.raises(KeysNeeded, match="3 people"):
        rotation.retire(LATER)
    done = rotation.rotate(NOON)
    assert (done.current, done.new, done.people) == (begun, False, 3)
    assert len(key_ring().names) == 2


def test_old_keys_stay_while_somebody_may_still_write_under_them() -> None:
    rotation.rotate(NOON)
    with pytest.raises(KeysNeeded, match="last hour"):
        rotation.retire(NOON + rotation.SETTLED - timedelta(seconds=1))
    assert len(key_ring().names) == 2


def test_a_ring_in_the_environment_is_left_alone(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sealing.ENVIRONMENT, ring.dump().decode())
    for act in (rotation.rotate, rotation.retire):
        with pytest.raises(RingNotInFile, match="file of mode 0600"):
            act(NOON)


def test_a_desk_of_an_earlier_version_is_brought_up_to_date(home: Path) -> None:
    (one,) = people(1)
    old = KeyRing("old", {"old": new_key()}, key_ring().link)
    place, key = sealing.key_place(one), sealing.data_key(one)
    PersonKey.objects.update(wrapped=seal("old", old.keys["old"], key, place), version="")
    LookUp.objects.all().delete()
    old.write(home / "desk" / "keys.json")
    assert services.person(one).identity.name == "Person 0"
    services.change_person(one, language="en")
    assert not LookUp.objects.exists()
    done = rotation.rotate(NOON)
    assert (done.new, done.people) == (True, 1)
    assert key_ring().complete
    assert LookUp.objects.count() == 1
    assert services.person(one).identity.language == "en"


def test_keys_move_into_a_token_and_nothing_opens_without_it(
    soft_token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    from luwte.crypto.token import TokenUnusable
    from luwte.desk.vault.ring import token_of_settings

    (one,) = people(1)
    for name, value in soft_token.settings.items():
        monkeypatch.setenv(name, value)
    assert rotation.rotate(NOON, token=token_of_settings()).people == 1
    rotation.retire(LATER)
    assert services.person(one).identity.name == "Person 0"
    assert not key_ring().keys
    rotation.rotate(LATER)
    rotation.retire(LATER + rotation.SETTLED)
    assert services.person(one).identity.name == "Person 0"
    monkeypatch.delenv("LUWTE_TOKEN_PIN")
    change = lambda ring: ring  # noqa: E731
    with pytest.raises(TokenUnusable, match="LUWTE_TOKEN_PIN_FILE"):
        change_ring(change)
