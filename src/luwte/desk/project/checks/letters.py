"""Letters that nobody printed: they count as sent, and never go by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage

from luwte.base.clock import SystemClock
from luwte.desk.project.checks import Check, finding
from luwte.desk.project.worlds import World

LONGEST = timedelta(days=7)


def letters_are_printed() -> Iterator[CheckMessage]:
    """A letter that waits for longer than a week was forgotten."""
    folder = settings.LETTERS["folder"]
    if settings.WORLD != World.TELLING or not folder:
        return
    from luwte.desk.telling.channels.spool import PrintFolder

    late = [one for one in PrintFolder(Path(folder)).waiting() if SystemClock().now() - one.written > LONGEST]
    if late:
        yield finding(
            "letters.waiting",
            f"{len(late)} letters in {folder} wait for the printer for longer than a week.",
            "Print them, post them, and move the files into the folder `printed` inside.",
        )


CHECKS: tuple[Check, ...] = (letters_are_printed,)
