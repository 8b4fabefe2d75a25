"""Join the vendored style sheets with our own into the one file that a page loads.

`python -m luwte.desk.pages.styles` writes `static/pages/look.css`, and compressed beside it, which the server
sends to browsers that take it. Rules for classes that no page has are left out, and questions for properties
that nobody sets are answered. No Node, no network.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from luwte.desk.pages.sheets import Rule, rules_of, usable
from luwte.desk.pages.variables import settled

HERE = Path(__file__).resolve().parent
DESK = HERE.parent
LOOK = HERE / "static" / "pages" / "look.css"
PACKED = LOOK.with_suffix(".css.gz")

_NAME = re.compile(r"\b(?:lw|nl|utrecht)-[\w-]*\w")
_HEADING = """/*
 * Style of Luwte. Licensed under the EUPL-1.2.
 * Holds parts of NL Design System (EUPL-1.2): candidate components, copyright its community;
 * Utrecht components, copyright Frameless B.V. and Gemeente Utrecht. Versions and licence: desk/pages/vendor.
 * Rules and properties of theirs that no page uses are left out, and blanks.
 * Made by `python -m luwte.desk.pages.styles`; change the parts, not this file.
 */
"""


def names() -> set[str]:
    """Return every class that a template, a script or the code of a room with pages writes.

    They are known by how they begin, wherever they stand: a class must be written whole, never put together.
    """
    parts = [part for kind in ("html", "py", "js") for part in DESK.rglob(f"*.{kind}")]
    return {name for part in parts for name in _NAME.findall(part.read_text(encoding="utf-8"))}


def whole() -> tuple[Rule, ...]:
    """Return every rule: tokens, the vendored parts by name, our own last."""
    parts = [
        HERE / "style" / "tokens.css",
        *sorted((HERE / "vendor").glob("*.css")),
        HERE / "style" / "own.css",
    ]
    return tuple(rule for part in parts for rule in rules_of(part.read_text(encoding="utf-8")))


def rules() -> tuple[Rule, ...]:
    """Return what of every rule pages use."""
    return settled(tuple(usable(whole(), names())))


def joined() -> str:
    """Return the style sheet, a rule a line."""
    return _HEADING + "".join(f"{rule.text}\n" for rule in rules())


if __name__ == "__main__":
    LOOK.write_text(joined(), encoding="utf-8")
    PACKED.write_bytes(gzip.compress(joined().encode(), mtime=0))
