"""What the outside of a contact shows besides its words: senders and addresses. They give nothing away."""

from __future__ import annotations

import re
from typing import Literal

from luwte.desk.telling.channels.errors import ChannelSettingsWrong
from luwte.desk.words.claims import breaches

_URL = re.compile(r"https?://[!-~]{1,200}")
_BOTH: tuple[Literal["nl"], Literal["en"]] = ("nl", "en")


def check_neutral(setting: str, value: str) -> None:
    """Raise `ChannelSettingsWrong` when `value` has a word that tells what this is about (T6)."""
    for language in _BOTH:
        for breach in breaches(value, language, outside=True):
            if breach.rule == "outside":
                raise ChannelSettingsWrong(
                    f"{setting} can be seen from outside and says {breach.found!r}. Choose one that gives "
                    "nothing away."
                )


def check_url(url: str) -> None:
    """Raise `ChannelSettingsWrong` unless `url`, the portal's address, can stand in a contact."""
    if not _URL.fullmatch(url):
        raise ChannelSettingsWrong(
            "The portal's address cannot stand in an e-mail. Write LUWTE_PORTAL_URL as https://HOST/, "
            "without spaces or letters outside ASCII."
        )
    check_neutral("LUWTE_PORTAL_URL", url)
