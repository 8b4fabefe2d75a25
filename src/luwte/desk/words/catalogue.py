"""Read gettext catalogues (.po) and compile them (.mo) in plain Python, where no gettext tools are.

The texts of a language stand in several .po files, one for each part of the pages, and become one .mo file.
`python -m luwte.desk.words.catalogue` compiles them all. A variant of a language has only the texts that it
says in other words; the others are those of its language. Formats: GNU gettext manual, "PO Files", "MO
Files".
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = ("nl", "en")
VARIANTS = {"nl-youth": "nl"}
"""Each with the language of which it is one: Dutch for young people."""

_MAGIC = 0x950412DE


@dataclass
class Message:
    """One entry: the source text, its plural, its context and the translations in order of plural form."""

    source: str = ""
    plural: str | None = None
    context: str | None = None
    translations: list[str] = field(default_factory=list)

    def key(self) -> bytes:
        """Return the key under which the compiled catalogue files it."""
        context = f"{self.context}\x04" if self.context is not None else ""
        plural = f"\x00{self.plural}" if self.plural is not None else ""
        return f"{context}{self.source}{plural}".encode()

    def value(self) -> bytes:
        """Return the translations as the compiled catalogue holds them."""
        return "\x00".join(self.translations).encode()


def compiled_path(language: str) -> Path:
    """Return where the compiled catalogue of `language`, or of a variant, lies: where Django looks for it."""
    name, _, variant = language.partition("-")
    folder = f"{name}_{variant.title()}" if variant else name
    return LOCALE / folder / "LC_MESSAGES" / "django.mo"


def catalogue(language: str) -> list[Message]:
    """Return the messages of `language`, of all its .po files; `ValueError` for a text that stands twice."""
    found: dict[bytes, Message] = {}
    for path in sorted(compiled_path(language).parent.glob("*.po")):
        for message in read(path):
            if found.setdefault(message.key(), message) is not message:
                raise ValueError(f"{path} has a text that another file has too: {message.source!r}")
    return list(found.values())


def read(path: Path) -> list[Message]:
    """Return the messages of a .po file, the header (source "") first; `ValueError` when unreadable."""
    messages: list[Message] = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        message = Message()
        for keyword, text in _fields(block):
            _put(message, keyword, text)
        if message.translations:
            messages.append(message)
    return messages


def compile_catalogue(messages: list[Message]) -> bytes:
    """Return the .mo file of `messages`: sorted by key, no hash table. Untranslated ones are left out."""
    rows = sorted((message.key(), message.value()) for message in messages if any(message.translations))
    offset = 28 + 16 * len(rows)
    tables, texts = [b"", b""], b""
    for column in (0, 1):
        for row in rows:
            tables[column] += struct.pack("<II", len(row[column]), offset + len(texts))
            texts += row[column] + b"\x00"
    header = struct.pack("<7I", _MAGIC, 0, len(rows), 28, 28 + 8 * len(rows), 0, offset)
    return header + tables[0] + tables[1] + texts


def _fields(block: str) -> Iterator[tuple[str, str]]:
    keyword, text = "", ""
    for line in block.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            if keyword:
                yield keyword, text
            keyword, line = line.split(" ", 1)
            text = ""
        text += str(ast.literal_eval(line))
    if keyword:
        yield keyword, text


def _put(message: Message, keyword: str, text: str) -> None:
    if keyword == "msgid":
        message.source = text
    elif keyword == "msgid_plural":
        message.plural = text
    elif keyword == "msgctxt":
        message.context = text
    elif keyword.startswith("msgstr"):
        message.translations.append(text)
    else:
        raise ValueError(f"a catalogue has no keyword {keyword!r}")


if __name__ == "__main__":
    for name in (*LANGUAGES, *VARIANTS):
        compiled_path(name).write_bytes(compile_catalogue(catalogue(name)))
