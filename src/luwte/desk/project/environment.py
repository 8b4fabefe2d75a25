"""Values from the environment, checked when the desk starts."""

from __future__ import annotations

import os
import re

from luwte.base.errors import BadInput

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
