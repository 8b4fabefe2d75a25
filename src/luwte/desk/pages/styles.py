"""Join the vendored style sheets with our own into the one file that a page loads.

`python -m luwte.desk.pages.styles` writes `static/pages/look.css`, and compressed beside it, which the server
sends to browsers that take it. No Node, no network.
"""

from __future__ import annotations

import gzip
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOOK = HERE / "static" / "pages" / "look.css"
PACKED = LOOK.with_suffix(".css.gz")

_HEADING = """/*
 * Style of Luwte. Licensed under the EUPL-1.2.
 * Holds parts of NL Design System (EUPL-1.2): candidate components, copyright its community;
 * Utrecht components, copyright Frameless B.V. and Gemeente Utrecht. Versions and licence: desk/pages/vendor.
 * Made by `python -m luwte.desk.pages.styles`; change the parts, not this file.
 */
"""


def joined() -> str:
    """Return the whole style sheet: tokens, the vendored parts by name, our own rules last."""
    parts = [
        HERE / "style" / "tokens.css",
        *sorted((HERE / "vendor").glob("*.css")),
        HERE / "style" / "own.css",
    ]
    return _HEADING + "".join(part.read_text(encoding="utf-8") for part in parts)


if __name__ == "__main__":
    LOOK.write_text(joined(), encoding="utf-8")
    PACKED.write_bytes(gzip.compress(joined().encode(), mtime=0))
