"""Letters in the print folder: files with a name and an address, beside everything that is sealed.

One that was printed goes when its term is over, one to somebody who was erased at once, printed or not. One
that nobody printed yet stays: it would be lost, and counts as sent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.conf import settings

from luwte.base.chunks import chunks
from luwte.desk.retention.needed import erased, held_subjects
from luwte.desk.telling.channels.spool import Letter, PrintFolder
from luwte.desk.telling.models import Contact, SafetyAttempt


def spool() -> PrintFolder | None:
    """Return the print folder of this desk, None where letters go another way."""
    folder = settings.LETTERS["folder"]
    return PrintFolder(Path(folder)) if folder else None


def over(before: datetime) -> list[Letter]:
    """Return the letters that were printed and written before a moment, and all to people who were erased.

    One to whom a case under a legal hold is about stays until then, as everything about them does.
    """
    place = spool()
    old = [one for one in place.printed() if one.written < before] if place else []
    about, held, gone = _about(old), held_subjects(), to_erased()
    taken = {one.file for one in gone}
    return gone + [one for one in old if one.file not in taken and about.get(one.key) not in held]


def to_erased() -> list[Letter]:
    """Return the letters to people who were erased, printed or not."""
    every = _every()
    about = _about(every)
    gone = erased(set(about.values()))
    return [one for one in every if about.get(one.key) in gone]


def there(key: str) -> bool:
    """Return whether a letter under the key of a contact lies in the folder, printed or not."""
    return any(one.key == key for one in _every())


def take(letters: Collection[Letter]) -> None:
    """Take letters away. Raises `Failure`."""
    if (place := spool()) is not None:
        place.take(letters)


def _every() -> list[Letter]:
    place = spool()
    return [*place.waiting(), *place.printed()] if place else []


def _about(letters: Collection[Letter]) -> dict[str, str]:
    """Return key -> the pseudonym of whom a letter is about, of those that the register still knows."""
    found: dict[str, str] = {}
    for some in chunks(one.key for one in letters):
        found.update(Contact.objects.filter(key__in=some).values_list("key", "subject"))
        found.update(SafetyAttempt.objects.filter(key__in=some).values_list("key", "alert__subject"))
    return found
