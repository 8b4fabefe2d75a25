"""Drawing in SVG by hand: elements as text, escaped, under a title and a description for who does not see
them.

No script and no `style` attribute, which a strict content security policy refuses: presentation attributes
and classes alone. Source: SVG 2 (W3C), 5.8 title and desc; SVG Accessibility API Mappings 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Drawn(str):
    """An SVG element as text; escaped when it was made, so templates put it in as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text itself."""
        return str(self)


def words(text: str) -> Drawn:
    """Return a text as it may stand inside an element or an attribute."""
    return Drawn(escape(text))


def tag(name: str, *inside: Drawn, **attributes: str | float) -> Drawn:
    """Return the element `name`. An attribute `text_anchor` is written text-anchor, `class_` is class.

    Numbers are rounded to a tenth, which no eye sees.
    """
    written = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items())
    return Drawn(f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>")


def picture(
    title: str, description: str, parts: Iterable[Drawn], *, width: int, height: int, name: str = ""
) -> Drawn:
    """Return the whole SVG; `name` begins its ids, for more than one on a page."""
    ids = [f"{name}-{one}" if name else one for one in ("title", "desc")]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{escape(" ".join(ids))}" font-family="sans-serif" font-size="14">',
        tag("title", words(title), id=ids[0]),
        tag("desc", words(description), id=ids[1]),
        *parts,
        "</svg>",
    ]
    return Drawn("\n".join(lines) + "\n")


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else str(round(value, 1))
