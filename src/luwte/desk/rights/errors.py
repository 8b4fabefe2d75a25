"""What can be wrong with the data of a law, or with what it is applied to, each as one sentence."""

from __future__ import annotations

from luwte.base.errors import BadInput


class ExpressionWrong(BadInput):
    """A deadline is not written in the grammar; the sentence says where and what may stand there."""


class JurisdictionWrong(BadInput):
    """A file of law cannot be used: which file, which rule, which field, and why."""

    def __init__(self, file: str, where: str, field: str, why: str) -> None:
        place = ", ".join(one for one in (where, f"field {field!r}" if field else "") if one)
        super().__init__(f"{file}: {place + ': ' if place else ''}{why}")


class NoLaw(BadInput):
    """No law is known for this country on this day."""

    def __init__(self, country: str, day: object, first: object) -> None:
        known = f"the first is of {first}" if first else "no file is of this country"
        super().__init__(
            f"No law of {country!r} is known for {day}: {known}. docs/jurisdictions.md says how to add one."
        )


class CaseImpossible(BadInput):
    """The steps, the person or the acts cannot be computed with; the sentence says what to change."""


class AmountImpossible(BadInput):
    """A sum cannot be computed with these amounts; the sentence says what to change."""
