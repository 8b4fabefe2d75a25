from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.vault.errors import PersonImpossible
from luwte.desk.vault.normal import identity_value, normal_name, reach_value, values_of
from luwte.desk.vault.reaches import Reach

BORN = date(2004, 2, 29)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Noor de Vries", "  NOOR   DE-VRIES "),
        ("Noör", "Noo\u0308r"),
        ("Noör", "Noor"),
        ("Zoë O’Neil", "Zoe O'Neil"),
        ("Strauß", "STRAUSS"),
        ("Ｎｏｏｒ", "Noor"),
        ("İpek", "ipek"),
        ("Łukasz", "łukasz"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other) != ""


def test_other_names_stay_other_names() -> None:
    assert (
        len({normal_name(name) for name in ("Noor de Vries", "De Vries, Noor", "Noor Vries", "Noorde Vries")})
        == 4
    )


@given(st.text())
def test_normal_twice_is_normal_once(name: str) -> None:
    assert normal_name(normal_name(name)) == normal_name(name)


def test_addresses_in_their_normal_form() -> None:
    assert reach_value(Reach("email", "Noor.V@Example.ORG")) == "noor.v@example.org"
    assert reach_value(Reach("phone", "06-1234 5678")) == "+31612345678"
    with pytest.raises(PersonImpossible):
        reach_value(Reach("phone", "112"))


def test_a_day_that_is_not_known_stands_for_none_and_post_is_not_looked_up() -> None:
    reaches = [Reach("post", "Noor\nPostbus 7"), Reach("email", "n@example.org")]
    known, unknown = identity_value("Noor", BORN), identity_value("Noor", None)
    assert values_of("Noor", BORN, BORN, reaches) == {("identity", known), ("email", "n@example.org")}
    assert values_of("Noor", BORN, None, ()) == values_of("Noor", None, None, ()) == {("identity", unknown)}
    assert known != unknown
