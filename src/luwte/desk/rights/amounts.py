"""Money, and the sums of a law by day, by category and by index. Whole cents of one currency; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from luwte.desk.rights.errors import AmountImpossible
from luwte.desk.rights.fields import Fields
from luwte.desk.rights.law import Amount, Source

MOST_CENTS = 10**13
_CURRENCY = re.compile(r"[A-Z]{3}")
_INDEX = re.compile(r"\d{1,6}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """So many cents, zero or more. Sums of two currencies are never mixed: that raises `AmountImpossible`."""

    currency: str
    cents: int

    def __post_init__(self) -> None:
        if type(self.cents) is not int or not 0 <= self.cents <= MOST_CENTS:
            raise AmountImpossible(f"{self.cents!r} is no amount. Give whole cents, from 0 to {MOST_CENTS}.")
        if not _CURRENCY.fullmatch(self.currency):
            raise AmountImpossible(f"{self.currency!r} is no currency. Give three capitals: EUR.")

    def plus(self, other: Money) -> Money:
        """Return the sum of both."""
        return Money(self.currency, self.cents + self._same(other))

    def less(self, other: Money) -> Money:
        """Return what is left of this when `other` is taken off, never less than nothing."""
        return Money(self.currency, max(0, self.cents - self._same(other)))

    def least(self, other: Money) -> Money:
        """Return the smaller of both."""
        return Money(self.currency, min(self.cents, self._same(other)))

    def most(self, other: Money) -> Money:
        """Return the larger of both."""
        return Money(self.currency, max(self.cents, self._same(other)))

    def percent(self, share: int) -> Money:
        """Return `share` per cent of this, rounded down to a cent."""
        return Money(self.currency, self.cents * share // 100)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise AmountImpossible(
                f"{other.currency} cannot be counted with {self.currency}. Give both in one currency."
            )
        return other.cents


def total(amounts: tuple[Money, ...], currency: str) -> Money:
    """Return the sum of `amounts`, nothing in `currency` when there are none."""
    found = Money(currency, 0)
    for one in amounts:
        found = found.plus(one)
    return found


def amount_on(amount: Amount, day: date, category: int = 1) -> Money:
    """Return the sum that holds on `day` for a category, from 1 on. Raises `AmountImpossible` without one."""
    held = [since for since in amount.dated if since <= day]
    if not held:
        raise AmountImpossible(f"{amount.id}: no amount is known for {day}. Add it to the file of law.")
    sums = amount.dated[max(held)]
    if not 1 <= category <= len(sums):
        raise AmountImpossible(f"{amount.id}: there is no category {category}; there are {len(sums)}.")
    return Money(amount.currency, sums[category - 1])


def amount_of_year(amount: Amount, year: int) -> Money:
    """Return the sum of a calendar year: grown by the index of the year before over that of the base year.

    In the first year, and when the index fell, it is the plain sum. Rounded to the nearest cent, halves up.
    Raises `AmountImpossible` when the index is not known yet.
    """
    first = min(amount.dated)
    plain = amount_on(amount, date(max(first.year, min(year, 9999)), 12, 31))
    if year < first.year:
        raise AmountImpossible(f"{amount.id}: it does not exist before {first.year}.")
    if year == first.year or not amount.index:
        return plain
    if year - 1 not in amount.index:
        raise AmountImpossible(
            f"{amount.id}: the amount of {year} needs the index of {year - 1}. Add it to the file of law."
        )
    growth = max(Fraction(1), Fraction(amount.index[year - 1]) / Fraction(amount.index[amount.base]))
    return Money(amount.currency, int(plain.cents * growth + Fraction(1, 2)))


def amount_of(fields: Fields, name: str, source: Source) -> Amount:
    """Return the amount `name` that a table of a file of law says. Raises `JurisdictionWrong`."""
    currency = fields.text("currency")
    if not _CURRENCY.fullmatch(currency):
        raise fields.wrong("currency", "give three capitals: EUR.")
    dated = {fields.as_day("dated", day): _sums(fields, sums) for day, sums in fields.table("sums").items()}
    if not dated:
        raise fields.wrong("sums", "give at least one day with its sums.")
    index, base = _index(fields), fields.number("base", 0, 2200, 0)
    if index and base not in index:
        raise fields.wrong("base", "the index of the base year is missing.")
    amount = Amount(name, currency, source, MappingProxyType(dated), MappingProxyType(index), base)
    return fields.ended(amount)


def _sums(fields: Fields, sums: object) -> tuple[int, ...]:
    if not isinstance(sums, list) or not 1 <= len(sums) <= 50:
        raise fields.wrong("sums", "give a list of 1 to 50 sums in cents.")
    for one in sums:
        if type(one) is not int or not 0 < one <= MOST_CENTS:
            raise fields.wrong("sums", f"{one!r} is no sum in whole cents.")
    return tuple(sums)


def _index(fields: Fields) -> Mapping[int, str]:
    found = {}
    for year, value in fields.table("index", empty=True).items():
        if not (year.isascii() and year.isdecimal() and len(year) == 4):
            raise fields.wrong("index", f"{year!r} is no year.")
        if not isinstance(value, str) or not _INDEX.fullmatch(value) or not Fraction(value):
            raise fields.wrong("index", f'{value!r} is no index. Write it as a text: "245.12".')
        found[int(year)] = value
    return found
