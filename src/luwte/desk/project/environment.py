"""Values from the environment, checked when the desk starts."""

from __future__ import annotations

import os
import re
from pathlib import Path

from luwte.base.errors import BadInput

LONGEST_SECRET = 1_000
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[A-Za-z0-9:._-]{1,200}")
_ADDRESS = re.compile(r"https?://[!-~]{1,500}")


class SettingWrong(BadInput):
    """A setting that cannot be used."""


def whole_number(name: str, default: int) -> int:
    """Return the number from 1 to 9999 that the variable `name` holds. Raises `SettingWrong`."""
    value = os.environ.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) < 1:
        raise SettingWrong(f"{name} is not a number that can be used. Write a whole number from 1 to 9999.")
    return int(value)


def switch(name: str) -> bool:
    """Return whether the variable `name` is 1, off without it. Raises `SettingWrong` for all but 0 and 1."""
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise SettingWrong(f"{name} is neither on nor off. Write 1 for on, or 0 for off.")
    return value == "1"


def web_address(name: str, default: str) -> str:
    """Return the address of a page that the variable `name` holds, or `default`. Raises `SettingWrong`."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not _ADDRESS.fullmatch(value):
        raise SettingWrong(f"{name} is not the address of a page. Write it as https://HOST/.")
    return value


def urn(name: str, default: str) -> str:
    """Return the URN (RFC 8141) that the variable `name` holds, or `default`. Raises `SettingWrong`."""
    value = os.environ.get(name, default)
    if not _URN.fullmatch(value):
        raise SettingWrong(f"{name} is no URN. Write it as urn:nld:oin:NUMBER:systeem:NAME.")
    return value


def header_name(name: str) -> str:
    """Return the name of an HTTP header that the variable `name` holds, "" without. Raises `SettingWrong`."""
    value = os.environ.get(name, "")
    if value and not _HEADER.fullmatch(value):
        raise SettingWrong(f"{name} is no name of a header. Write letters, digits and hyphens.")
    return value


def secret(name: str) -> str:
    """Return the secret that the variable `name` holds, or the file that `name`_FILE names; "" without both.

    The file is what systemd (LoadCredential) and containers (secrets) give: its first line counts. Raises
    `SettingWrong` for both at once, and for a file that cannot be read.
    """
    given, file = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if given and file:
        raise SettingWrong(f"{name} and {name}_FILE are both set. Keep the one that is meant.")
    if not file:
        return given
    try:
        with Path(file).open() as lines:
            return lines.readline(LONGEST_SECRET).strip()
    except (OSError, UnicodeDecodeError):
        raise SettingWrong(
            f"The file that {name}_FILE names cannot be read. Check it and its mode."
        ) from None
