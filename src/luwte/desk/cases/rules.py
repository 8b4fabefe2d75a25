"""What a case number is. Plain values: no framework, no clock, no database."""

from __future__ import annotations

from luwte.desk.cases.errors import CaseUnknown

LONGEST = 100


def case_number(text: str | None) -> str | None:
    """Return `text` without blanks around it, None when nothing is left."""
    number = (text or "").strip()
    if len(number) > LONGEST or not number.isprintable():
        raise CaseUnknown(f"A case number is at most {LONGEST} printable characters. Give the number only.")
    return number or None
