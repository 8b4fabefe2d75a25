"""What a text may never claim (T13), and what may never be seen from outside (T6), for machines to check.

Each rule is a pattern in Dutch (also as young people read it) and in English. Patterns cannot see meaning: a
text that passes still needs a reader. A sentence that breaks a rule on good grounds is put in `REVIEWED` with
the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["nl", "en"]
"""The languages; a register ("nl-youth") is checked by the patterns of its language."""


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
            r"|alles is (?:weg|verwijderd)|honderd procent"
            r"|(?:is|ben|bent|blijft|blijf) veilig|veilig (?:bent|blijft)|komt niet meer terug"
            r"|beloven|beloofd"
        ),
        "en": _words(
            r"certain(?:ly|ty)?|guarantee[ds]?|always|never|definitely|for good|everywhere|proven"
            r"|complete(?:ly)?|everything (?:is|was) (?:gone|removed)|a hundred percent"
            r"|(?:is|are|stay|be|you're|it's) safe|will not come back|promise[ds]?"
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
        "nl": _words(
            r"u moet|je moet|jij moet|moet (?:u|je|jij)|u dient|verplicht|onmiddellijk"
            r"|direct reageren|laatste kans|dringend"
        ),
        "en": _words(r"you must|you need to|required to|immediately|act now|last chance|urgent(?:ly)?"),
    },
    "blame": {
        "nl": _words(
            r"had (?:u|je|jij)|had moeten|eigen schuld|jouw schuld|waarom (?:heeft|hebt) u"
            r"|waarom heb (?:je|jij)|zelf (?:gemaakt|gedeeld|verstuurd)"
            r"|(?:u|je) hebt [^.]{1,40}niet (?:gelezen|geopend)|toegelaten|uitgelokt|dapper|moedig"
        ),
        "en": _words(
            r"you should have|why did you|you (?:did not|didn't) (?:read|open|answer)|your (?:own )?fault"
            r"|you (?:shared|sent|made|let|allowed)|courag\w+|brave"
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
        r"slachtoffer\w*|politie|recherche|justitie|misbruik\w*|beeld(?:en|materiaal)?|foto\w*|video\w*|zaak|zaken"
        r"|strafzaak|onderzoek(?:en)?|aangifte|vondst\w*|gevonden|hulpverlen\w*|rechter|rechtbank|zitting|advoca\w*"
        r"|verdachte\w*|veroordeel\w*|vrijlating|ontsnap\w*|schade\w*|internet|trauma\w*|luwte"
    ),
    "en": _words(
        r"victim\w*|police|prosecut\w*|abuse\w*|image\w*|picture\w*|photo\w*|video\w*|case|cases|crime\w*|criminal"
        r"|investigat\w*|finding\w*|found|care workers?|court|judge|hearing|lawyer\w*|suspect\w*|convict\w*"
        r"|released?|escape\w*|compensation|internet|trauma\w*|luwte"
    ),
}
"""Words that no text outside the signed-in pages may carry: mail, envelope, title, sign-in page."""

REVIEWED: Mapping[str, str] = {}
"""Texts that break a rule on purpose, whole, with the reason why they may."""


NOTHING_FOUND: Mapping[Language, re.Pattern[str]] = {
    "nl": _words(r"niets gevonden|vonden (?:wij |we )?niets|niets nieuws voor"),
    "en": _words(r"nothing (?:was |is )?found|found nothing|nothing new for"),
}
SEARCHED: Mapping[Language, re.Pattern[str]] = {
    "nl": _words("tot en met"),
    "en": _words("up to and including"),
}
"""A text that says that nothing was found also says what was searched, and until when (T13)."""


def breaches(text: str, words: str, *, outside: bool = False) -> list[Breach]:
    """Return every breach in `text`, which is in the language or register `words`.

    `outside` adds the words that reveal the nature of the service. Source: invariants T6 and T13 of the rules
    of telling.
    """
    if text in REVIEWED:
        return []
    language: Language = "en" if words == "en" else "nl"
    rules = [(name, patterns[language]) for name, patterns in INSIDE.items()]
    if outside:
        rules.append(("outside", OUTSIDE[language]))
    found = [Breach(name, hit.group()) for name, pattern in rules for hit in pattern.finditer(text)]
    bare = NOTHING_FOUND[language].search(text)
    if bare and not SEARCHED[language].search(text):
        found.append(Breach("coverage", bare.group()))
    return found
