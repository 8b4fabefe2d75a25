"""What is no file is refused by everything that reads what crosses the wall, and not waited on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.exchange.bundle import is_bundle, open_bundle, read_statement
from luwte.exchange.home import Home, read_public
from luwte.exchange.importers import open_list
from luwte.exchange.report import read_report

READERS: dict[str, Callable[[Path, Home], object]] = {
    "bundle": open_bundle,
    "bundle or not": lambda path, _: is_bundle(path),
    "statement": lambda path, _: read_statement(path, []),
    "report": lambda path, _: read_report(path, []),
    "list": lambda path, _: list(open_list(path)),
    "public key": lambda path, _: read_public(path),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_pipe_is_refused_and_not_waited_on(tmp_path: Path, read: Callable[[Path, Home], object]) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="pipe is a pipe, a socket or a device, not a file"):
        read(tmp_path / "pipe", Home.open(tmp_path / "home"))
