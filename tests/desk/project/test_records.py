"""Rows that are a record: what may still happen to each, and that no later migration took its guard away."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connections, router, transaction
from django.db.models import Model

from luwte.desk.audit.clearing import clearing
from luwte.desk.audit.models import Clearing
from luwte.desk.money.ceilings import TRIGGERS
from luwte.desk.telling.models import Contact, ContactItem, Decision
from luwte.desk.wishes.models import Hold, WishBook
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
SENTENCE = "never changed or deleted"
LATER = NOON + timedelta(days=1)
KEPT = {
    "default": {
        "audit.Leaf", "audit.Place", "audit.Tile", "audit.Checkpoint", "audit.Cosignature", "audit.Cleared",
        "audit.Restoration", "cases.Announcement", "cases.Case", "cases.Event", "cases.LegalHold",
        "cases.CaseAgency", "cases.CaseStep", "cases.Dismissal", "cases.VictimStatus",
        "findings.ReportReceipt", "findings.ReportSeries", "findings.ClusterFiles", "findings.Remembered",
        "findings.Objection", "review.Look", "telling.Decision", "telling.Contact", "telling.ContactItem",
        "telling.Remembered", "money.Loss", "money.Award", "money.Payout", "money.Payment",
        "review.Proposal", "wishes.Wish", "wishes.Hold", "wishes.Quiet", "words.Proposal", "words.SignOff",
    },
    "vault": {"vault.Leaf", "vault.Place", "vault.Tile", "vault.Checkpoint", "vault.Cosignature",
        "vault.Cleared", "vault.Restoration"},
}  # fmt: skip


@pytest.mark.parametrize("alias", KEPT)
def test_each_guard_is_there_after_all_migrations(alias: str) -> None:
    """SQLite makes a table anew to alter it, and its triggers go with the old one."""
    connection = connections[alias]
    events = ("update", "delete", "truncate") if connection.vendor == "postgresql" else ("update", "delete")
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(names)
        found = {name for (name,) in cursor.fetchall()}
    tables = {apps.get_model(label)._meta.db_table for label in KEPT[alias]}
    sums = {name for names in TRIGGERS.values() for name in names} if alias == "default" else set()
    assert found == {f"{table}_no_{event}" for table in tables for event in events} | sums


def contact(**changes: Any) -> Contact:
    """Return a contact that stands in the outbox."""
    fields: dict[str, Any] = {
        "subject": "s", "number": 1, "key": "k", "channel": "email", "detail": "bands", "state": "planned",
        "decided": NOON, "sources": ["case"],
    }  # fmt: skip
    return Contact.objects.create(**fields | changes)


def refused(act: Any) -> None:
    """The database refuses `act`."""
    with pytest.raises(DatabaseError, match=SENTENCE), transaction.atomic():
        act()


def test_a_decision_is_replaced_once_and_changed_never() -> None:
    row = Decision.objects.create(subject="s", outcome="wait", reason="due", items=["a"], decided=NOON)
    one = Decision.objects.filter(pk=row.pk)
    changes: list[dict[str, Any]] = [
        {"reason": "paused"},
        {"items": []},
        {"decided": LATER},
        {"replaced": NOON, "outcome": "t"},
    ]
    for change in changes:
        refused(partial(one.update, **change))
    one.update(replaced=NOON)
    refused(lambda: one.update(replaced=LATER))
    refused(lambda: one.update(replaced=None))
    refused(one.delete)


def test_a_contact_moves_on_and_stays_the_same_contact() -> None:
    row = contact()
    row.state, row.handed, row.receipt = "done", NOON, "delivered"
    row.save()
    for column, value in {
        "subject": "t",
        "number": 2,
        "key": "l",
        "channel": "sms",
        "decided": LATER,
    }.items():
        refused(partial(Contact.objects.update, **{column: value}))
    refused(row.delete)


def test_what_was_told_keeps_its_counts() -> None:
    from luwte.desk.cases.models import Case
    from luwte.desk.findings.models import Finding

    case = Case.objects.create(number="C-1", opened=NOON)
    finding = Finding.objects.create(subject="s", case=case, registered=NOON, updated=NOON)
    ContactItem.objects.create(contact=contact(), finding=finding, identical=3)
    refused(lambda: ContactItem.objects.update(identical=2))
    ContactItem.objects.update(live=False)
    refused(ContactItem.objects.all().delete)


def test_a_pause_is_lifted_once() -> None:
    book = WishBook.objects.create(subject="s")
    hold = Hold.objects.create(book=book, kind="care", set_by="Wim", starts=NOON, ends=LATER)
    refused(lambda: Hold.objects.update(reason="another"))
    Hold.objects.update(ends=LATER + timedelta(days=1))
    Hold.objects.update(lifted=LATER)
    refused(lambda: Hold.objects.update(lifted=NOON))
    refused(hold.delete)


def test_rows_over_their_term_go_only_inside_a_clearing() -> None:
    row = contact()
    with clearing():
        row.delete()
    assert not Contact.objects.exists()
    assert not Clearing.objects.exists()
    contact()
    refused(Contact.objects.all().delete)


def test_a_clearing_lets_no_row_be_changed_and_no_act_be_deleted() -> None:
    from luwte.desk.audit.desk import DESK
    from tests.support.audit import acts

    contact()
    acts(DESK, 1)
    with pytest.raises(DatabaseError, match=SENTENCE), clearing():
        Contact.objects.update(subject="t")
    with pytest.raises(DatabaseError, match=SENTENCE), clearing():
        DESK.leaf.objects.all().delete()
    assert not Clearing.objects.exists()


def test_every_guarded_table_is_one_of_this_database() -> None:
    for alias, labels in KEPT.items():
        models: list[type[Model]] = [apps.get_model(label) for label in labels]
        assert {router.db_for_write(model) for model in models} == {alias}
