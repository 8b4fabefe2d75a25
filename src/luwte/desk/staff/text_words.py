"""Words for what is wrong with a text, by the rule for words that it breaks."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def rules() -> dict[str, str]:
    """Return in words what each rule is about."""
    return {
        "certainty": _("it claims more than anybody knows"),
        "hundred percent": _("it claims more than anybody knows"),
        "totals": _("it counts, or says that nothing is left out"),
        "commands": _("it tells somebody what to do"),
        "blame": _("it can be read as blame"),
        "viewers": _("it says how many people looked"),
        "what is shown": _("it says what can be seen"),
        "outside": _("others may see it, and it says what this is about"),
        "coverage": _("it speaks of an empty search, and not of what was searched until when"),
        "readability": _("it is hard to read"),
        "gaps": _("its gaps are not those of this text"),
        "length": _("it is too long"),
        "characters": _("it holds characters that cannot be printed"),
    }


def faults(found: Iterable[str]) -> list[str]:
    """Return faults of the linter ("rule: what") as sentences for whoever writes the text."""
    known = rules()
    parts = (one.partition(": ") for one in found)
    return [f"{known[rule]}: {what}" if rule in known else f"{rule}: {what}" for rule, _, what in parts]
