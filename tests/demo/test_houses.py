"""Each house keeps its own keys, and a command that fails ends the demo with that command's own sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.demo.houses import House
from luwte.demo.narrator import Narrator


def test_two_houses_have_keys_of_their_own(tmp_path: Path) -> None:
    lab, desk = (House(name, tmp_path, Narrator()) for name in ("lab", "desk"))
    first, second = (json.loads(house.luwte("keys", "show", quiet=True))["id"] for house in (lab, desk))
    assert first != second
    assert (tmp_path / "lab" / "identity.json").is_file()
    assert (tmp_path / "desk" / "identity.json").is_file()


def test_a_command_that_fails_ends_with_its_own_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"^nowhere\.lwreport .*"):
        House("lab", tmp_path, Narrator()).luwte("report", "show", "nowhere.lwreport")


def test_an_act_that_fails_ends_with_its_own_sentence(tmp_path: Path) -> None:
    House("desk", tmp_path, Narrator()).luwte("desk", "init")
    with pytest.raises(Failure, match="no person"):
        House("desk", tmp_path, Narrator()).act("withdraw", person="0" * 32)
