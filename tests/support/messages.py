"""Find every text that is marked for translation, in templates and in code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

_CALL = re.compile(r"""\b(n?)gettext\((u(['"]).*?(?<!\\)\3(?:, u(['"]).*?(?<!\\)\4)?)""", re.DOTALL)
_POLITE = re.compile(r"\b(u|uw|uwe|uwen|uzelf)\b", re.IGNORECASE)
_MARKERS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def marked(folder: Path) -> set[tuple[str, str | None]]:
    """Return (text, plural or None) for each text marked below `folder`."""
    found: set[tuple[str, str | None]] = set()
    for template in folder.rglob("*.html"):
        found.update(_in_template(template.read_text(encoding="utf-8")))
    for module in folder.rglob("*.py"):
        found.update(_in_code(module.read_text(encoding="utf-8")))
    return found


def says_u(text: str) -> bool:
    """Return whether a Dutch text addresses its reader with "u"."""
    return _POLITE.search(text) is not None


def _in_template(source: str) -> Iterator[tuple[str, str | None]]:
    for hit in _CALL.finditer(str(templatize(source))):
        texts = ast.literal_eval(f"[{hit.group(2)}]")
        yield texts[0], texts[1] if hit.group(1) else None


def _in_code(source: str) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MARKERS):
            continue
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if texts:
            yield texts[0], texts[1] if len(texts) > 1 else None
