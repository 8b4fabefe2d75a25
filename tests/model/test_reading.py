"""What may be read in the portal is what a second reading says, and every planted bug is caught."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction

from luwte.crypto.keyring import KeyRing
from luwte.desk.telling import messages
from luwte.desk.telling.models import Contact
from luwte.desk.telling.values import State
from luwte.desk.wishes.rules import PERSON, Channel, Detail, Wish
from luwte.desk.wishes.services import wishes
from tests.model.reading import HISTORIES, Broken, live
from tests.support.desk import make_keys

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring"),
]
Patch = pytest.MonkeyPatch
visible, level = messages._visible, messages._level


@pytest.fixture
def ring(home: Path) -> KeyRing:
    """The key ring of a desk in this test's own home."""
    return make_keys(home)


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("name", HISTORIES)
def test_what_may_be_read_is_read_and_nothing_else(name: str, held: bool) -> None:
    live(name, held=held)


def a_restore_is_not_seen(patch: Patch) -> None:
    patch.setattr(messages, "restored", SimpleNamespace(held=lambda: None))


def lost_wishes_are_trusted_for_the_level(patch: Patch) -> None:
    def bug(source: str, row: Contact, chosen: object, now: datetime) -> Detail:
        return level(source, row, wishes([row.subject]), now)

    patch.setattr(messages, "_level", bug)


def lost_wishes_are_trusted_for_what_may_have_left(patch: Patch) -> None:
    def bug(row: Contact, chosen: object, now: datetime) -> bool:
        return visible(row, wishes([row.subject]), now)

    patch.setattr(messages, "_visible", bug)


def what_was_begun_is_seen_after_a_restore(patch: Patch) -> None:
    patch.setattr(messages, "BEGUN", "never")


def what_was_stopped_is_seen(patch: Patch) -> None:
    patch.setattr(messages, "STOPPED", "never")


def what_may_have_left_is_read_whatever_is_wanted(patch: Patch) -> None:
    patch.setattr(messages, "_SETTLED", (*messages._SETTLED, *messages._MAY_HAVE_ARRIVED))


def what_may_have_left_is_never_read(patch: Patch) -> None:
    patch.setattr(messages, "_MAY_HAVE_ARRIVED", ())


def what_is_only_planned_is_read(patch: Patch) -> None:
    patch.setattr(messages, "_MAY_HAVE_ARRIVED", (*messages._MAY_HAVE_ARRIVED, State.LEASED))


def calls_are_written_down(patch: Patch) -> None:
    patch.setattr(messages, "LEADS_TO_PORTAL", tuple(Channel))


def a_lowered_level_is_not_seen(patch: Patch) -> None:
    patch.setattr(messages, "_level", lambda source, row, chosen, now: Detail(row.detail))


def a_representative_reads_as_the_person_does(patch: Patch) -> None:
    def bug(source: str, row: Contact, chosen: list[Wish] | None, now: datetime) -> Detail:
        row.recipient = PERSON
        return level(source, row, chosen, now)

    patch.setattr(messages, "_level", bug)


def everybody_reads_what_another_was_told(patch: Patch) -> None:
    read = messages.messages
    patch.setattr("tests.model.reading.messages", lambda subject, now, recipient: read(subject, now, PERSON))


BUGS: list[Callable[[Patch], None]] = [
    a_restore_is_not_seen,
    lost_wishes_are_trusted_for_the_level,
    lost_wishes_are_trusted_for_what_may_have_left,
    what_was_begun_is_seen_after_a_restore,
    what_was_stopped_is_seen,
    what_may_have_left_is_read_whatever_is_wanted,
    what_may_have_left_is_never_read,
    what_is_only_planned_is_read,
    calls_are_written_down,
    a_lowered_level_is_not_seen,
    a_representative_reads_as_the_person_does,
    everybody_reads_what_another_was_told,
]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_caught(bug: Callable[[Patch], None], monkeypatch: Patch) -> None:
    bug(monkeypatch)
    assert any(_breaks(name, held) for name in HISTORIES for held in (True, False))


def _breaks(name: str, held: bool) -> bool:
    with transaction.atomic(), transaction.atomic(using="vault"):
        try:
            live(name, held=held)
        except Broken:
            return True
        finally:
            transaction.set_rollback(True)
            transaction.set_rollback(True, using="vault")
    return False
