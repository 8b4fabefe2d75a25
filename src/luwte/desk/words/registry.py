"""The registry of texts: what leaves the desk, and the fixed sentences that people read inside.

One TOML file a text under `templates/`: where it is read (`place`), its `variables`, and its versions, each
in the three registers. An old version stays, so that what was once sent can be read back. No framework, no
database: who signed which text is kept by `luwte.desk.words.services`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from luwte.desk.words.errors import TemplateUnknown, VariableMissing

FOLDER = Path(__file__).resolve().parent / "templates"
REGISTERS = ("nl", "nl-youth", "en")
OUTSIDE = "outside"
INSIDE = "inside"
LONGEST = 300
"""Characters of one value that is filled in."""


@dataclass(frozen=True, slots=True)
class Text:
    """The parts of a text; a part that it does not have is empty."""

    subject: str = ""
    body: str = ""

    def parts(self) -> tuple[str, ...]:
        """Return the parts that are there."""
        return tuple(part for part in (self.subject, self.body) if part)


@dataclass(frozen=True, slots=True)
class Template:
    """One version of one text in one register. `place`: seen from outside, or by who is signed in."""

    id: str
    version: int
    words: str
    place: str
    text: Text
    variables: frozenset[str]

    @property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, over id, version, register and text: what a signature is about."""
        parts = (self.id, str(self.version), self.words, self.text.subject, self.text.body)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()

    def fill(self, **values: str) -> Text:
        """Return the text with its variables filled in. Raises `VariableMissing`."""
        _check(self, values)
        return Text(self.text.subject.format(**values), self.text.body.format(**values))


def text(template_id: str, words: str, **values: str) -> Text:
    """Return the newest version of a text in the register `words`, filled in.

    Raises `TemplateUnknown` and `VariableMissing`.
    """
    return template(template_id, words).fill(**values)


def template(template_id: str, words: str, version: int | None = None) -> Template:
    """Return one text in one register: the newest version, unless told which. Raises `TemplateUnknown`."""
    known = _known()
    if words not in REGISTERS:
        raise TemplateUnknown(f"There are no texts in {words!r}. Choose one of: {', '.join(REGISTERS)}.")
    if template_id not in known:
        raise TemplateUnknown(
            f"There is no text {template_id!r}. `luwte desk words list` shows the texts that there are."
        )
    versions = known[template_id]
    found = versions.get(max(versions) if version is None else version)
    if found is None:
        raise TemplateUnknown(
            f"The text {template_id!r} has no version {version}. The newest is {max(versions)}."
        )
    return found[words]


def templates() -> list[Template]:
    """Return the newest version of every text in every register, by id."""
    return [template(one, words) for one in sorted(_known()) for words in REGISTERS]


def versions(template_id: str) -> list[int]:
    """Return the numbers of the versions of a text, the newest first. Raises `TemplateUnknown`."""
    newest = template(template_id, REGISTERS[0])
    return sorted(_known()[newest.id], reverse=True)


def drafted(template_id: str, version: int, words: str, text: Text) -> Template:
    """Return a text that is no file yet, with the place and the variables that its text has now.

    Raises `TemplateUnknown`, and `ValueError` when it is no whole text.
    """
    now = template(template_id, words)
    return _whole(Template(template_id, version, words, now.place, text, now.variables))


def read(path: Path) -> dict[int, dict[str, Template]]:
    """Return the versions of the text that the file at `path` holds, by version and register.

    Raises `TemplateUnknown` when the file is no whole text.
    """
    try:
        return _versions(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise TemplateUnknown(
            f"The file {path.name} is no whole text ({error}). It needs place, variables and [[versions]], "
            f"each with version, {', '.join(REGISTERS)}."
        ) from error


@cache
def _known() -> Mapping[str, dict[int, dict[str, Template]]]:
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _versions(name: str, found: dict[str, Any]) -> dict[int, dict[str, Template]]:
    if found["place"] not in (OUTSIDE, INSIDE) or not found["versions"]:
        raise ValueError("an unknown place, or no version")
    variables = frozenset(found["variables"])
    return {
        one["version"]: {
            words: _whole(
                Template(name, one["version"], words, found["place"], Text(**one[words]), variables)
            )
            for words in REGISTERS
        }
        for one in found["versions"]
    }


def _whole(one: Template) -> Template:
    """Every variable is declared, and each that is declared is used in every register."""
    used = {name for part in one.text.parts() for name in _used(part)}
    if not one.text.body or used != one.variables:
        raise ValueError(f"version {one.version} in {one.words} uses {sorted(used)}")
    return one


def _used(part: str) -> Iterator[str]:
    """A gap holds a name and nothing else: a format could ask for gigabytes, or for more than a value."""
    for _, name, form, conversion in Formatter().parse(part):
        if form or conversion:
            raise ValueError(f"the gap {name!r} holds more than a name")
        if name is not None:
            yield name


def _check(one: Template, values: Mapping[str, object]) -> None:
    where = f"The text {one.id!r} in {one.words}"
    if missing := sorted(one.variables - set(values)):
        raise VariableMissing(f"{where} needs {', '.join(missing)}. Give a value for each.")
    if unknown := sorted(set(values) - one.variables):
        raise VariableMissing(f"{where} has no place for {', '.join(unknown)}. Leave it out.")
    for name, value in values.items():
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
            raise VariableMissing(
                f"The value of {name} cannot stand in the text {one.id!r}. "
                f"Give 1 to {LONGEST} printable characters."
            )
