"""Every command and every option stands in the manual: what is not documented does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from luwte.cli._main import luwte

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "manual.md").read_text()


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


def test_the_manual_has_every_variable_that_the_desk_reads() -> None:
    settings = (Path(__file__).resolve().parents[2] / "src/luwte/desk/project/settings.py").read_text()
    variables = set(re.findall(r'environ\.get\("(LUWTE_\w+)"', settings))
    assert len(variables) > 5
    assert not [variable for variable in variables if variable not in MANUAL]


@pytest.mark.parametrize("name", ALL)
def test_the_command_explains_itself(name: str) -> None:
    command = ALL[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"`{name} {parameter.opts[0]}` says nothing in --help"
