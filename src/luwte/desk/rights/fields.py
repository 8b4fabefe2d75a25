"""Fields of a table of a file of law, taken out one by one; what is left over is refused. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from luwte.desk.rights.errors import JurisdictionWrong
from luwte.desk.rights.law import Words

LONGEST, MOST_ITEMS = 600, 200
_Name = TypeVar("_Name", bound=StrEnum)
_Value = TypeVar("_Value")


class Fields:
    """One table of the file `file`; `where` says which, for the sentence of an error."""

    def __init__(self, file: str, where: str, table: object) -> None:
        self.file, self.where = file, where
        if not isinstance(table, dict):
            raise self.wrong("", "this is no table. Write it as docs/jurisdictions.md shows.")
        self._left: dict[str, Any] = dict(table)

    def wrong(self, field: str, why: str) -> JurisdictionWrong:
        """Return the error that says what is wrong with a field."""
        return JurisdictionWrong(self.file, self.where, field, why)

    def text(self, field: str, *, empty: bool = False) -> str:
        """Return a text of one printable line; `empty`: it may be absent."""
        found = self._take(field, "" if empty else None)
        if not isinstance(found, str) or not (found.strip() or empty) or len(found) > LONGEST:
            raise self.wrong(field, f"give a text of 1 to {LONGEST} characters.")
        if not found.isprintable():
            raise self.wrong(field, "a character in it cannot be printed. Write it on one line.")
        return found

    def words(self, field: str) -> Words:
        """Return a text in both languages."""
        both = Fields(self.file, f"{self.where}, {field}", self._take(field))
        return both.ended(Words(both.text("nl"), both.text("en")))

    def number(self, field: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within bounds; `default` when it is absent."""
        found = self._take(field, default)
        if type(found) is not int or not least <= found <= most:
            raise self.wrong(field, f"give a whole number from {least} to {most}.")
        return found

    def flag(self, field: str, default: bool | None = None) -> bool:
        """Return true or false."""
        found = self._take(field, default)
        if not isinstance(found, bool):
            raise self.wrong(field, "give true or false.")
        return found

    def day(self, field: str) -> date:
        """Return a day."""
        return self.as_day(field, self._take(field))

    def as_day(self, field: str, found: object) -> date:
        """Return `found` as a day; a text of the form 2024-07-01 is one too."""
        if isinstance(found, str):
            try:
                found = date.fromisoformat(found)
            except ValueError:
                found = None
        if not isinstance(found, date) or isinstance(found, datetime) or not 1800 <= found.year <= 2200:
            raise self.wrong(field, "give a day: 2024-07-01.")
        return found

    def one_of(self, field: str, kind: type[_Name], default: _Name | None = None) -> _Name:
        """Return a member of the closed list `kind`."""
        return self.member(field, kind, self._take(field, default))

    def member(self, field: str, kind: type[_Name], found: object) -> _Name:
        """Return `found` as a member of the closed list `kind`."""
        if not isinstance(found, str) or found not in frozenset(kind):
            raise self.wrong(field, f"{found!r} is not known. Choose one of: {', '.join(kind)}.")
        return kind(found)

    def each(self, field: str, read: Callable[[object], _Value], *, empty: bool = True) -> tuple[_Value, ...]:
        """Return a list, each item by `read`; `empty`: it may be absent."""
        found = self._take(field, [] if empty else None)
        if not isinstance(found, list) or len(found) > MOST_ITEMS or not (found or empty):
            raise self.wrong(field, f"give a list of {0 if empty else 1} to {MOST_ITEMS}.")
        return tuple(read(one) for one in found)

    def table(self, field: str, *, empty: bool = False) -> Mapping[str, Any]:
        """Return a table as it is; `empty`: it may be absent."""
        found = self._take(field, {} if empty else None)
        if not isinstance(found, dict) or len(found) > MOST_ITEMS:
            raise self.wrong(field, "give a table.")
        return found

    def ended(self, value: _Value) -> _Value:
        """Return `value`, what was read, when no field is left over."""
        for field in sorted(self._left):
            raise self.wrong(field, "this field is not known. Correct its name, or leave it out.")
        return value

    def _take(self, field: str, default: object = None) -> Any:
        found = self._left.pop(field, default)
        if found is None:
            raise self.wrong(field, "it is missing.")
        return found
