"""What each act leaves in the record: which act, by whom, about what; and never a name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.audit.actors import acting, actor
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.findings import lists
from luwte.desk.findings import services as register
from luwte.desk.findings.models import Quarantine
from luwte.desk.findings.provenance import Of
from luwte.desk.review import authority, people
from luwte.desk.review import services as review
from luwte.desk.review.floors import Floor
from luwte.desk.review.hours import Limits
from luwte.desk.review.rules import Answer
from luwte.desk.telling import harm, reading, tasks
from luwte.desk.telling import services as telling
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.models import CareTask, SafetyAlert
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.log import VAULT
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.models import Wish
from luwte.desk.wishes.rules import Channel, Detail, HoldKind, Quiet, Source
from luwte.desk.words.services import sign
from tests.support.desk import NOON, KeepingChannel, cluster, cluster_id, entry_id
from tests.support.pages import enter, enter_by, read_first
from tests.support.review import look, reported, reviewers
from tests.support.stage import (
    acting_entrance,
    alerted,
    chooser,
    everyone,
    found,
    represented,
    stranger,
    tell,
    told,
)
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]
A, X = entry_id("a"), cluster_id("x")
NOOR = "noor"
"""Stands for the pseudonym of the person in what is expected."""

Said = dict[str, Any]


def record(log: Log = DESK, after: int = 0) -> list[Said]:
    """Return what stands in a log after a leaf, in order."""
    rows = log.leaf.objects.filter(pk__gt=after).order_by("pk")
    return [json.loads(bytes(row.content or b"")) for row in rows]


def leaves(does: Callable[[], object], log: Log = DESK) -> list[Said]:
    """Return what an act leaves in a log."""
    last = log.leaf.objects.order_by("-pk").values_list("pk", flat=True).first()
    does()
    return record(log, last or 0)


def acts_of(said: list[Said]) -> list[str]:
    return [one["act"] for one in said]


def test_who_acts_is_who_was_said_last() -> None:
    assert actor() == "command"
    with acting(lambda: "staff:7"):
        assert actor() == "staff:7"
        with pytest.raises(ValueError, match="x"), acting(lambda: "person"):
            assert actor() == "person"
            raise ValueError("x")
        assert actor() == "staff:7"
    assert actor() == "command"


def of_a_person() -> list[tuple[Callable[[], object], list[str]]]:
    """Return acts about Noor, who chose a call and has news, each with what it leaves, in order."""
    noor = chooser("Noor", channel=Channel.CARE_WORKER)
    found("Noor", [(7, 2)])
    tell()
    (task,) = [one.id for one in tasks.queue() if one.subject == noor.subject]
    quiet = Quiet(noor.subject, date(2026, 5, 1), date(2026, 5, 2))
    later = NOON + timedelta(days=3)
    added: list[str] = []
    return [
        (lambda: telling.link_series(noor.id, "s-9", NOON), ["findings.linked"]),
        (lambda: telling.link_series(noor.id, "s-9", NOON), []),
        (lambda: telling.unlink_series(noor.id, "s-9", NOON), ["findings.unlinked"]),
        (lambda: telling.pause(noor.id, NOON), ["wishes.paused"]),
        (lambda: telling.resume(noor.id, NOON), ["wishes.resumed"]),
        (lambda: telling.resume(noor.id, NOON), []),
        (
            lambda: telling.hold(noor.id, HoldKind.CARE, set_by="Wim", reason="rest", ends=later, now=NOON),
            ["wishes.paused"],
        ),
        (lambda: added.append(wishes.add_quiet(quiet, set_by="Wim", now=NOON)), ["wishes.quiet-added"]),
        (lambda: wishes.lift_quiet(added[0], NOON), ["wishes.quiet-lifted"]),
        (
            lambda: telling.record_event(noor.id, "C-9", Source.EVENTS, "charge", at=NOON, now=NOON),
            ["cases.event-recorded"],
        ),
        (lambda: telling.undeliverable(noor.id, Channel.EMAIL, "moved", now=NOON), ["telling.way-stopped"]),
        (lambda: reading.why(noor.id, NOON), ["telling.dossier-viewed"]),
        (lambda: tasks.accept(task, "zorg", NOON), ["telling.task-handled"]),
        (lambda: tasks.book(task, later, "zorg", NOON), ["telling.task-handled"]),
        (lambda: tasks.give_back(task, "zorg", NOON), ["telling.task-handled"]),
        (lambda: harm.distress(noor.subject, NOON), ["wishes.paused"]),
        (lambda: harm.distress(noor.subject, NOON), ["wishes.paused"]),
        (lambda: tasks.accept(task, "zorg", NOON), ["telling.task-handled"]),
        (
            lambda: tasks.record_outcome(task, tasks.CallOutcome.REACHED, "zorg", NOON),
            ["telling.task-handled"],
        ),
        (lambda: harm.lift(noor.subject, "zorg", NOON), ["wishes.resumed", "telling.task-handled"]),
        (
            lambda: wishes.withdraw(noor.subject, set_by="Wim", conversation="call", now=NOON),
            ["wishes.set"],
        ),
    ]


def test_each_act_about_a_person_is_recorded_under_the_pseudonym() -> None:
    for number, (does, expected) in enumerate(of_a_person()):
        said = leaves(does)
        assert acts_of(said) == expected, number
        assert len({one["about"] for one in said}) <= 1
        assert {one["by"] for one in said} <= {"command"}
    (noor,) = vault.people()
    assert record()[-1]["about"] == subject_of(noor.id)
    assert record()[-1]["details"] == {"parties": "person", "source": "case", "told": False, "version": 2}


def test_each_act_of_casework_is_recorded() -> None:
    reported(cluster("x", "a", 2))
    limits = Limits(from_hour=0, to_hour=24)
    doing: list[tuple[Callable[[], object], list[str], str]] = [
        (lambda: authority.set_limits(limits, NOON), ["review.limits-set"], ""),
        (lambda: authority.set_floor(Floor(1, 2, 3, 4), "Wim", NOON), ["review.floor-set"], ""),
        (lambda: authority.set_floor(Floor(1, 2, 3, 4), "Wim", NOON), [], ""),
        (lambda: authority.set_floor(Floor(), "Wim", NOON), ["review.floor-set"], ""),
        (lambda: reviewers("Wim", "Ria"), ["review.reviewer-added"] * 2, "?"),
        (lambda: look("Wim", Answer.CONFIRMED), ["review.look-given", "review.look-ended"], X),
        (
            lambda: look("Ria", Answer.CONFIRMED),
            ["review.look-given", "review.look-ended", "review.decided"],
            X,
        ),
        (lambda: review.undo(X, "Wim", "slip", NOON), ["review.undone"], X),
        (lambda: people.leave("Wim", NOON), ["review.reviewer-left"], "?"),
        (lambda: lists.dispute(A, "Ria", "other", NOON), ["findings.entry-objected"], A),
        (lambda: lists.dispute(A, "Ria", "other", NOON), [], A),
        (lambda: lists.settle_dispute(A, False, "Wim", NOON), ["findings.objection-closed"], A),
        (lambda: lists.withdraw(A, "Ria", "other", NOON), ["findings.entry-objected"], A),
        (lambda: lists.reinstate(A, "Ria", NOON), ["findings.objection-closed"], A),
        (lambda: lists.declare_foreign(Of.SERIES, "s-1", "X", "Wim", NOON), ["findings.list-declared"], ""),
        (lambda: lists.vouch(A, "another", "Wim", NOON), ["findings.entry-vouched"], A),
        (lambda: lists.declare_own(Of.SERIES, "s-1", NOON), ["findings.list-declared"], ""),
    ]
    for number, (does, expected, about) in enumerate(doing):
        said = leaves(does)
        assert acts_of(said) == expected, number
        assert about == "?" or {one["about"] for one in said} <= {about}, number


@pytest.mark.parametrize(("judge", "verdict"), [(register.release, "released"), (register.keep, "kept")])
def test_what_a_human_says_of_an_entry_in_quarantine(judge: Callable[..., None], verdict: str) -> None:
    Quarantine.objects.create(entry=A, since=NOON, cases=30, baseline=1)
    (said,) = leaves(lambda: judge(A, "Wim", NOON))
    assert (said["act"], said["about"], said["details"]) == (
        "findings.quarantine-judged",
        A,
        {"verdict": verdict},
    )


def test_what_a_round_does_is_done_by_telling() -> None:
    chooser("Noor", channel=Channel.EMAIL)
    found("Noor", [(7, 2)])
    said = leaves(lambda: tell(mail=KeepingChannel(Fate.REFUSED)))
    assert {one["by"] for one in said} == {"telling"}
    assert "telling.way-stopped" in acts_of(said)
    alert = leaves(lambda: alerted("Nadia"))
    assert acts_of(alert)[-1] == "telling.alert-sent"


def test_what_did_not_leave_or_came_back_is_recorded() -> None:
    noor = chooser("Noor", channel=Channel.EMAIL)
    found("Noor", [(7, 2)])
    mail = KeepingChannel()
    tell(mail=mail)
    key = mail.kept[0].key
    said = leaves(lambda: telling.bounced(key, NOON))
    assert acts_of(said) == ["telling.contact-ended", "telling.way-stopped"]
    assert said[0]["details"]["state"] == "refused"
    assert said[0]["about"] == noor.subject


def test_what_is_told_on_a_question_is_a_hand_over_and_a_question_alone_is_nothing() -> None:
    client = enter(chooser("Noor"))
    assert leaves(lambda: client.post("/vraag/")) == []
    found("Noor", [(7, 2)])
    (said,) = leaves(lambda: client.post("/vraag/"))
    assert (said["act"], said["by"], said["details"]["channel"]) == (
        "telling.handed-over",
        "person",
        "portal",
    )


def test_a_person_reads_without_leaving_a_trace_that_stays() -> None:
    client = enter(told("Noor", Detail.EVERYTHING))
    read: list[str] = []

    def reads() -> None:
        read.append(read_first(client))
        for path in ("/", "/waarom/", "/gezocht/", "/verlaten/", "/voor-u/"):
            assert client.get(path).status_code == 200

    assert leaves(reads) == []
    assert leaves(reads, VAULT) == []
    assert "ten minste 7 keer" in read[0]


def test_what_a_person_does_in_the_portal_is_done_by_the_person() -> None:
    client = enter(alerted("Nadia"))
    page = client.get("/").content.decode()
    (alert,) = re.findall(r'action="(/gelezen/[0-9a-f]+/)"', page)
    said = leaves(lambda: [client.post(one) for one in (alert, "/pauze/", "/verder/", "/niet-goed/")])
    assert acts_of(said) == [
        "telling.alert-confirmed",
        "wishes.paused",
        "wishes.resumed",
        "wishes.paused",
    ]
    assert {one["by"] for one in said} == {"person"}
    assert SafetyAlert.objects.get().confirmed is not None


def test_who_signs_in_for_a_person_is_named_in_the_vault() -> None:
    karim, acting_id = represented("Karim")
    (made, used) = leaves(lambda: enter_by(acting_entrance(acting_id)), VAULT)
    assert (made["act"], used["act"]) == ("vault.link-made", "vault.link-used")
    assert used["about"] == karim.id
    assert used["details"] == {"representative": acting_id}


def test_what_a_care_worker_sees_and_does_is_done_by_the_account() -> None:
    noor = stranger("Noor")
    tell()
    client = care_worker()
    by = f"staff:{client.session['_auth_user_id']}"
    (task,) = CareTask.objects.filter(done=None)
    path = f"/staff/person/{noor.id}/"
    search = {"name": "noo"}
    seen = leaves(lambda: [client.get("/staff/"), client.post("/staff/people/", search), client.get(path)])
    assert acts_of(seen) == ["telling.list-viewed"] * 2 + ["telling.dossier-viewed"]
    whose = {"people": 1, "whose": noor.subject}
    assert [one["details"] for one in seen] == [
        {"searched": False, **whose}, {"searched": True, **whose}, {}
    ]  # fmt: skip
    assert [one["about"] for one in seen] == ["", "", noor.subject]
    done = leaves(lambda: client.post(f"/staff/call/{task.id}/", {"act": "accept"}))
    assert (done[0]["act"], done[0]["details"]) == (
        "telling.task-handled",
        {"task": task.id, "what": "accepted"},
    )
    assert {one["by"] for one in seen + done} == {by}
    (link, *_) = leaves(lambda: client.post(f"{path}link/"), VAULT)
    assert (link["act"], link["by"], link["about"]) == ("vault.link-made", by, noor.id)


def test_a_page_that_is_refused_shows_nothing_and_says_nothing() -> None:
    noor = stranger("Noor")
    assert leaves(lambda: Client().get(f"/staff/person/{noor.id}/")) == []
    worker = care_worker()
    assert leaves(lambda: worker.get("/staff/person/none/")) == []


def test_looking_at_people_in_the_vault_is_recorded() -> None:
    noor = stranger("Noor")
    (one, all_) = leaves(lambda: [vault.view(noor.id, NOON), vault.people(NOON)], VAULT)
    assert (one["act"], one["about"]) == ("vault.person-viewed", noor.id)
    assert (all_["act"], all_["about"], all_["details"]) == ("vault.people-listed", "", {"people": 1})


def test_a_signature_is_recorded_once() -> None:
    said = leaves(lambda: sign("contact.email", None, "Third Reader", "role", NOON))
    assert set(acts_of(said)) == {"words.signed"}
    assert "Reader" not in json.dumps(said)


def test_an_act_goes_with_what_it_records() -> None:
    noor = stranger("Noor")

    def undone() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            telling.pause(noor.id, NOON)
            raise ZeroDivisionError

    assert leaves(undone) == []
    assert not Wish.objects.exists()
    assert not wishes.holds([noor.subject])


def test_no_name_and_no_word_of_a_person_stands_in_either_record(clock: ManualClock) -> None:
    people_ = everyone()
    tell()
    client = care_worker()
    for person in people_.values():
        client.get(f"/staff/person/{person.id}/")
    client.post("/staff/people/", {"name": "Anna"})
    for does, _ in of_a_person():
        does()
    said = json.dumps([*record(DESK), *record(VAULT)])
    assert len(record(DESK)) > 50
    for name in (*people_, "Noor", "noor@example.org", "Wim", "zorg", "series-", "s-9", "rest", "harm"):
        assert not re.search(rf"\b{name}", said), name
    for person in people_.values():
        assert person.id not in json.dumps(record(DESK))
        assert person.subject not in json.dumps(record(VAULT))
