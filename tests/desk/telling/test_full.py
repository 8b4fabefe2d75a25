"""A database that fills up at any write of a round of telling: nobody is told twice, nobody is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection

from luwte.base.clock import ManualClock
from luwte.desk.findings.services import register
from luwte.desk.telling import reading, services
from luwte.desk.telling.models import Contact
from luwte.desk.wishes.rules import Channel, Choice, Rhythm
from tests.support.desk import NOON, KeepingChannel, Someone, report, someone, ways

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]
MOST = 60


class Full:
    """Lets so many writes through and refuses the next, as a full disk does."""

    def __init__(self, writes: int) -> None:
        self.left, self.refused = writes, False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run a statement, or refuse it."""
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.left -= 1
            if self.left < 0:
                self.refused = True
                raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)


def test_each_write_of_a_round_may_be_the_one_that_finds_no_room() -> None:
    mail = KeepingChannel()
    for writes in count():
        now = NOON + timedelta(weeks=writes)
        person = newcomer(f"p{writes}", now)
        sent = len(mail.kept)
        whole = round_with(writes, mail, now)
        for hours in (1, 2):
            services.tell(ManualClock(now + timedelta(hours=hours)), ways(mail))
        states = list(Contact.objects.filter(subject=person.subject).values_list("state", flat=True))
        told = len(mail.kept) - sent
        assert (states, told) in ((["done"], 1), (["unknown"], 1), (["unknown"], 0)), writes
        assert (states == ["unknown"]) == bool(reading.why(person.id, now).tasks), writes
        if whole:
            break
        assert writes < MOST
    assert writes > 5


def newcomer(name: str, now: datetime) -> Someone:
    """Add someone of whom something is found, to be told by e-mail."""
    choice = Choice(True, Rhythm.EACH, Channel.EMAIL)
    person = someone(name, series=name, choice=choice, email=f"{name}@example.org", now=now)
    register(report({name: {"a": (1, 0)}}, case=name), now)
    return person


def round_with(writes: int, mail: KeepingChannel, now: datetime) -> bool:
    """Run a round in which so many writes find room; return whether it came to its end."""
    full = Full(writes)
    with connection.execute_wrapper(full):
        try:
            services.tell(ManualClock(now), ways(mail))
        except OperationalError:
            assert full.refused
    return not full.refused
