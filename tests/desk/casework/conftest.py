"""Every test here sees the pages of casework, at the moment at which reports come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from luwte.desk.casework import intake
from luwte.desk.pages import moment
from luwte.exchange.home import Home
from tests.support.casework import overrides


@pytest.fixture(autouse=True)
def casework(tmp_path: Path, db: None, clock: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Serve casework; what is sent in is taken in at once, and lies in the folder that this gives."""
    folder = tmp_path / "incoming"

    def go_on() -> None:
        intake.uploads().work_off(lambda: Home.open().trusted(), moment.clock)

    monkeypatch.setattr(intake, "go_on", go_on)
    with override_settings(**overrides(folder)):
        yield folder
