"""Every command and every option stands in the manual: what is not documented does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from luwte.cli._main import luwte

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "manual.md").read_text()
SOURCE = ROOT / "src" / "luwte"


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below `command` that is not a group, with its full name."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        below = command.get_command(context, word)
        assert below is not None
        yield from commands(below, f"{name} {word}")


ALL = dict(commands(luwte, "luwte"))


def test_there_are_commands() -> None:
    assert {"luwte scan", "luwte desk wish set", "luwte keys trust"} <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_the_manual_has_the_command_and_its_options(name: str) -> None:
    assert name in MANUAL
    flags = [flag for parameter in ALL[name].params for flag in [*parameter.opts, *parameter.secondary_opts]]
    missing = [flag for flag in flags if flag.startswith("--") and flag not in MANUAL]
    assert not missing, f"docs/manual.md does not say what {missing} of `{name}` do"


def test_the_manual_has_every_variable() -> None:
    texts = [path.read_text() for path in SOURCE.rglob("*.py")]
    read = {name for text in texts for name in re.findall(r'"(LUWTE_[A-Z_]+)"', text)}
    missing = read - set(re.findall(r"`(LUWTE_[A-Z_]+)`", MANUAL)) - {"LUWTE_FAULT"}  # for tests alone
    assert len(read) > 10
    assert not missing


@pytest.mark.parametrize("name", ALL)
def test_the_command_explains_itself(name: str) -> None:
    command = ALL[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"`{name} {parameter.opts[0]}` says nothing in --help"
