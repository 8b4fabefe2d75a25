"""What a text may never claim (T13), and what may never be seen from outside (T6), for machines to check.

Each rule is a pattern in Dutch and in English. Patterns cannot see meaning: a text that passes still needs
a reader. A sentence that breaks a rule on good grounds is put in `REVIEWED` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["nl", "en"]


@dataclass(frozen=True)
class Breach:
    """One place where a text breaks a rule: the rule's name, and the words found."""

    rule: str
    found: str


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


INSIDE: Mapping[str, Mapping[Language, re.Pattern[str]]] = {
    "certainty": {
        "nl": _words(
            r"zekere?|zekerheid|gegarandeerd|garantie|altijd|nooit|definitieve?|voorgoed|overal|bewezen|volledige?"
            r"|alles is (?:weg|verwijderd)|honderd procent|u bent veilig"
        ),
        "en": _words(
            r"certain(?:ly|ty)?|guarantee[ds]?|always|never|definitely|for good|everywhere|proven"
            r"|complete(?:ly)?|everything (?:is|was) (?:gone|removed)|a hundred percent|you are safe"
        ),
    },
    "hundred percent": {"nl": re.compile(r"\b100 ?%"), "en": re.compile(r"\b100 ?%")},
    "totals": {
        "nl": _words(
            r"alle|totaal|in totaal"
            r"|\d+ (?:beelden|foto'?s|plaatjes|bestanden|video'?s|slachtoffers|hits|treffers)"
        ),
        "en": _words(r"all|total|in total|\d+ (?:images|pictures|photos|files|videos|victims|hits|matches)"),
    },
    "commands": {
        "nl": _words(r"u moet|u dient|verplicht|onmiddellijk|direct reageren|laatste kans|dringend"),
        "en": _words(r"you must|you need to|required to|immediately|act now|last chance|urgent(?:ly)?"),
    },
    "blame": {
        "nl": _words(
            r"had u|had moeten|eigen schuld|waarom heeft u|zelf (?:gemaakt|gedeeld|verstuurd)"
            r"|toegelaten|uitgelokt"
        ),
        "en": _words(
            r"you should have|why did you|your (?:own )?fault|you (?:shared|sent|made|let|allowed)"
            r"|courag\w+|brave"
        ),
    },
    "viewers": {
        "nl": _words(r"\d+ ?(?:x|keer)? ?(?:bekeken|gedeeld|gedownload)|kijkers|views|populair|viraal"),
        "en": _words(r"\d+ (?:views?|downloads?|shares?)|viewed|viewers|popular|viral|trending"),
    },
    "what is shown": {
        "nl": _words(r"te zien (?:is|zijn|bent)|waarop (?:u|je)|naakt\w*|seks\w*|dader\w*"),
        "en": _words(r"depict\w*|pictured|shows you|in which you|nude|naked|sex\w*|offender\w*"),
    },
}
"""Rules for every text, for persons and for staff."""

OUTSIDE: Mapping[Language, re.Pattern[str]] = {
    "nl": _words(
        r"slachtoffer\w*|politie|justitie|misbruik\w*|beeld(?:en|materiaal)?|foto\w*|video\w*|zaak|zaken|strafzaak"
        r"|onderzoek|aangifte|vondst\w*|gevonden|hulpverlener\w*|luwte"
    ),
    "en": _words(
        r"victim\w*|police|prosecut\w*|abuse\w*|image\w*|picture\w*|photo\w*|video\w*|case|cases|crime\w*|criminal"
        r"|investigation|finding\w*|found|care worker\w*|luwte"
    ),
}
"""Words that no text outside the signed-in pages may carry: mail, envelope, title, sign-in page."""

REVIEWED: Mapping[str, str] = {}
"""Texts that break a rule on purpose, whole, with the reason why they may."""


def breaches(text: str, language: Language, *, outside: bool = False) -> list[Breach]:
    """Return every breach in `text`; `outside` adds the words that reveal the nature of the service.

    Source: invariants T6 and T13 of the rules of telling.
    """
    if text in REVIEWED:
        return []
    rules = [(name, patterns[language]) for name, patterns in INSIDE.items()]
    if outside:
        rules.append(("outside", OUTSIDE[language]))
    return [Breach(name, hit.group()) for name, pattern in rules for hit in pattern.finditer(text)]
