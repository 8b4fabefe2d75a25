"""What tells reviewers' names apart: two that look alike are one, so that nobody decides twice. Pure."""

from __future__ import annotations

import unicodedata

ALIKE = str.maketrans("01i\u0131", "olll")
LAST_LATIN = "\u024f"
"""Latin letters beyond this one are those of phonetics, which resemble others and stand in no name."""


def name_key(name: str) -> str:
    """Return what all spellings of a name have in common; "" when no letter or digit is in it.

    Width, capitals, accents, blanks and dashes make no difference, nor a 0 for an o, or a 1 or an i for an l
    (Unicode Technical Standard 39, section 4, has the idea; its table is much longer).
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    kept = (one for one in plain if unicodedata.category(one)[0] in "LMN" and not unicodedata.combining(one))
    return "".join(kept).translate(ALIKE)


def scripts(name: str) -> frozenset[str]:
    """Return the scripts that the letters of a name are of, as Unicode names them: LATIN, CYRILLIC, ..."""
    letters = (one for one in unicodedata.normalize("NFKD", name) if one.isalpha())
    return frozenset(_script(one) for one in letters)


def _script(letter: str) -> str:
    script = unicodedata.name(letter, "UNKNOWN").partition(" ")[0]
    return "PHONETIC" if script == "LATIN" and letter > LAST_LATIN else script
