from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.base.clock import ManualClock
from luwte.base.errors import BadInput
from luwte.exchange.decisions import (
    AHEAD,
    MOST,
    Decision,
    Settled,
    read_decisions,
    settled,
    with_known,
    write_decisions,
)
from luwte.exchange.errors import NewerSchema, SignerUnknown, Unusable
from luwte.exchange.home import Home
from luwte.exchange.report import read_report
from tests.support.exchange import NOON

ONE = Decision("c1" * 16, "e1" * 16, "confirmed", NOON)
OTHER = Decision("c2" * 16, "e2" * 16, "rejected", NOON + timedelta(days=1))
SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "desk")


def written(tmp_path: Path, desk: Home, *decisions: Decision) -> Path:
    write_decisions(tmp_path / "d.lwdecisions", decisions, desk)
    return tmp_path / "d.lwdecisions"


def test_what_is_written_is_what_is_read(tmp_path: Path, desk: Home) -> None:
    path = written(tmp_path, desk, OTHER, ONE)
    assert read_decisions(path, desk.trusted()) == [OTHER, ONE]
    assert read_decisions(written(tmp_path, desk), desk.trusted()) == []
    path = written(tmp_path, desk, ONE)
    assert json.loads(path.read_bytes())["body"]["decisions"] == [
        {"cluster": "c1" * 16, "entry": "e1" * 16, "verdict": "confirmed", "made": "2026-11-23T12:00:00Z"}
    ]


def test_every_changed_byte_is_noticed(tmp_path: Path, desk: Home) -> None:
    good = written(tmp_path, desk, ONE).read_bytes()
    bad = tmp_path / "bad"
    for place in range(len(good)):
        bad.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(BadInput):
            read_decisions(bad, desk.trusted())
    for length in (0, 10, len(good) - 1):
        bad.write_bytes(good[:length])
        with pytest.raises(BadInput):
            read_decisions(bad, desk.trusted())


def test_a_stranger_a_newer_schema_and_a_report_are_told_apart(tmp_path: Path, desk: Home) -> None:
    path = written(tmp_path, desk, ONE)
    with pytest.raises(SignerUnknown, match="luwte keys trust"):
        read_decisions(path, Home.open(tmp_path / "lab").trusted())
    with pytest.raises(Unusable, match="not a report of a scan"):
        read_report(path, desk.trusted())
    (tmp_path / "report").write_bytes(path.read_bytes().replace(b"luwte-decisions", b"luwte-report", 1))
    with pytest.raises(Unusable, match="not a file of decisions"):
        read_decisions(tmp_path / "report", desk.trusted())
    path.write_bytes(path.read_bytes().replace(b'"schema":1', b'"schema":2', 1))
    with pytest.raises(NewerSchema, match="Update Luwte"):
        read_decisions(path, desk.trusted())


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "maybe"},
        {"cluster": "C1" * 16},
        {"entry": "e1"},
        {"made": "yesterday"},
        {"path": "/DCIM/a.jpg"},
        {"reviewer": "Ria"},
    ],
)
def test_a_signature_does_not_let_anything_else_through(
    tmp_path: Path, desk: Home, change: dict[str, str]
) -> None:
    decision = json.loads(written(tmp_path, desk, ONE).read_bytes())["body"]["decisions"][0]
    document = {"format": "luwte-decisions", "schema": 1, "decisions": [decision | change]}
    body = json.dumps(document).encode()
    head = (
        f'{{"format":"luwte-decisions","schema":1,"signer":"{desk.identity.public.id}",'
        f'"signature":"{desk.identity.sign(body).hex()}","body":\n'
    )
    path = tmp_path / "signed"
    path.write_bytes(head.encode() + body + b"\n}\n")
    with pytest.raises(Unusable, match="may not say"):
        read_decisions(path, desk.trusted())


def test_what_has_no_place_in_it_is_not_written(tmp_path: Path, desk: Home) -> None:
    with pytest.raises(ValueError, match="cluster"):
        written(tmp_path, desk, replace(ONE, cluster="/DCIM/a.jpg"))
    assert not (tmp_path / "d.lwdecisions").exists()


def test_the_newest_decision_holds_and_two_at_once_do_not() -> None:
    undone = replace(ONE, verdict="rejected", made=NOON + SECOND)
    assert settled([undone, ONE]) == settled([ONE, undone, ONE]) == Settled((undone,), 0)
    at_once = replace(ONE, verdict="rejected")
    assert settled([ONE, at_once, OTHER]) == Settled((OTHER,), 1)
    assert settled([ONE, at_once, undone]) == Settled((undone,), 0)


decisions = st.builds(
    Decision,
    st.sampled_from(["a", "b"]),
    st.just("e"),
    st.sampled_from(["confirmed", "rejected"]),
    st.integers(0, 3).map(lambda seconds: NOON + seconds * SECOND),
)


@given(st.lists(decisions), st.randoms(use_true_random=False))
def test_the_order_of_decisions_does_not_matter(made: list[Decision], chance: object) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settled(made) == settled(shuffled)


def test_a_decision_of_the_future_is_refused(tmp_path: Path, desk: Home) -> None:
    path = written(tmp_path, desk, ONE, OTHER)
    assert read_decisions(path, desk.trusted(), ManualClock(OTHER.made - AHEAD)) == [ONE, OTHER]
    with pytest.raises(Unusable, match="2026-11-24T12:00:00Z, which is in the future"):
        read_decisions(path, desk.trusted(), ManualClock(OTHER.made - AHEAD - SECOND))


def test_an_older_file_that_comes_later_brings_nothing_old_back(tmp_path: Path) -> None:
    lab = Home.open(tmp_path / "lab")
    newer = replace(ONE, verdict="rejected", made=ONE.made + SECOND)
    assert with_known([newer], lab) == [newer]
    assert with_known([ONE, OTHER], lab) == [newer, OTHER]
    assert with_known([newer], lab) == [newer]
    assert with_known([], lab) == []
    assert with_known([replace(newer, verdict="open", made=newer.made + SECOND)], lab)[0].verdict == "open"
    assert with_known([ONE], Home.open(tmp_path / "other")) == [ONE]


def test_two_of_one_second_both_stay_known(tmp_path: Path) -> None:
    lab = Home.open(tmp_path / "lab")
    against = replace(ONE, verdict="rejected")
    with_known([ONE], lab)
    assert settled(with_known([against], lab)) == Settled((), 1)
    assert settled(with_known([ONE], lab)) == Settled((), 1)


def test_what_is_known_is_bounded_and_damage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Home.open(tmp_path / "lab")
    assert MOST == 1_000_000
    monkeypatch.setattr("luwte.exchange.decisions.MOST", 1)
    with_known([ONE], lab)
    with_known([OTHER], lab)
    older = replace(ONE, made=ONE.made - SECOND)
    assert with_known([older], lab) == [older]  # the oldest was forgotten
    (lab.path / "decisions.json").write_bytes(b"{}")
    with pytest.raises(BadInput, match="not a file of decisions"):
        with_known([ONE], lab)
