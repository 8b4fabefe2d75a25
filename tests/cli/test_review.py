from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from luwte.base.clock import ManualClock
from luwte.cli import _lists, _review
from luwte.crypto.keyring import KeyRing
from luwte.desk.audit.models import Leaf
from luwte.desk.findings.models import Finding, Quarantine
from luwte.desk.findings.services import register, settle_cluster
from luwte.desk.wishes.rules import Choice
from luwte.exchange.decisions import read_decisions
from luwte.exchange.home import Home
from tests.support.accounts import Worker, by
from tests.support.desk import NOON, Someone, cluster, cluster_id, entry_id, make_keys, report, someone
from tests.support.review import reported

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

A, B, X = entry_id("a"), entry_id("b"), cluster_id("x")


@pytest.fixture
def ring(home: Path) -> KeyRing:
    """The key ring of a desk in this test's own home."""
    return make_keys(home)


@pytest.fixture
def clock(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """A desk that stands, and the clock of its commands: noon."""
    from luwte.desk.project import ready

    found = ManualClock(NOON)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)
    for room in (_review, _lists):
        monkeypatch.setattr(room, "SystemClock", lambda: found)
    return found


@pytest.fixture
def noor(clock: ManualClock) -> Someone:
    """Somebody who wants to hear, and of whom two files resemble entry a; Wim and Ria review."""
    found = someone(series="s-1", choice=Choice(True))
    reported(cluster("x", "a", 2))
    for name in ("Wim", "Ria"):
        assert luwte("review", "reviewer", "add", name) == (0, f"{name} reviews from now on.\n")
    return found


def luwte(*words: str) -> tuple[int, str]:
    """Run a command of the desk and return its exit code and what it printed."""
    from click.testing import CliRunner

    from luwte.cli.desk import desk

    found = CliRunner().invoke(desk, list(words))
    return found.exit_code, found.output + (str(found.exception) if found.exception else "")


def confirm(name: str) -> str:
    """Let a reviewer take the next cluster and confirm it; return what was said."""
    assert luwte("review", "next", "--by", name)[0] == 0
    return luwte("review", "decide", X, "--by", name, "--answer", "confirmed")[1]


def test_two_reviewers_from_question_to_decision(noor: Someone) -> None:
    said = luwte("review", "next", "--by", "Wim")[1]
    assert f"Cluster {X}, entry {A}: 2 files in C-1, near, likelihood 70.0 %" in said
    assert noor.subject not in said
    assert noor.id not in said
    assert confirm("Wim") == "Recorded. Somebody else looks at it too.\n"
    assert luwte("review", "next", "--by", "Wim")[1] == "Nothing waits for you.\n"
    assert luwte("review", "status")[1].startswith("1 wait for a reviewer, 0 are before one.")
    assert confirm("Ria") == "Decided: confirmed.\n"
    assert Finding.objects.get().confirmed == 2
    assert "1 confirmed, 0 rejected, 0 unclear" in luwte("review", "status")[1]


def test_refuse_stop_leave_and_undo(noor: Someone) -> None:
    luwte("review", "next", "--by", "Wim")
    assert luwte("review", "stop", "--by", "Wim")[0] == 0
    luwte("review", "next", "--by", "Wim")
    assert luwte("review", "refuse", X, "--by", "Wim") == (0, "Somebody else gets it.\n")
    assert "Nothing is before you" in luwte("review", "decide", X, "--by", "Wim", "--answer", "rejected")[1]
    assert luwte("review", "reviewer", "add", "Bo")[0] == 0
    confirm("Ria")
    confirm("Bo")
    for reason in ("", "x" * 501, "a\x1b[2J"):
        assert "needs a reason" in luwte("review", "undo", X, "--by", "Bo", "--reason", reason)[1]
    code, told = luwte("review", "undo", X, "--by", "Bo", "--reason", "the wrong folder")
    assert (code, "`luwte desk review export`" in told) == (0, True)
    assert Finding.objects.get().confirmed == 0
    assert luwte("review", "reviewer", "leave", "bo")[0] == 0
    assert luwte("review", "reviewer", "list") == (0, "Ria\nWim\n")
    assert "reviews here" in luwte("review", "next", "--by", "Bo")[1]


def test_limits_are_set_shown_and_kept(noor: Someone, clock: ManualClock) -> None:
    assert luwte("review", "limits")[1].startswith("Acute work is not waiting. Hours 9-17.")
    assert "is waiting: no review" in luwte("review", "limits", "--acute")[1]
    assert "Acute work is waiting" in luwte("review", "next", "--by", "Wim")[1]
    luwte("review", "limits", "--no-acute", "--hours", "14-15", "--items-a-day", "7")
    assert "not for review" in luwte("review", "next", "--by", "Wim")[1]
    assert "Hours 14-15. A day: 120 minutes together, 7 clusters each" in luwte("review", "limits")[1]
    for wrong in ("9", "a-b", "17-9"):
        assert luwte("review", "limits", "--hours", wrong)[0] != 0
    luwte("review", "limits", "--hours", "0-24", "--minutes-in-a-row", "1", "--pause", "9")
    luwte("review", "next", "--by", "Wim")
    clock.advance(timedelta(minutes=2))
    luwte("review", "decide", X, "--by", "Wim", "--answer", "cannot-tell")
    assert "Take a pause. From 13:11 on." in luwte("review", "next", "--by", "Wim")[1]


def test_the_floor_is_set_shown_and_kept(noor: Someone) -> None:
    assert "finding, 100 where it is the first in a case" in luwte("review", "floor")[1]
    assert "(what Luwte comes with)" in luwte("review", "floor")[1]
    assert "--by" in luwte("review", "floor", "--only", "10")[1]
    assert "no higher where more hangs on it" in luwte("review", "floor", "--only", "990", "--by", "Bo")[1]
    least = ("--only", "800", "--first", "900", "--more", "1000", "--sample", "0")
    said = luwte("review", "floor", *least, "--by", "Bo")
    assert "with 800 per mille or more where it may be somebody's only finding" in said[1]
    assert "set by Bo)" in said[1]
    assert luwte("review", "next", "--by", "Wim") == (0, "Nothing waits for you.\n")
    assert "1 lie below the floor" in luwte("review", "status")[1]
    assert luwte("review", "below") == (
        0,
        f"Cluster {X}: 2 files, likelihood 70.0 %, believed in with 70.0%.\n1 lie below the floor.\n",
    )
    luwte("review", "floor", "--only", "700", "--by", "Bo")
    assert f"Cluster {X}" in luwte("review", "next", "--by", "Wim")[1]


def test_decisions_are_written_signed(noor: Someone, tmp_path: Path) -> None:
    confirm("Wim")
    confirm("Ria")
    out = tmp_path / "decisions.json"
    assert luwte("review", "export", "--out", str(out)) == (0, f"Wrote 1 decisions to {out}.\n")
    found = read_decisions(out, Home.open().trusted())
    assert [(one.cluster, one.entry, one.verdict) for one in found] == [(X, A, "confirmed")]
    luwte("review", "undo", X, "--by", "Bo", "--reason", "the wrong folder")
    luwte("review", "export", "--out", str(out))
    assert [one.verdict for one in read_decisions(out, Home.open().trusted())] == ["open"]


def test_lists_dispute_withdraw_and_come_back(noor: Someone) -> None:
    confirm("Wim")
    confirm("Ria")
    assert "Held until" in luwte("lists", "dispute", A, "--by", "Bo", "--reason", "another child")[1]
    assert f"{A}  dispute by Bo, 2026-03-02: another child" in luwte("lists", "show")[1]
    assert Finding.objects.get().confirmed == 0
    assert luwte("lists", "settle", A, "--sound", "--by", "Ria") == (0, "It counts again.\n")
    assert Finding.objects.get().confirmed == 2
    told = luwte("lists", "withdraw", A, "--by", "Bo", "--reason", "wrong")[1]
    assert "Withdrawn." in told
    assert "`luwte desk review export`" in told
    assert "withdrawn before" in luwte("lists", "withdraw", A, "--by", "Bo", "--reason", "wrong")[1]
    assert Finding.objects.get().confirmed == 0
    assert luwte("lists", "reinstate", A, "--by", "Ria")[0] == 0
    assert "sound by Ria" in luwte("lists", "show", A)[1]
    assert "no open dispute" in luwte("lists", "settle", A, "--wrong", "--by", "Ria")[1]
    assert luwte("lists", "settle", A, "--by", "Ria")[0] != 0
    assert "no id of an entry" in luwte("lists", "withdraw", "zz", "--by", "Bo", "--reason", "wrong")[1]


def test_foreign_lists_and_a_second_source(noor: Someone) -> None:
    register(report({"s-1": {"a": (3, 0)}}), NOON)
    said = luwte("lists", "foreign", "--series", "s-1", "--source", "List One", "--by", "Bo")[1]
    assert said.startswith("Foreign from now on. 1 entries")
    assert Finding.objects.get().identical == 0
    assert "foreign: series s-1, of list one, by Bo" in luwte("lists", "show")[1]
    assert "2 sources" in luwte("lists", "vouch", A, "--source", "own case", "--by", "Ria")[1]
    assert Finding.objects.get().identical == 3
    assert "source: own case, Ria" in luwte("lists", "show", A)[1]
    assert luwte("lists", "own", "--series", "s-1")[0] == 0
    for both in ([], ["--series", "s-1", "--signer", "ab"]):
        assert "not both" in luwte("lists", "foreign", *both, "--source", "x", "--by", "Bo")[1]
    assert "not said to be foreign" in luwte("lists", "own", "--signer", "ab" * 8)[1]


def test_who_judges_a_list_is_an_account_once_there_is_one(noor: Someone) -> None:
    """The name that is kept is that of the account, and the record names it."""
    register(report({"s-1": {"a": (3, 0)}}), NOON)
    ria = Worker("ria")
    acts: dict[str, tuple[str, ...]] = {
        "findings.list-declared": ("lists", "foreign", "--series", "s-1", "--source", "x"),
        "findings.entry-vouched": ("lists", "vouch", A, "--source", "y"),
        "findings.entry-objected": ("lists", "dispute", A, "--reason", "r"),
        "findings.objection-closed": ("lists", "settle", A, "--wrong"),
    }
    for act, words in acts.items():
        assert "do not belong together" in luwte(*words, *by("Ria", "12345678"))[1], act
        assert not Leaf.objects.filter(act=act).exists()
        assert luwte(*words, *ria.by())[0] == 0, act
        content = bytes(Leaf.objects.filter(act=act).latest("id").content or b"")
        assert f'"by":"staff:{ria.user.pk}"'.encode() in content
    assert "under an account" in luwte("lists", "own", "--series", "s-1")[1]
    shown = luwte("lists", "show")[1] + luwte("lists", "show", A)[1]
    assert "of x, by ria" in shown
    assert "wrong by ria" in shown
    assert luwte("lists", "own", "--series", "s-1", *ria.by())[0] == 0
    found = luwte("quarantine", "keep", B, *by("Ria", "12345678"))[1]
    assert "do not belong together" in found


def test_the_quarantine_says_why(noor: Someone) -> None:
    for number in range(5):
        reported(cluster(f"r{number}", "b"), case=f"C-{number}")
        settle_cluster(cluster_id(f"r{number}"), "rejected", NOON)
    assert Quarantine.objects.get().cause == "rejected"
    assert "5 clusters rejected, 0 confirmed" in luwte("quarantine", "list")[1]
