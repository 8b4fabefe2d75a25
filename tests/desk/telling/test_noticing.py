"""The planner looks at whoever something changed for, whatever it is, and at nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.findings import services as findings
from luwte.desk.telling import reading, services
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Mandate, Reach
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel, Choice, HoldKind, Quiet, Rhythm, Source
from tests.support.desk import NOON, KeepingChannel, Someone, cluster, cluster_id, report, someone, ways, wish

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = NOON + MINUTE
BY_MAIL = Choice(True, Rhythm.EACH, Channel.EMAIL)
MOTHER = Mandate("Riet", "parent", date(2026, 1, 1), reaches=(Reach("email", "riet@example.org"),))


def tell(after: timedelta) -> int:
    """Run one round; return at how many people the planner looked."""
    return services.tell(ManualClock(NOON + after), ways(KeepingChannel())).people


def representative(noor: Someone) -> str:
    (found,) = vault.representatives(noor.id)
    return found.id


def message(noor: Someone) -> str:
    return reading.messages(noor.subject, NOON)[0].id


CHANGES: dict[str, Callable[[Someone], object]] = {
    "a wish": lambda noor: wish(noor.id, Choice(False), LATER),
    "a withdrawal": lambda noor: wishes.withdraw(noor.subject, now=LATER),
    "a pause": lambda noor: services.pause(noor.id, LATER),
    "the end of a pause": lambda noor: services.resume(noor.id, LATER),
    "a pause by a care worker": lambda noor: services.hold(
        noor.id, HoldKind.CARE, set_by="Wim", reason="rust", ends=NOON + DAY, now=LATER
    ),
    "a sign of harm": lambda noor: services.distress(noor.subject, LATER),
    "a quiet period": lambda noor: wishes.add_quiet(
        Quiet(noor.subject, date(2026, 4, 1), date(2026, 4, 9)), set_by="Wim", now=LATER
    ),
    "an event": lambda noor: services.record_event(
        noor.id, "C-1", Source.EVENTS, "charge", at=NOON, now=LATER
    ),
    "a finding": lambda _: findings.register(report({"s-1": {"a": (1, 0)}}, "C-2"), LATER),
    "a near match that is confirmed": lambda _: findings.settle_cluster(cluster_id("x"), "confirmed", LATER),
    "a quarantine": lambda _: [
        findings.register(report({"s-9": {"a": (1, 0)}}, f"C-{number}"), LATER) for number in range(10, 20)
    ],
    "a link": lambda noor: services.link_series(noor.id, "s-2", LATER),
    "a link taken back": lambda noor: services.unlink_series(noor.id, "s-1", LATER),
    "an address": lambda noor: vault.change_address(noor.id, Reach("email", "new@example.org")),
    "an address that is gone": lambda noor: vault.remove_address(noor.id, "email"),
    "a name": lambda noor: vault.change_person(noor.id, name="Nora"),
    "a conflict": lambda noor: vault.change_person(noor.id, conflict="certain"),
    "who does not know": lambda noor: vault.change_person(noor.id, informed=False),
    "a death": lambda noor: services.deceased(noor.id, LATER),
    "a secret address": lambda noor: services.secret_address(noor.id, LATER),
    "another representative": lambda noor: vault.add_representative(noor.id, MOTHER),
    "a mandate": lambda noor: vault.change_representative(representative(noor), standing=True),
    "the end of a mandate": lambda noor: vault.end_mandate(representative(noor), date(2026, 3, 1)),
    "a way that fails": lambda noor: services.undeliverable(noor.id, Channel.EMAIL, "bounced", now=LATER),
    "a message that was opened": lambda noor: reading.open_message(noor.subject, message(noor), LATER),
}


@pytest.mark.parametrize("change", [*CHANGES, "nothing"])
def test_every_change_is_noticed_once(change: str) -> None:
    noor = someone(series="s-1", choice=BY_MAIL)
    someone("Bo")
    vault.add_representative(noor.id, MOTHER)
    one = report({"s-1": {"a": (3, 1)}, "s-2": {"b": (1, 0)}}, clusters=(cluster("x", "a"),))
    findings.register(one, NOON)
    assert tell(timedelta(0)) == 2
    tell(timedelta(seconds=2))
    assert tell(MINUTE) == 0
    if change != "nothing":
        CHANGES[change](noor)
    assert tell(2 * MINUTE) == (change != "nothing")
    tell(2 * MINUTE + timedelta(seconds=2))
    assert tell(3 * MINUTE) == 0
