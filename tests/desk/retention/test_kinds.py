"""Rows that go by a term of their own, people who were erased, acts that are forgotten, and the proof."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model

from luwte.base.clock import ManualClock
from luwte.desk.audit.acts import Act
from luwte.desk.audit.checking import verify
from luwte.desk.audit.checkpoints import checkpoint, signer
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.models import Cleared, Leaf
from luwte.desk.cases import holding
from luwte.desk.findings.models import Finding, Objection, SeriesLink
from luwte.desk.retention import services
from luwte.desk.retention.errors import NothingProven
from luwte.desk.retention.proof import prove
from luwte.desk.retention.survey import survey
from luwte.desk.retention.table import shipped
from luwte.desk.review.models import Look, Reviewer
from luwte.desk.telling import stating
from luwte.desk.telling.errors import StatementUnknown
from luwte.desk.telling.models import CareTask, CoverageStatement, Decision, FirstContact, StoppedChannel
from luwte.desk.vault import services as vault
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import BreakGlass, Draft, Person, SignInLink
from luwte.desk.wishes.models import Hold, Quiet, Wish, WishBook
from luwte.desk.wishes.rules import Channel, Choice
from luwte.exchange.home import Home
from tests.support.desk import NOON, Someone, someone, wish
from tests.support.retention import DAY, LATE, YEAR, clear, erase, found, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]
BY_MAIL = Choice(True, channel=Channel.EMAIL)
OLD, NEW = NOON, LATE - DAY


def both(model: type[Model], *each: dict[str, Any], **same: Any) -> None:
    """Add a row with each of the values, and `same`."""
    for values in each:
        model._default_manager.create(**same, **values)


def left(model: str) -> int:
    return len(apps.get_model(model)._default_manager.all())


def _decisions(_: Someone) -> None:
    row = {"subject": "s", "outcome": "wait", "reason": "due", "decided": OLD}
    both(Decision, {"replaced": OLD}, {"replaced": NEW}, {}, **row)


def _tasks(noor: Someone) -> None:
    row = {"subject": "s", "kind": "address_fails", "made": OLD}
    both(CareTask, {"done": OLD}, {"done": NEW}, {}, **row)


def _first(_: Someone) -> None:
    row = {"verdict": "call", "why": "news", "asked": OLD, "asked_by": "Wim"}
    for done in (OLD, NEW, None):
        task = CareTask.objects.create(subject="s", kind="address_fails", made=OLD, done=done)
        FirstContact.objects.create(task=task, **row)


def _drafts(_: Someone) -> None:
    row = {"wrapped": b"", "sealed": b"", "version": "v", "owner": "staff:1", "begun": OLD}
    both(Draft, {"changed": OLD}, {"changed": NEW}, {"changed": LATE - 14 * DAY}, **row)


def _answered_call(noor: Someone) -> None:
    """A call that was made answers the decision that stands: nobody calls again."""
    Decision.objects.create(subject="s", outcome="call", reason="wish_ended", decided=OLD)
    both(CareTask, {"done": OLD}, {"done": OLD}, subject="s", kind="call", made=OLD)


def _call_after_harm(noor: Someone) -> None:
    """T15: a call that reached the person is what lets a care worker end the pause."""
    Hold.objects.create(book_id=noor.subject, kind="harm", set_by="x", starts=OLD, ends=LATE + YEAR)
    both(CareTask, {"done": OLD}, {"done": OLD}, subject=noor.subject, kind="call", made=OLD)


def _channels(_: Someone) -> None:
    row = {"subject": "s", "channel": "email", "stopped": OLD}
    both(StoppedChannel, {"solved": OLD}, {"solved": NEW}, {}, **row)


def _statements(_: Someone) -> None:
    row = {"subject": "s", "since": OLD, "until": NEW, "note": "", "own": "", "digest": "", "leaf": 0}
    both(
        CoverageStatement, {"id": "a", "made": OLD}, {"id": "b", "made": NEW}, {"id": "c", "made": NEW}, **row
    )


def _holds(noor: Someone) -> None:
    row = {"book_id": noor.subject, "kind": "care", "set_by": "Wim", "starts": OLD}
    later = {"ends": LATE + YEAR}
    both(Hold, {"ends": OLD}, later, later | {"lifted": NEW}, **row)


def _quiets(noor: Someone) -> None:
    row = {"book_id": noor.subject, "kind": "days", "set_by": "x", "since": OLD, "first": OLD, "last": OLD}
    both(Quiet, {}, {"yearly": True}, {"yearly": True, "lifted": NEW}, **row)


def _objections(_: Someone) -> None:
    row = {"entry": "e", "kind": "dispute", "reason": "r", "opened": OLD, "opened_by": "x"}
    both(Objection, {"closed": OLD}, {"closed": NEW}, {}, **row)


def _reviewers(_: Someone) -> None:
    both(
        Reviewer,
        {"key": "a", "ended": OLD},
        {"key": "b", "ended": NEW},
        {"key": "c"},
        name="x",
        since=OLD,
    )


def _glass(noor: Someone) -> None:
    row = {"person_id": noor.id, "sealed": b"", "asked_by": "staff:1"}
    both(BreakGlass, {"asked": OLD}, {"asked": NEW}, {"asked": NEW}, **row)


def _links(noor: Someone) -> None:
    row = {"person_id": noor.id}
    both(
        SignInLink,
        {"token": "a", "expires": OLD},
        {"token": "b", "expires": NEW},
        {"token": "c", "expires": LATE + DAY},
        **row,
    )


def _sessions(_: Someone) -> None:
    later = {"expire_date": LATE}
    both(
        Session,
        {"session_key": "a", "expire_date": OLD},
        {"session_key": "b"} | later,
        {"session_key": "c"} | later,
    )


@pytest.mark.parametrize(
    ("model", "make", "stay"),
    [
        ("telling.Decision", _decisions, 2),
        ("telling.CareTask", _tasks, 2),
        ("telling.FirstContact", _first, 2),
        ("vault.Draft", _drafts, 2),
        ("telling.CareTask", _answered_call, 2),
        ("telling.CareTask", _call_after_harm, 2),
        ("telling.StoppedChannel", _channels, 2),
        ("telling.CoverageStatement", _statements, 2),
        ("wishes.Hold", _holds, 2),
        ("wishes.Quiet", _quiets, 2),
        ("findings.Objection", _objections, 2),
        ("review.Reviewer", _reviewers, 2),
        ("vault.BreakGlass", _glass, 2),
        ("vault.SignInLink", _links, 2),
        ("sessions.Session", _sessions, 2),
    ],
)
def test_what_is_over_goes_and_the_rest_stays(model: str, make: Any, stay: int) -> None:
    noor = someone(choice=BY_MAIL)
    WishBook.objects.get_or_create(pk=noor.subject)
    make(noor)
    before = left(model)
    line = next(line for line in survey(shipped(), LATE) if line.row.model == model)
    assert line.count == before - stay
    if line.count:
        assert line.oldest is not None
    clear()
    assert left(model) == stay


def test_the_wish_that_stands_stays_also_one_that_wants_nothing() -> None:
    noor = someone(choice=BY_MAIL)
    wish(noor.id, Choice(False), NOON + DAY)
    wish(noor.id, BY_MAIL, NOON + 10 * YEAR)
    clear()
    assert sorted(Wish.objects.values_list("version", flat=True)) == [2, 3]
    clear(LATE + 10 * YEAR)
    assert list(Wish.objects.values_list("version", flat=True)) == [3]


def test_a_look_without_an_answer_goes_and_a_refusal_waits_for_the_decision() -> None:
    from luwte.desk.findings.services import register, settle_cluster
    from tests.support.desk import cluster, cluster_id, report

    now = LATE - 3 * YEAR
    register(report({"s-1": {"a": (0, 2)}}, clusters=(cluster("x", "a", 2),)), now)
    wim = Reviewer.objects.create(key="wim", name="Wim", since=now)
    for answer in ("refused", "stopped", "lapsed", "confirmed"):
        Look.objects.create(
            cluster_id=cluster_id("x"), reviewer=wim, given=now, until=now, ended=now, answer=answer
        )
    clear()
    assert sorted(Look.objects.values_list("answer", flat=True)) == ["confirmed", "refused"]
    settle_cluster(cluster_id("x"), "confirmed", LATE)
    clear(LATE + DAY)
    assert list(Look.objects.values_list("answer", flat=True)) == ["confirmed"]


def test_whoever_was_erased_is_gone_after_the_term_and_nobody_else() -> None:
    noor, mila = someone("Noor", series="s-1", choice=BY_MAIL), someone("Mila", series="s-2", choice=BY_MAIL)
    told(noor)
    found("s-2", "C-2")
    erase(noor, NOON + DAY)
    for now, there in ((NOON + 30 * DAY, True), (NOON + 32 * DAY, False)):
        clear(now)
        assert Person.objects.filter(pk=noor.id).exists() == there
        assert Finding.objects.filter(subject=noor.subject).exists() == there
        assert Decision.objects.filter(subject=noor.subject).exists() == there
    assert not WishBook.objects.filter(pk=noor.subject).exists()
    assert not SeriesLink.objects.filter(subject=noor.subject).exists()
    assert Finding.objects.filter(subject=mila.subject).exists()
    assert vault.person(mila.id).identity.name == "Mila"


def test_a_hold_keeps_what_the_register_has_of_the_erased() -> None:
    noor = someone("Noor", series="s-1", choice=BY_MAIL)
    told(noor)
    erase(noor, NOON + DAY)
    holding.hold("C-1", "an appeal", "Wim", NOON + DAY)
    clear(LATE)
    assert Finding.objects.filter(subject=noor.subject).exists()
    assert not Person.objects.filter(pk=noor.id).exists()
    holding.release("C-1", "over", "Wim", LATE)
    clear(LATE + DAY)
    assert not Finding.objects.exists()


def test_acts_are_forgotten_and_both_records_are_whole() -> None:
    noor = someone(series="s-1", choice=BY_MAIL)
    told(noor)
    erase(noor, NOON)
    clear()
    for log in (DESK, VAULT):
        key = signer(Home.open().identity, log)
        checkpoint(log, key, LATE + DAY)
        whole = verify(log, key.verifier)
        assert whole.problems == ()
        assert whole.forgotten > 0
        kept = {row.act for row in log.leaf.objects.filter(content__isnull=False)}
        assert kept <= {Act.CLEARED, Act.PEOPLE_CLEARED, Act.ERASED}


def test_a_hold_keeps_objections_looks_and_broken_glass_of_its_case() -> None:
    from luwte.desk.findings.services import register
    from tests.support.desk import cluster, cluster_id, entry_id, report

    noor, mila = someone("Noor", series="s-1", choice=BY_MAIL), someone("Mila", series="s-2", choice=BY_MAIL)
    register(report({"s-1": {"a": (1, 0), "b": (0, 2)}}, clusters=(cluster("x", "b", 2),)), NOON)
    near = (cluster("y", "d", 2, series="s-2"),)
    register(report({"s-2": {"c": (1, 0), "d": (0, 2)}}, case="C-2", clusters=near), NOON)
    wim = Reviewer.objects.create(key="wim", name="Wim", since=OLD)
    objected = {"kind": "dispute", "reason": "r", "opened": OLD, "opened_by": "x", "closed": OLD}
    both(Objection, *({"entry": entry_id(one)} for one in "abcd"), **objected)
    looked = {"reviewer": wim, "given": OLD, "until": OLD, "ended": OLD, "answer": "stopped"}
    both(Look, *({"cluster_id": cluster_id(one)} for one in "xy"), **looked)
    both(BreakGlass, {"person_id": noor.id}, {"person_id": mila.id}, sealed=b"", asked_by="x", asked=OLD)
    holding.hold("C-1", "an appeal", "Wim", NOON + DAY)
    clear(NOON + 6 * YEAR)
    assert set(Objection.objects.values_list("entry", flat=True)) == {entry_id("a"), entry_id("b")}
    assert list(Look.objects.values_list("cluster", flat=True)) == [cluster_id("x")]
    assert list(BreakGlass.objects.values_list("person", flat=True)) == [noor.id]
    holding.release("C-1", "over", "Wim", NOON + 6 * YEAR)
    clear(NOON + 6 * YEAR + DAY)
    assert not any(table.objects.exists() for table in (Objection, Look, BreakGlass))


def test_a_hold_lets_no_act_since_its_case_be_forgotten() -> None:
    told(someone(series="s-1", choice=BY_MAIL))
    holding.hold("C-1", "an appeal", "Wim", NOON + DAY)
    clear()
    assert not Leaf.objects.filter(at__gte=NOON, content=None).exists()


def test_a_statement_that_somebody_holds_still_checks() -> None:
    """The file is checked as before; the desk gives it out again until the row's own term is over."""
    noor = someone(series="s-1", choice=BY_MAIL)
    found()
    key = signer(Home.open().identity, DESK)
    checkpoint(DESK, key, NOON + DAY)
    made = LATE - 4 * YEAR
    statement = stating.state(noor.subject, NOON.year, made)
    checkpoint(DESK, key, made + DAY)
    held = stating.content_of(noor.subject, statement)
    clear()
    stating._searches.cache_clear()
    assert stating.content_of(noor.subject, statement) == held
    assert stating.paper_of(noor.subject, statement)
    clear(LATE + 2 * YEAR)
    with pytest.raises(StatementUnknown):
        stating.content_of(noor.subject, statement)
    assert len(json.loads(held)["searches"]["places"]) == 1
    assert not Leaf.objects.filter(act=Act.TAKEN_IN, content__isnull=False).exists()


def test_a_deletion_is_proven_by_id_and_by_nothing_else() -> None:
    noor = someone(series="s-1", choice=BY_MAIL)
    told(noor)
    finding = Finding.objects.get().id
    clear()
    (proof,) = prove(finding, shipped())
    assert (proof.model, proof.log, proof.whole, proof.gone) == ("findings.Finding", "desk", True, True)
    assert proof.said["term"] == "10 years"
    assert proof.said["source"].startswith("Wpg 8")
    with pytest.raises(NothingProven):
        prove(finding[::-1], shipped())
    recorded = b"".join(bytes(row.content or b"") for row in Leaf.objects.filter(act=Act.CLEARED))
    kept = b"".join(bytes(row.digests) for row in Cleared.objects.all())
    for secret in (finding, noor.subject, "C-1", "s-1"):
        assert secret.encode() not in recorded
        assert bytes.fromhex(finding) not in kept


def test_a_proof_that_was_tampered_with_says_so() -> None:
    from tests.support.triggers import without_triggers

    told(someone(series="s-1", choice=BY_MAIL))
    finding = Finding.objects.get().id
    clear()
    (proof,) = prove(finding, shipped())
    step = Cleared.objects.get(pk=proof.leaf)
    with without_triggers("default"):
        Cleared.objects.filter(pk=step.pk).update(digests=bytes(step.digests) + bytes(16))
    (proof,) = prove(finding, shipped())
    assert not proof.whole


def test_another_key_ring_proves_nothing(home: Any) -> None:
    from tests.support.desk import make_keys

    told(someone(series="s-1", choice=BY_MAIL))
    finding = Finding.objects.get().id
    clear()
    make_keys(home)
    with pytest.raises(NothingProven):
        prove(finding, shipped())


def test_steps_are_bounded_and_each_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STEP", 3)
    with transaction.atomic():
        for number in range(8):
            Decision.objects.create(
                subject=f"{number}", outcome="wait", reason="due", decided=OLD, replaced=OLD
            )
    counts: list[int] = []
    heard = lambda row, count: counts.append(count)  # noqa: E731
    assert services.apply(shipped(), ManualClock(LATE), LATE.date(), heard) == sum(counts)
    said = [
        json.loads(bytes(row.content or b"{}"))["details"] for row in Leaf.objects.filter(act=Act.CLEARED)
    ]
    assert [one["rows"] for one in said if one["kind"] == "telling.Decision"] == [3, 3, 2]
    assert services.apply(shipped(), ManualClock(LATE + timedelta(seconds=1)), LATE.date()) == 0
