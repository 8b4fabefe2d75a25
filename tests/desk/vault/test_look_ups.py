from __future__ import annotations

from datetime import date

import pytest

from luwte.crypto.keyring import KeyRing
from luwte.desk.audit.acts import Act
from luwte.desk.vault import look_ups, rotation, services
from luwte.desk.vault.errors import LookUpImpossible, PersonImpossible
from luwte.desk.vault.models import Leaf, LookUp
from luwte.desk.vault.rules import Identity, Reach
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

BORN = date(2004, 2, 29)
NOOR = Identity("Noor de Vries", BORN, BORN)
MAIL = Reach("email", "noor@example.org")


def find(**given: object) -> list[str]:
    return look_ups.find(by="staff:7", now=NOON, **given)  # type: ignore[arg-type]


def test_people_are_found_by_name_and_day_address_and_number() -> None:
    noor = services.add_person(NOOR, MAIL, Reach("phone", "0612345678"))
    other = services.add_person(Identity("Bo", BORN, BORN), MAIL)
    assert find(name="NOÖR DE-VRIES", born=BORN) == [noor]
    assert find(email="Noor@EXAMPLE.org") == sorted([noor, other])
    assert find(phone="+31 6 12345678") == [noor]
    assert find(email=MAIL.value, name="Bo", born=BORN) == [other]
    assert find(name="Bo", born=date(2004, 3, 1)) == find(email="bo@example.org") == []


def test_who_was_born_on_an_unknown_day_is_found_by_a_day_that_can_be() -> None:
    noor = services.add_person(Identity("Noor", date(2004, 1, 1), date(2004, 12, 31)))
    assert find(name="Noor", born=date(2004, 6, 1)) == [noor]
    assert find(name="Noor", born=date(2005, 1, 1)) == []


def test_what_changes_is_found_anew_and_what_is_gone_is_not() -> None:
    noor = services.add_person(NOOR, MAIL)
    services.change_person(noor, name="Noor Jansen")
    services.change_address(noor, Reach("email", "new@example.org"))
    assert find(name="Noor Jansen", born=BORN) == find(email="new@example.org") == [noor]
    assert find(name=NOOR.name, born=BORN) == find(email=MAIL.value) == []
    services.remove_address(noor, "email")
    assert find(email="new@example.org") == []
    services.erase(noor)
    assert find(name="Noor Jansen", born=BORN) == []
    assert not LookUp.objects.exists()


def test_digests_are_of_the_ring_and_show_nothing(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    services.add_person(NOOR, MAIL)
    before = set(LookUp.objects.values_list("digest", flat=True))
    assert len(before) == 2
    monkeypatch.setenv("LUWTE_DESK_KEYS", KeyRing.generate().dump().decode())
    services.add_person(NOOR, MAIL)
    assert len(set(LookUp.objects.values_list("digest", flat=True)) - before) == 2


def test_people_are_found_while_the_ring_is_rotated() -> None:
    first, second = (services.add_person(NOOR, MAIL) for _ in range(2))

    def half_way(done: int, of: int) -> None:
        versions = set(LookUp.objects.values_list("version", flat=True))
        assert len(versions) == (2 if done < of else 1)
        assert find(email=MAIL.value) == sorted([first, second])

    assert rotation.rotate(NOON, step=1, shown=half_way).people == 2


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, LookUpImpossible),
        ({"name": "Noor"}, LookUpImpossible),
        ({"born": BORN}, LookUpImpossible),
        ({"name": "-", "born": BORN}, LookUpImpossible),
        ({"email": "nobody"}, PersonImpossible),
        ({"phone": "1"}, PersonImpossible),
    ],
)
def test_too_little_is_refused(given: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        find(**given)


def test_looking_is_recorded_whether_or_not_somebody_is_found() -> None:
    noor = services.add_person(NOOR, MAIL)
    find(email=MAIL.value)
    find(email="nobody@example.org")
    rows = Leaf.objects.filter(act=Act.LOOKED_UP).order_by("id")
    assert [row.about for row in rows] == [noor, ""]
    assert b"staff:7" in bytes(rows[0].content or b"")
    assert b"example" not in b"".join(bytes(row.content or b"") for row in Leaf.objects.all())
