"""One process of the desk for tests that kill it: `python -m tests.support.telling_driver ACT VALUES`.

VALUES is a JSON object; the answer is one JSON value on standard output. E-mails go into a file, each line
synced to disk, so that the test sees what left even when the process died.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from tests.support.api_acts import ACTS as API_ACTS
from tests.support.audit_acts import audited, checkpoint, state, stated, verified_meanwhile
from tests.support.backup_acts import backup, one_moment, restore, resumed, stands
from tests.support.case_acts import ACTS as CASE_ACTS
from tests.support.money_acts import ACTS as MONEY_ACTS
from tests.support.people_acts import ACTS as PEOPLE_ACTS
from tests.support.retention_acts import ACTS as RETENTION_ACTS
from tests.support.review_acts import clusters, judge, judged
from tests.support.vault_acts import ACTS as VAULT_ACTS

HOUR = timedelta(hours=1)


def set_up() -> dict[str, str]:
    """Make the tables, the keys and six people of whom two may be told; return name -> id."""
    from luwte.desk.project import ready
    from luwte.desk.wishes.rules import Channel, Choice
    from tests.support.desk import NOON, someone
    from tests.support.words import sign_all

    ready.init()
    sign_all(NOON)
    chosen = {
        "portal": Choice(True, channel=Channel.PORTAL),
        "email": Choice(True, channel=Channel.EMAIL),
        "refused": Choice(False, channel=Channel.EMAIL),
        "near": Choice(True, channel=Channel.EMAIL),
        "withdrawn": Choice(True, channel=Channel.EMAIL),
        "unasked": None,
    }
    people = {
        name: someone(name, series=f"s-{name}", choice=choice, email=f"{name}@example.org")
        for name, choice in chosen.items()
    }
    return {name: person.id for name, person in people.items()}


def intake() -> dict[str, Any]:
    """Take in one report about everyone and return what the register holds."""
    from luwte.desk.findings.services import register
    from luwte.exchange.home import Home
    from tests.support.desk import NOON, remembering, report

    names = ["portal", "email", "refused", "withdrawn", "unasked", "nobody"]
    found = {f"s-{name}": {"a": (3, 1), "b": (2, 0)} for name in names} | {"s-near": {"c": (0, 4)}}
    house = Home.open().identity
    one = remembering(report(found, report_id="12" * 16, house=house), "a", 1, "else")
    done = register(one, NOON)
    return {"new": done.new} | register_now()


def register_now() -> dict[str, Any]:
    """Return how many rows the register holds."""
    from luwte.desk.cases.models import Case
    from luwte.desk.findings.models import Finding, Remembered, ReportReceipt, ReportSeries

    tables = {"cases": Case, "receipts": ReportReceipt, "series": ReportSeries, "findings": Finding}
    tables |= {"remembered": Remembered}
    return {name: table.objects.count() for name, table in tables.items()}  # type: ignore[attr-defined]


def tell(mails: str, hours: int, withdraw: str | None = None, wait: float = 0) -> None:
    """Plan, withdraw the wish of the person `withdraw`, and hand over, `hours` after noon."""
    from luwte.base.clock import ManualClock
    from luwte.desk.telling import outbox, planner, safety_outbox
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.wishes.services import withdraw as withdraw_wish
    from tests.support.desk import NOON

    clock = ManualClock(NOON + hours * HOUR)
    ways = _ways(Path(mails), wait)
    safety_outbox.SafetyOutbox(ways, clock).send_due()
    planner.notice(clock.now())
    planner.plan_due(clock.now(), ways)
    if withdraw:
        withdraw_wish(subject_of(withdraw), now=clock.now())
    outbox.Outbox(ways, clock).hand_over_all()


def withdraw(person: str, hours: int) -> float:
    """Withdraw a wish and return the machine's monotonic time when that was committed."""
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.wishes import services
    from tests.support.desk import NOON

    services.withdraw(subject_of(person), now=NOON + hours * HOUR)
    return time.monotonic()


def crowd(people: int) -> dict[str, str]:
    """Add `people` who want e-mail, register a finding for each and plan; return name -> id."""
    from luwte.desk.findings.services import register
    from luwte.desk.telling import planner
    from luwte.desk.wishes.rules import Channel, Choice
    from luwte.exchange.home import Home
    from tests.support.desk import NOON, report, someone

    by_mail = Choice(True, channel=Channel.EMAIL)
    names = [f"c{number}" for number in range(people)]
    found = {
        name: someone(name, series=f"s-{name}", choice=by_mail, email=f"{name}@example.org").id
        for name in names
    }
    register(report({f"s-{name}": {name: (1, 0)} for name in names}, house=Home.open().identity), NOON)
    planner.notice(NOON + HOUR)
    planner.plan_due(NOON + HOUR)
    return found


def hand(mails: str, wait: float, pause: float = 0) -> int:
    """Hand over all that is planned, as one process of the outbox; return how many contacts it leased.

    With a `pause` it takes contacts one by one and lets others at the database in between.
    """
    from luwte.base.clock import ManualClock
    from luwte.desk.telling import outbox
    from tests.support.desk import NOON

    box, leased = outbox.Outbox(_ways(Path(mails), wait), ManualClock(NOON + HOUR)), 0
    if not pause:
        return len(box.hand_over_all())
    while contact := box.lease():
        box.hand_over(contact)
        leased += 1
        time.sleep(pause)
    return leased


def withdraw_all(people: list[str], mails: str) -> list[float]:
    """Withdraw wishes, in order, once the first e-mail begins to leave; return when each was committed."""
    while not Path(mails).exists():
        time.sleep(0.001)
    return [withdraw(person, 1) for person in people]


def alert(person: str) -> str:
    """Let a person want to hear of safety by e-mail, and let something of safety happen; return the event."""
    from luwte.desk.telling import services
    from luwte.desk.wishes.rules import Channel, Choice, Rhythm, Source
    from tests.support.desk import NOON

    choice = Choice(True, Rhythm.EACH, Channel.EMAIL)
    services.set_wish(
        person, Source.SAFETY, choice, set_by="Wim", conversation="gesprek", now=NOON, assessment="A-1"
    )
    return services.record_event(person, "C-9", Source.SAFETY, "release", at=NOON, now=NOON)


def alerted(person: str, confirm: bool, hours: int) -> dict[str, Any]:
    """Return what became of a person's alert, confirmed first if so said."""
    from luwte.desk.telling import services
    from luwte.desk.telling.models import CareTask, SafetyAlert
    from luwte.desk.telling.subjects import subject_of
    from tests.support.desk import NOON

    found = SafetyAlert.objects.get(subject=subject_of(person))
    if confirm:
        services.confirm_alert(found.subject, found.id, NOON + hours * HOUR)
        found.refresh_from_db()
    tasks = CareTask.objects.filter(subject=found.subject, kind="safety", done=None)
    states = list(found.attempts.order_by("number").values_list("state", flat=True))
    return {"state": found.state, "attempts": states, "tasks": tasks.count()}


def look(person: str, hours: int) -> dict[str, Any]:
    """Return all that is known of how a person was told."""
    from luwte.desk.findings.models import Finding
    from luwte.desk.telling import reading
    from luwte.desk.telling.models import Contact, Decision
    from luwte.desk.telling.subjects import subject_of
    from tests.support.desk import NOON

    now, subject = NOON + hours * HOUR, subject_of(person)
    contacts = Contact.objects.filter(subject=subject)
    standing = Decision.objects.filter(subject=subject, replaced=None)
    return {
        "states": sorted(contacts.values_list("state", flat=True)),
        "messages": len(reading.messages(subject, now)),
        "tasks": [task.kind for task in reading.why(person, now).tasks],
        "recorded": sorted(standing.values_list("reason", flat=True)),
        "reasons": sorted(reason.reason.value for reason in reading.why(person, now).reasons),
        "findings": Finding.objects.filter(subject=subject).count(),
    }


def flood() -> None:
    """Take in six cases of one week that show one entry: it is quarantined. In one there is a cluster too."""
    from luwte.desk.findings.services import register
    from luwte.exchange.home import Home
    from tests.support.desk import NOON, cluster, report

    house = Home.open().identity
    for number in range(6):
        clusters = (cluster("x", "b", series="s-portal"),) if number == 0 else ()
        found = {"s-portal": {"a": (3, 0)} | ({"b": (0, 1)} if number == 0 else {})}
        one = report(found, f"C-{number}", f"{number:032x}", house, clusters=clusters)
        register(one, NOON + 9000 * HOUR)


def review(act: str, person: str) -> None:
    """Release the quarantined entry, settle the cluster, or take back the link of the series to `person`."""
    from luwte.desk.findings import services
    from luwte.desk.telling.subjects import subject_of
    from tests.support.desk import NOON, cluster_id, entry_id

    if act == "release":
        services.release(entry_id("a"), "Wim", NOON)
    elif act == "settle":
        services.settle_cluster(cluster_id("x"), "confirmed", NOON)
    else:
        services.unlink_series(subject_of(person), "s-portal", NOON)


def counts() -> dict[str, Any]:
    """Return the verdicts, the links of the series and the different counts of the findings."""
    from luwte.desk.findings.models import Finding, Quarantine, SeriesLink

    return {
        "verdicts": list(Quarantine.objects.values_list("verdict", flat=True)),
        "links": SeriesLink.objects.filter(series="s-portal").count(),
        "files": sorted(set(Finding.objects.values_list("identical", "quarantined"))),
        "confirmed": max(Finding.objects.values_list("confirmed", flat=True)),
    }


class FileChannel:
    """Writes each e-mail as a line with the time before and after; cannot recognise a repetition."""

    idempotent = False

    def __init__(self, path: Path, wait: float) -> None:
        self.path, self.wait = path, wait

    def deliver(self, envelope: Any) -> Any:
        """Append a line and sync it."""
        from luwte.desk.telling.channels.port import Fate, Receipt

        self._write({"sending": envelope.address, "at": time.monotonic()})
        time.sleep(self.wait)
        self._write({"sent": envelope.address, "key": envelope.key, "at": time.monotonic()})
        return Receipt(Fate.DELIVERED, "written")

    def _write(self, line: dict[str, Any]) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _ways(mails: Path, wait: float) -> Any:
    from luwte.desk.telling.channels.portal import PortalChannel
    from luwte.desk.wishes.rules import Channel

    return {Channel.PORTAL: PortalChannel(), Channel.EMAIL: FileChannel(mails, wait)}


ACTS = {
    "set-up": set_up,
    "intake": intake,
    "register": register_now,
    "tell": tell,
    "withdraw": withdraw,
    "look": look,
    "crowd": crowd,
    "hand": hand,
    "withdraw-all": withdraw_all,
    "alert": alert,
    "alerted": alerted,
    "flood": flood,
    "review": review,
    "counts": counts,
    "clusters": clusters,
    "judge": judge,
    "judged": judged,
    "checkpoint": checkpoint,
    "audited": audited,
    "verified-meanwhile": verified_meanwhile,
    **VAULT_ACTS,
    **MONEY_ACTS,
    **PEOPLE_ACTS,
    **RETENTION_ACTS,
    **API_ACTS,
    **CASE_ACTS,
    "state": state,
    "stated": stated,
    "backup": backup,
    "restore": restore,
    "resumed": resumed,
    "stands": stands,
    "one-moment": one_moment,
}


def main() -> None:
    """Run the acts that the command line names, `ACT VALUES ACT VALUES ...`, and print their answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luwte.desk.project.settings")
    django.setup()
    words = sys.argv[1:]
    answers = [
        ACTS[act](**json.loads(values))  # type: ignore[operator]
        for act, values in zip(words[::2], words[1::2], strict=True)
    ]
    sys.stdout.write(json.dumps(answers) + "\n")


if __name__ == "__main__":
    main()
