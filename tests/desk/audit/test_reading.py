"""An auditor finds acts by what, when, who, about whom and where; each search is an act."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from luwte.desk.audit import reading
from luwte.desk.audit.actors import acting
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.models import Cosignature, Leaf
from luwte.desk.audit.reading import LOOKS, ROWS, Wanted
from luwte.desk.audit.standing import standing
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("home")]
DAY = timedelta(days=1)
SUBJECT = "ab" * 16


def did(
    act: Act = Act.DOSSIER_VIEWED, by: str = "staff:7", about: str = SUBJECT, day: int = 0, **details: int
) -> None:
    with transaction.atomic():
        DESK.record(act, NOON + day * DAY, by=by, about=about, **details)


def found(**wanted: object) -> list[tuple[str, str]]:
    acts = reading.search(DESK, Wanted(**wanted), NOON).acts  # type: ignore[arg-type]
    return [(one.act, one.by) for one in acts if one.act != Act.RECORD_SEARCHED]


def test_acts_are_found_by_kind_time_actor_whom_and_place_newest_first() -> None:
    did(day=-2)
    did(Act.WORDS_SIGNED, "staff:8", "cd" * 32, day=-1)
    did(by="staff:8")
    assert found() == [
        ("telling.dossier-viewed", "staff:8"), ("words.signed", "staff:8"),
        ("telling.dossier-viewed", "staff:7"),
    ]  # fmt: skip
    assert found(acts=(Act.WORDS_SIGNED,)) == [("words.signed", "staff:8")]
    assert found(by="staff:8", acts=LOOKS) == [("telling.dossier-viewed", "staff:8")]
    assert found(about="cd" * 32) == [("words.signed", "staff:8")]
    assert found(since=NOON - DAY, until=NOON) == [("words.signed", "staff:8")]
    DESK.place_waiting()
    assert found(place=1) == [("words.signed", "staff:8")]
    assert found(place=1, by="staff:7") == []
    assert found(place=10**17) == []


def test_every_search_is_recorded_before_it_is_read_with_what_was_asked() -> None:
    did()
    with acting(lambda: "staff:9"):
        reading.search(DESK, Wanted((Act.WORDS_SIGNED,), NOON - DAY, NOON, "staff:7", SUBJECT, 3), NOON)
        reading.lookers([DESK], NOON - DAY, NOON)
    searches = reading.search(DESK, Wanted((Act.RECORD_SEARCHED,)), NOON).acts
    assert [one.by for one in searches[1:]] == ["staff:9", "staff:9"]
    assert dict(searches[2].details) == {
        "log": "desk", "act": "words.signed", "by": "staff:7", "about": SUBJECT, "place": "3",
        "since": "2026-03-01T12:00:00+00:00", "until": "2026-03-02T12:00:00+00:00",
    }  # fmt: skip
    assert dict(searches[1].details)["act"] == "looks"
    assert searches[0].place is None, "an act waits for its place until the next checkpoint"


def test_a_long_record_is_read_in_parts_and_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(ROWS + 10):
        did(by=f"staff:{number % 2}", number=number)
    seen, before = [], None
    while True:
        part = reading.search(DESK, Wanted((Act.DOSSIER_VIEWED,)), NOON, before=before)
        assert len(part.acts) <= ROWS
        seen += [dict(one.details)["number"] for one in part.acts]
        if (before := part.older) is None:
            break
    assert seen == [str(number) for number in reversed(range(ROWS + 10))]
    monkeypatch.setattr(reading, "MOST_READ", 20)
    first = reading.search(DESK, Wanted((Act.DOSSIER_VIEWED,), by="staff:1"), NOON)
    assert len(first.acts) == 10
    assert first.older is not None
    nothing = reading.search(DESK, Wanted(by="staff:99"), NOON)
    assert (nothing.acts, nothing.older is None) == ((), False), (
        "where it stopped is said, also when nothing fits"
    )


def test_a_search_takes_few_queries_however_many_acts_fit() -> None:
    for _ in range(ROWS):
        did()
    DESK.place_waiting()
    with CaptureQueriesContext(connection) as queries:
        reading.search(DESK, Wanted(by="staff:7"), NOON)
    assert len(queries) < 12


def test_what_was_forgotten_or_changed_is_shown_as_far_as_it_stands() -> None:
    did()
    did(Act.WORDS_SIGNED)
    rows = list(Leaf.objects.order_by("id"))
    with connection.cursor() as cursor:  # as somebody who owns the database may
        if connection.vendor == "sqlite":
            for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("ALTER TABLE audit_leaf DISABLE TRIGGER USER")
    Leaf.objects.filter(pk=rows[0].pk).update(content=None)
    Leaf.objects.filter(pk=rows[1].pk).update(content=b"[" * 100_000)
    changed, forgotten = reading.search(DESK, Wanted(about=SUBJECT), NOON).acts
    assert (changed.act, changed.by, changed.details, changed.forgotten) == ("words.signed", "", (), False)
    assert (forgotten.act, forgotten.by, forgotten.forgotten) == ("telling.dossier-viewed", "", True)
    assert found(by="staff:7") == []


def test_who_looked_is_counted_by_account_and_kind() -> None:
    did(day=-40)
    did(day=-3)
    did(Act.LIST_VIEWED, about="", day=-2)
    did(by="command")
    did(Act.WORDS_SIGNED)
    counted = reading.lookers([DESK], NOON - 30 * DAY, NOON)
    assert [(one.by, dict(one.counts), one.last) for one in counted] == [
        ("command", {"telling.dossier-viewed": 1}, NOON),
        ("staff:7", {"telling.dossier-viewed": 1, "telling.list-viewed": 1}, NOON - 2 * DAY),
    ]


def test_no_name_fits_where_a_search_names_somebody() -> None:
    for name in (
        "Anna",
        "anna de vries",
        "anna@example.org",
        "0612345",
        "staff:",
        "staff:7 ",
        "staff:٧",
        "a" * 65,
    ):
        assert not reading.ABOUT.fullmatch(name), name
        assert not reading.ACTORS.fullmatch(name), name


def test_whoever_acts_can_be_searched_for() -> None:
    """All that docs/audit.md says may stand under "who"."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "audit.md").read_text("utf-8")
    said = re.findall("`([a-z:7]+)`", page.partition("## Who acts\n")[2].partition(". There the rows")[0])
    assert {"staff:7", "casework:7", "client:", "broker"} <= set(said)
    for who in (*said, SUBJECT):
        assert reading.ACTORS.fullmatch(who + SUBJECT if who == "client:" else who), who


def test_how_a_record_stands() -> None:
    bare = standing(DESK)
    assert (bare.placed, bare.signed, bare.at, bare.note, bare.witnesses, bare.verified) == (
        0,
        None,
        None,
        "",
        (),
        None,
    )
    did()
    assert (standing(DESK).placed, standing(DESK).waiting) == (0, 1)
    DESK.place_waiting()
    DESK.checkpoint.objects.create(size=1, root=b"\1" * 32, at=NOON, note="a note")
    for size in (3, 1):
        Cosignature.objects.create(size=size, witness="court.example", line="x")
    now = standing(DESK)
    assert (now.placed, now.waiting, now.signed, now.at, now.root, now.note) == (
        1,
        0,
        1,
        NOON,
        "01" * 32,
        "a note",
    )
    assert [(one.witness, one.size) for one in now.witnesses] == [("court.example", 3)]
