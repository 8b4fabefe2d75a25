"""The Dutch fund for victims of violent crimes (Wsg): a sum by the day of application. Pure."""

from __future__ import annotations

from datetime import date

from luwte.desk.rights.amounts import Money, amount_on
from luwte.desk.rights.law import Jurisdiction

CATEGORIES, KIN = "fund", "fund-kin"


def category(law: Jurisdiction, number: int, applied: date) -> Money:
    """Return the sum of a category by the list of the day of application. Raises `AmountImpossible`."""
    return amount_on(law.amounts[CATEGORIES], applied, number)


def next_of_kin(law: Jurisdiction, applied: date) -> Money:
    """Return the sum for next of kin on the day of application. Raises `AmountImpossible`."""
    return amount_on(law.amounts[KIN], applied)


def to_pay(awarded: Money, elsewhere: Money) -> Money:
    """Return what the fund pays beside compensation from elsewhere: it only fills up (art. 6 Wsg)."""
    return awarded.less(elsewhere)
