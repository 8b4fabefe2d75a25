"""Settings that cannot be used are refused with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.desk.project.environment import SettingWrong, secret, switch, web_address, whole_number

NAME = "LUWTE_TRIED"


def test_what_is_not_set_is_the_default() -> None:
    assert whole_number(NAME, 10) == 10
    assert web_address(NAME, "https://example.org/") == "https://example.org/"


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "1.5", "10000", "٣", " 3"])
def test_a_number_that_cannot_be_used(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(SettingWrong, match="LUWTE_TRIED is not a number"):
        whole_number(NAME, 10)


@pytest.mark.parametrize("value", ["", "javascript:alert(1)", "//example.org", "https://", "https://a b/"])
def test_an_address_that_is_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(SettingWrong, match="LUWTE_TRIED is not the address"):
        web_address(NAME, "https://example.org/")


@pytest.mark.parametrize("value", ["", "yes", "on", "2", "01", " 1", "True"])
def test_a_switch_that_is_neither_on_nor_off(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(SettingWrong, match="LUWTE_TRIED is neither on nor off"):
        switch(NAME)


def test_a_switch_is_off_until_it_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not switch(NAME)
    monkeypatch.setenv(NAME, "0")
    assert not switch(NAME)
    monkeypatch.setenv(NAME, "1")
    assert switch(NAME)


def test_what_is_set_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "3")
    assert whole_number(NAME, 10) == 3


def test_a_secret_is_in_the_variable_or_in_the_file_that_another_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password"
    file.write_text("from the file\n")
    assert secret("LUWTE_SMTP_PASSWORD") == ""
    monkeypatch.setenv("LUWTE_SMTP_PASSWORD_FILE", str(file))
    assert secret("LUWTE_SMTP_PASSWORD") == "from the file"
    monkeypatch.setenv("LUWTE_SMTP_PASSWORD", "x")
    with pytest.raises(SettingWrong, match="are both set"):
        secret("LUWTE_SMTP_PASSWORD")
    monkeypatch.delenv("LUWTE_SMTP_PASSWORD")
    file.unlink()
    with pytest.raises(SettingWrong, match="cannot be read"):
        secret("LUWTE_SMTP_PASSWORD")
