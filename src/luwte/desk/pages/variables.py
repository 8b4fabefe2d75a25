"""Custom properties of a style sheet, worked out where they come to the same on every page.

Parts of a design system ask for hundreds of properties that nobody sets, each with what else would do.
Nothing but the style sheet can set one here (no script, no `style=`), so what no rule sets is known to be not
set. What stays means what it meant: CSS Custom Properties for Cascading Variables Level 1, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import replace

from luwte.desk.pages.sheets import Rule

_READ = re.compile(r"var\(\s*(--[\w-]+)")
_NOT_SET = "initial"
_IMPORTANT = "!important"


def settled(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return `rules` without properties that nobody reads or that are asked for and set by nobody."""
    while (found := tuple(_settled(rules, _names_set(rules), _names_read(rules)))) != rules:
        rules = found
    return rules


def _settled(rules: tuple[Rule, ...], names_set: Set[str], names_read: Set[str]) -> Iterator[Rule]:
    for rule in rules:
        inside = tuple(_settled(rule.rules, names_set, names_read))
        kept = (
            _worked_out(one, names_set)
            for one in rule.declarations
            if not one.startswith("--") or _name(one) in names_read
        )
        found = replace(rule, rules=inside, declarations=tuple(kept))
        if found.rules or found.declarations:
            yield found


def _worked_out(declaration: str, names_set: Set[str]) -> str:
    """A declaration whose value cannot be known counts as `unset`, a custom property as not set."""
    name, _, value = declaration.partition(":")
    found = _value(value, names_set)
    if found is not None:
        return f"{name}:{found}"
    if name.startswith("--"):
        return f"{name}:{_NOT_SET}"
    return f"{name}:unset{_IMPORTANT if value.endswith(_IMPORTANT) else ''}"


def _value(value: str, names_set: Set[str]) -> str | None:
    """Return a value without questions for properties that nobody sets; None when nothing else would do."""
    found = re.search(r"var\(", value)
    if found is None:
        return value
    end = _closing(value, found.end())
    name, comma, otherwise = (part.strip() for part in value[found.end() : end].partition(","))
    instead = _value(otherwise, names_set) if comma else None
    rest = _value(value[end + 1 :], names_set)
    if name in names_set:
        instead = f"var({name})" if instead is None else f"var({name},{instead})"
    if instead is None or rest is None:
        return None
    return value[: found.start()] + instead + rest


def _closing(text: str, place: int) -> int:
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        place += 1
    return place - 1


def _names_set(rules: tuple[Rule, ...]) -> set[str]:
    found = {_name(one) for one in _declarations(rules) if not one.endswith(f":{_NOT_SET}")}
    return {name for name in found if name.startswith("--")}


def _names_read(rules: tuple[Rule, ...]) -> set[str]:
    return {name for one in _declarations(rules) for name in _READ.findall(one)}


def _declarations(rules: tuple[Rule, ...]) -> Iterator[str]:
    for rule in rules:
        yield from rule.declarations
        yield from _declarations(rule.rules)


def _name(declaration: str) -> str:
    return declaration.partition(":")[0]
