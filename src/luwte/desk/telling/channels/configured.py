"""The channels that the settings name. One that is not set counts as stopped for everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from luwte.desk.telling.channels.email import EmailChannel, mail_server
from luwte.desk.telling.channels.errors import ChannelSettingsWrong
from luwte.desk.telling.channels.letter import LetterChannel
from luwte.desk.telling.channels.notify import Service, service
from luwte.desk.telling.channels.port import ChannelPort
from luwte.desk.telling.channels.portal import PortalChannel
from luwte.desk.telling.channels.print_folder import PrintFolderChannel
from luwte.desk.telling.channels.sms import SmsChannel
from luwte.desk.telling.channels.spool import PrintFolder
from luwte.desk.wishes.rules import Channel


class Settings(Protocol):
    """What the channels read of the desk's settings; each text is empty when it is not set."""

    PORTAL_URL: str
    MAIL: dict[str, str]
    NOTIFY: dict[str, str]
    LETTERS: dict[str, str]


def configured(settings: Settings) -> dict[Channel, ChannelPort]:
    """Return the channels that `settings` name. Raises `ChannelSettingsWrong` when they contradict."""
    ways: dict[Channel, ChannelPort] = {Channel.PORTAL: PortalChannel()}
    if settings.MAIL["host"]:
        ways[Channel.EMAIL] = EmailChannel(mail_server(settings.MAIL), settings.PORTAL_URL)
    if settings.NOTIFY["sms"]:
        ways[Channel.SMS] = SmsChannel(_service(settings), settings.NOTIFY["sms"])
    letters = _letters(settings)
    if letters is not None:
        ways[Channel.LETTER] = letters
    return ways


def _letters(settings: Settings) -> ChannelPort | None:
    folder, template = settings.LETTERS["folder"], settings.NOTIFY["letter"]
    if folder and template:
        raise ChannelSettingsWrong(
            "Letters can go one way only. Set LUWTE_NOTIFY_LETTER_TEMPLATE or LUWTE_LETTER_FOLDER, not both."
        )
    if folder:
        spool = PrintFolder(Path(folder), settings.LETTERS["sender"])
        return PrintFolderChannel(spool, settings.PORTAL_URL)
    return LetterChannel(_service(settings), template, settings.PORTAL_URL) if template else None


def _service(settings: Settings) -> Service:
    return service(settings.NOTIFY["url"], settings.NOTIFY["key"])
