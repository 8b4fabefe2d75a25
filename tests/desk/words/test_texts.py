"""Every text of the registry, also filled with the longest values, claims nothing and is easy to read."""

from __future__ import annotations

from itertools import product

import pytest

from luwte.desk.words.claims import breaches
from luwte.desk.words.linter import VALUES, faults, variants
from luwte.desk.words.readability import too_hard
from luwte.desk.words.registry import OUTSIDE, Template, Text, templates

ALL = templates()


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.id} {one.words}")
def test_no_filled_variant_breaks_a_rule(one: Template) -> None:
    assert not faults(one)


def test_every_variable_is_tried_at_its_extremes() -> None:
    assert set(VALUES) == {name for one in ALL for name in one.variables}
    for one in ALL:
        assert len(variants(one)) == len(list(product(*(VALUES[name] for name in one.variables))))


@pytest.mark.parametrize(
    ("text", "words", "place", "rule"),
    [
        ("U bent veilig.", "nl", "inside", "certainty"),
        ("Je moet nu bellen.", "nl-youth", "inside", "commands"),
        ("Waarom heb je dat gedaan?", "nl-youth", "inside", "blame"),
        ("U hebt onze berichten niet gelezen.", "nl", "inside", "blame"),
        ("You did not read our messages.", "en", "inside", "blame"),
        ("Het gaat over de politie.", "nl", OUTSIDE, "outside"),
        ("Een brief van de rechtbank.", "nl-youth", OUTSIDE, "outside"),
        ("This is about the court.", "en", OUTSIDE, "outside"),
        ("Wij hebben niets gevonden.", "nl", "inside", "coverage"),
        ("We found nothing.", "en", "inside", "coverage"),
        ("Ingevolge de regelgeving wordt u geïnformeerd omtrent bevindingen.", "nl", "inside", "readability"),
        ("The aforementioned notification is unavailable.", "en", "inside", "readability"),
    ],
)
def test_a_planted_fault_is_found(text: str, words: str, place: str, rule: str) -> None:
    planted = Template("planted", 1, words, place, Text(body=text), frozenset())
    assert any(rule in fault for fault in faults(planted))


def test_what_is_filled_in_is_checked_too() -> None:
    """A value that gives away what this is does not get past the linter."""
    one = Template("planted", 1, "nl", OUTSIDE, Text(body="U spreekt met {worker}."), frozenset({"worker"}))
    assert not faults(one)
    assert breaches(one.fill(worker="Wim van de politie").body, one.words, outside=True)


def test_the_floors_tell_easy_from_hard() -> None:
    for words in ("nl", "nl-youth"):
        assert too_hard("Verantwoordelijkheid.", words)
        assert too_hard(" ".join(["dag"] * 18) + ".", words)
        assert too_hard(("Wij gaan nu met elkaar over belangrijke dingen praten. " * 5), words)
        assert not too_hard("Er is een bericht voor u. U kunt het nu lezen.", words)
    assert too_hard(" ".join(["day"] * 19) + ".", "en")
    assert too_hard("We consider numerous complicated matters carefully together. " * 5, "en")
    assert not too_hard("There is a message for you. You can read it now.", "en")
