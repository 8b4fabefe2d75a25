"""The Dutch advance: the State pays what a convict did not, eight months after the judgment is final. Pure.

Art. 36f Sr; for the violent and sexual crimes of art. 4:14(2) Besluit tenuitvoerlegging without a ceiling,
for others up to EUR 5,000 (judgments final from 2016-01-01).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from luwte.desk.rights.amounts import Money, amount_on
from luwte.desk.rights.days import Unit, later
from luwte.desk.rights.law import Jurisdiction

CEILING = "advance-ceiling"
MONTHS = 8


@dataclass(frozen=True, slots=True)
class Advance:
    """From which day on the State pays, and at least and at most how much; equal when it is sure."""

    day: date
    least: Money
    most: Money

    @property
    def sure(self) -> bool:
        """Return whether the sum is sure; if not, a jurist decides."""
        return self.least == self.most


def advance(law: Jurisdiction, award: Money, paid: Money, final: date, *, listed: bool | None) -> Advance:
    """Return the advance for an `award` of which `paid` was received, of a judgment that is final on a day.

    `listed`: whether the crime is on the list without a ceiling, None when that is not sure. How payments
    count against the ceiling is not sure either. Raises `AmountImpossible` without a ceiling for `final`.
    """
    rest = award.less(paid)
    ceiling = amount_on(law.amounts[CEILING], final)
    least = rest if listed else rest.least(ceiling.less(paid))
    most = rest.least(ceiling) if listed is False else rest
    return Advance(later(final, MONTHS, Unit.MONTHS), least, most)
