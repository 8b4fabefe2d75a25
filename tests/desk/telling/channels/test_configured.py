"""Which channels are there follows from the settings; wrong ones end with one sentence."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from luwte.base.errors import BadInput
from luwte.desk.telling.channels.configured import configured
from luwte.desk.telling.channels.letter import LetterChannel
from luwte.desk.telling.channels.print_folder import PrintFolderChannel
from luwte.desk.wishes.rules import Channel
from tests.support.notify import KEY, LETTER_TEMPLATE, SMS_TEMPLATE

MAIL = {"host": "127.0.0.1", "port": "25", "security": "", "user": "", "password": "", "sender": "a@b.c"}
NOTIFY = {"url": "https://notify.example", "key": KEY, "sms": SMS_TEMPLATE, "letter": LETTER_TEMPLATE}


def settings(**changed: dict[str, str]) -> Any:
    nothing: dict[str, Any] = {
        "PORTAL_URL": "https://portaal.example/",
        "MAIL": MAIL | {"host": ""},
        "NOTIFY": dict.fromkeys(NOTIFY, ""),
        "LETTERS": {"folder": "", "sender": ""},
    }
    return SimpleNamespace(**nothing | changed)


def test_without_settings_the_portal_alone_is_there() -> None:
    assert set(configured(settings())) == {Channel.PORTAL}


def test_each_channel_that_is_set_is_there() -> None:
    ways = configured(settings(MAIL=MAIL, NOTIFY=NOTIFY))
    assert set(ways) == {Channel.PORTAL, Channel.EMAIL, Channel.SMS, Channel.LETTER}
    assert isinstance(ways[Channel.LETTER], LetterChannel)
    assert [ways[way].idempotent for way in sorted(ways)] == [False, True, True, True]


def test_letters_can_go_into_a_folder(tmp_path: Path) -> None:
    letters = {"folder": str(tmp_path / "a" / "spool"), "sender": "Postbus 100, 1000 AA Amsterdam"}
    ways = configured(settings(LETTERS=letters))
    assert isinstance(ways[Channel.LETTER], PrintFolderChannel)
    assert (tmp_path / "a" / "spool" / "printed").is_dir()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"MAIL": MAIL | {"port": "x"}}, "LUWTE_SMTP_PORT"),
        ({"NOTIFY": NOTIFY | {"url": ""}}, "LUWTE_NOTIFY_URL"),
        ({"NOTIFY": NOTIFY | {"key": "x"}}, "LUWTE_NOTIFY_KEY"),
        ({"NOTIFY": NOTIFY | {"sms": "x"}}, "LUWTE_NOTIFY_SMS_TEMPLATE"),
        ({"NOTIFY": NOTIFY | {"letter": "x"}}, "LUWTE_NOTIFY_LETTER_TEMPLATE"),
        ({"NOTIFY": NOTIFY, "LETTERS": {"folder": "x", "sender": "y"}}, "LUWTE_LETTER_FOLDER"),
        ({"LETTERS": {"folder": "x", "sender": ""}}, "LUWTE_LETTER_SENDER"),
    ],
)
def test_settings_that_cannot_be_used_end_with_one_sentence(
    wrong: dict[str, dict[str, str]], named: str
) -> None:
    with pytest.raises(BadInput, match=named) as refused:
        configured(settings(**wrong))
    assert refused.value.exit_code == 2
    assert "\n" not in str(refused.value)
