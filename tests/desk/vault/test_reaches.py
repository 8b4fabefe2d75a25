from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.vault.errors import PersonImpossible
from luwte.desk.vault.reaches import POST, REACHES, Reach, normal_reach


@pytest.mark.parametrize(
    "value", ["", "noor", "noor@", "@x.nl", "a b@x.nl", "a@x.nl\nBcc: b@y.nl", "a@x..nl", "a@-x.nl", "é@x.nl"]
)
def test_impossible_e_mail_address_is_refused(value: str) -> None:
    with pytest.raises(PersonImpossible, match="e-mail"):
        normal_reach(Reach("email", value))


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("06-12345678", "+31612345678"),
        ("06 12 34 56 78", "+31612345678"),
        ("020 123 4567", "+31201234567"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_number_gets_its_country(value: str, normal: str) -> None:
    assert normal_reach(Reach("phone", value)) == Reach("phone", normal)


@pytest.mark.parametrize(
    "value",
    ["", "06", "0612345", "06123456789", "+310612345678", "+0612345678", "112", "+1", "٠٦١٢٣٤٥٦٧٨", "a"],
)
def test_impossible_number_is_refused(value: str) -> None:
    with pytest.raises(PersonImpossible, match="telephone"):
        normal_reach(Reach("phone", value))


def test_postal_address_is_trimmed_lines() -> None:
    assert normal_reach(Reach("post", " Noor \r\nPostbus 7\n")).value == "Noor\nPostbus 7"


@pytest.mark.parametrize(
    "value", ["", "Noor", "Noor\n\nPostbus 7", "a\n" * 7, "Noor\n" + "x" * 61, "a\nb\x1b[1m"]
)
def test_impossible_postal_address_is_refused(value: str) -> None:
    with pytest.raises(PersonImpossible, match="2 to 6 lines"):
        normal_reach(Reach("post", value))


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(PersonImpossible, match=r"'fax'\. Choose one of: email, phone, post"):
        normal_reach(Reach("fax", "1"))


@given(st.sampled_from([*REACHES]), st.text(max_size=60))
def test_normal_form_is_its_own_normal_form(kind: str, value: str) -> None:
    try:
        normal = normal_reach(Reach(kind, value))
    except PersonImpossible:
        return
    assert normal_reach(normal) == normal
    assert kind == POST or "\n" not in normal.value
