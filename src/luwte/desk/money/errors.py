"""What can be wrong with money, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class MoneyImpossible(BadInput):
    """This amount, day or name cannot be; the sentence says what to change."""


class AwardUnknown(BadInput):
    """No award with this id stands for this person."""

    def __init__(self, award: str) -> None:
        super().__init__(f"No award {award!r} stands for this person. `luwte desk money show` lists them.")


class PayoutImpossible(BadInput):
    """A payout cannot be asked for, decided or paid like this; the sentence says why."""


class ReceiptDiffers(BadInput):
    """The same payment was recorded before with another amount, day or award."""

    def __init__(self) -> None:
        super().__init__(
            "A payment with this reference was recorded before, with another amount, day or award. What is "
            "recorded stays; give another reference, or take the first one back."
        )
