"""Hold every text of the registry, in every filled variant, against the rules for words (T6, T13)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from luwte.desk.words.claims import breaches
from luwte.desk.words.readability import too_hard
from luwte.desk.words.registry import OUTSIDE, Template, templates

VALUES: Mapping[str, tuple[str, ...]] = {
    "url": ("https://a.nl/", f"https://{'berichten-' * 12}.example.org/"),
    "worker": ("Bo", "Maria Wilhelmina van der Vaart-de Bruijn"),
    "number": ("0", "1", "9.999.999"),
    "day": ("1 mei 2026", "30 september 2026"),
}
"""The least and the most that each variable may become."""


def variants(one: Template) -> list[str]:
    """Return the whole text of `one`, filled with each combination of extreme values."""
    names = sorted(one.variables)
    combinations = product(*(VALUES[name] for name in names))
    filled = (one.fill(**dict(zip(names, values, strict=True))) for values in combinations)
    return ["\n".join(text.parts()) for text in filled]


def faults(one: Template) -> list[str]:
    """Return what is wrong with `one` in any variant, each as "rule: what"; none is well."""
    found = [fault for whole in variants(one) for fault in _of(whole, one)]
    return list(dict.fromkeys(found))


def all_faults() -> dict[Template, list[str]]:
    """Return the faults of every text that has any."""
    return {one: found for one in templates() if (found := faults(one))}


def _of(whole: str, one: Template) -> list[str]:
    claims = breaches(whole, one.words, outside=one.place == OUTSIDE)
    hard = too_hard(whole, one.words)
    return [f"{hit.rule}: {hit.found!r}" for hit in claims] + [f"readability: {text}" for text in hard]
