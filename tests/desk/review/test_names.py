from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from luwte.desk.review import people
from luwte.desk.review.errors import ReviewerImpossible
from luwte.desk.review.models import Reviewer
from luwte.desk.review.names import name_key, scripts
from tests.support.desk import NOON


@pytest.mark.parametrize(
    "other",
    [
        "WIM  DE VRIES",
        "\uff37\uff49\uff4d de Vries",  # wide letters
        "W\u0131m de Vries",  # an i without its dot
        "W1m de Vries",
        "Wlm de Vries",
        "Wim-de\u00a0Vri\u00e9s",
        "Wi\u0301m de Vries",
    ],
)
def test_names_that_look_alike_are_one(other: str) -> None:
    assert name_key(other) == name_key("Wim de Vries")


def test_other_names_are_others() -> None:
    assert len({name_key(name) for name in ("Wim", "Ria", "Wim B", "Wim 2", "\u0938\u0940\u0924\u093e")}) == 5
    assert name_key(" -- ") == ""


def test_the_scripts_of_a_name() -> None:
    assert scripts("Zo\u00eb 2") == {"LATIN"}
    assert scripts("W\u0456m") == {"LATIN", "CYRILLIC"}
    assert scripts("W\u0269m") == {"LATIN", "PHONETIC"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("W\u0456m", "mixes letters of CYRILLIC and LATIN"),
        ("W\u0269m", "mixes letters"),
        ("\u0421\u043e\u0440\u0430", "CYRILLIC letters, and those of the other"),
        ("---", "printable characters"),
        ("Wi\u200bm", "printable characters"),
    ],
)
def test_a_second_name_of_one_person_is_refused(name: str, why: str) -> None:
    people.add("Cora", NOON)
    with pytest.raises(ReviewerImpossible, match=why):
        people.add(name, NOON)
    assert people.names() == ["Cora"]


@pytest.mark.django_db
def test_names_may_all_be_of_one_other_script() -> None:
    people.add("\u0421\u043e\u0440\u0430", NOON)
    people.add("\u0412\u043e\u0432\u0430", NOON)
    with pytest.raises(ReviewerImpossible, match="LATIN letters"):
        people.add("Copa", NOON)
    assert people.add("\u0421\u041e\u0420\u0410", NOON) == "\u0421\u043e\u0440\u0430"
    assert len(people.names()) == 2


@pytest.mark.django_db
def test_reviewers_of_before_get_the_key_of_today_and_of_two_that_are_one_the_later_leaves() -> None:
    rows = [
        ("Wim de Vries", "wim de vries", 0),
        ("W\u0131m de Vries", "w\u0131m de vries", 1),
        ("Ria", "ria", 2),
    ]
    for name, key, day in rows:
        Reviewer.objects.create(name=name, key=key, since=NOON + timedelta(days=day))
    moved = import_module("luwte.desk.review.migrations.0002_floors_and_names")
    moved.name_anew(apps, None)
    assert people.names() == ["Ria", "Wim de Vries"]
    assert people.reviewer("wim DE vries").name == "Wim de Vries"
    moved.name_anew(apps, None)
    assert people.names() == ["Ria", "Wim de Vries"]
