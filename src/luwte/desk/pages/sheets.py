"""A style sheet as rules, and which of them pages with given class names can use. No framework, no files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

_SIGN = re.compile(r"""/\*.*?\*/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}();,]|[^/"'{}();,]+|/""", re.DOTALL)
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
_FUNCTION = re.compile(r"(:[a-z-]+)\(")
_ONE_OF = frozenset({":is", ":where", ":has"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Selectors (for an at-rule: its head alone), and declarations or, in an at-rule, more rules."""

    selectors: tuple[str, ...]
    declarations: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def text(self) -> str:
        """The rule as a style sheet writes it, without a blank too many."""
        inside = "".join(rule.text for rule in self.rules) + ";".join(self.declarations)
        return f"{','.join(self.selectors)}{{{inside}}}"


def rules_of(sheet: str) -> tuple[Rule, ...]:
    """Return the rules of a style sheet, in order; comments are left out. Raises `ValueError`."""
    signs = (sign for sign in _SIGN.findall(sheet) if not sign.startswith("/*"))
    head, rules, depth = "", [], 0
    for sign in signs:
        depth += (sign == "(") - (sign == ")")
        if sign == "{":
            rules.append(_rule(head, signs))
            head = ""
        elif sign in ("}", ";") and not depth:
            raise ValueError(f"{sign!r} after {head!r}: this style sheet is not whole.")
        else:
            head += sign
    if head.strip():
        raise ValueError(f"{head!r} has no declarations: this style sheet is not whole.")
    return tuple(rules)


def usable(rules: tuple[Rule, ...], classes: Set[str]) -> Iterator[Rule]:
    """Yield what of `rules` can apply to a page whose elements have no other than these classes."""
    for rule in rules:
        if rule.rules:
            inside = tuple(usable(rule.rules, classes))
            if inside:
                yield Rule(rule.selectors, rules=inside)
        elif kept := tuple(one for one in rule.selectors if _matches(one, classes)):
            yield Rule(kept, rule.declarations)


def classes_of(rules: tuple[Rule, ...]) -> set[str]:
    """Return the classes that `rules` are about."""
    found: set[str] = set()
    for rule in rules:
        found |= classes_of(rule.rules) if rule.rules else set(_CLASS.findall(",".join(rule.selectors)))
    return found


def _rule(head: str, signs: Iterator[str]) -> Rule:
    """Read what is between the braces behind `head`."""
    selectors = tuple(map(_tidy, _split(head))) if not head.strip().startswith("@") else (_tidy(head),)
    part, depth, parts, rules = "", 0, [], []
    for sign in signs:
        depth += (sign == "(") - (sign == ")")
        if sign == "{":
            rules.append(_rule(part, signs))
            part = ""
        elif sign == "}":
            parts.append(part)
            return Rule(selectors, tuple(_declaration(one) for one in parts if one.strip()), tuple(rules))
        elif sign == ";" and not depth:
            parts.append(part)
            part = ""
        else:
            part += sign
    raise ValueError(f"{_tidy(head)!r} does not end: this style sheet is not whole.")


def _matches(selector: str, classes: Set[str]) -> bool:
    """Whether an element can match; what stands in `:not()` never keeps it from that."""
    outside, functions = _opened(selector)
    if not set(_CLASS.findall(outside)) <= classes:
        return False
    inside = [_split(each) for name, each in functions if name in _ONE_OF]
    return all(any(_matches(one, classes) for one in choices) for choices in inside)


def _opened(selector: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a selector without its functions, and each function with what stands in it."""
    outside, functions, place = "", [], 0
    while found := _FUNCTION.search(selector, place):
        outside += selector[place : found.start()]
        end, depth = found.end(), 1
        while depth:
            depth += {"(": 1, ")": -1}.get(selector[end], 0)
            end += 1
        functions.append((found[1], selector[found.end() : end - 1]))
        place = end
    return outside + selector[place:], functions


def _split(text: str) -> list[str]:
    """Return the parts between commas that stand in no brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _declaration(text: str) -> str:
    name, _, value = _tidy(text).partition(":")
    return f"{name.strip()}:{value.strip()}"


def _tidy(text: str) -> str:
    return " ".join(text.split())
