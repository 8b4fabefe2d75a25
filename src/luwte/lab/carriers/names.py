"""File names of carriers as printable text: they are foreign bytes and may hold anything."""

from __future__ import annotations

MAXIMUM_LENGTH = 4096


def printable(name: bytes | str, *, separators: bool = False) -> str:
    r"""Return `name` with each byte that is no UTF-8 and each unprintable character as \xNN or \uNNNN.

    A slash is kept only with `separators`, so that one name can't pass for a folder with a file.
    Longer names than `MAXIMUM_LENGTH` characters are cut.
    """
    text = name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")
    if text.isprintable() and (separators or "/" not in text):
        return _cut(text)
    return _cut("".join(_visible(character, separators) for character in text))


def joined(folder: str, name: str) -> str:
    """Return the printable path of `name` in `folder` ("" is the top), cut in the middle when too long."""
    return _cut(f"{folder}/{name}" if folder else name)


def _visible(character: str, separators: bool) -> str:
    code = ord(character)
    if character.isprintable() and (separators or character != "/"):
        return character
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _cut(text: str) -> str:
    if len(text) <= MAXIMUM_LENGTH:
        return text
    half = MAXIMUM_LENGTH // 2 - 2
    return f"{text[:half]}...{text[-half:]}"
