"""`luwte desk wish`, `quiet` and `hold`: what is chosen is recorded whole, or refused in a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest

from luwte.base.errors import BadInput
from luwte.cli import _wishes
from luwte.cli.desk import desk
from luwte.desk.project import ready
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Mandate
from luwte.desk.wishes import models, services
from luwte.desk.wishes.rules import Channel, Choice, Detail, Register, Rhythm, Source
from tests.support.desk import Someone, make_keys, someone

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]

SAID = ("--by", "Wim", "--conversation", "intake")
FIRST = (*SAID, "--assessment", "IB 12")


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys; its databases are those of this test, so there is nothing to set up."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


@pytest.fixture
def noor() -> Someone:
    """A person."""
    return someone()


def run(*arguments: str) -> None:
    desk.main(list(arguments), standalone_mode=False)


def test_a_whole_wish_is_recorded(noor: Someone, capsys: pytest.CaptureFixture[str]) -> None:
    ada = vault.add_representative(noor.id, Mandate("Ada", "lawyer", date(2020, 1, 1)))
    chosen = ["--rhythm", "weekly", "--weekday", "tuesday", "--hours", "9-17", "--channel", "sms"]
    chosen += ["--detail", "something", "--words", "nl-youth", "--forward", "--cover", "--also", ada]
    chosen += ["--until", "2099-01-01", "--by-party", "person", "--by-party", ada]
    run("wish", "set", noor.id, "--source", "rights", *chosen, *FIRST)
    (found,) = services.wishes([noor.subject])
    assert found.source == Source.RIGHTS
    assert found.by == {"person", party_of(ada)}
    assert found.choice == Choice(
        True,
        Rhythm.WEEKLY,
        Channel.SMS,
        Detail.SOMETHING,
        date(2099, 1, 1),
        1,
        (9, 17),
        True,
        True,
        frozenset({party_of(ada)}),
        Register.YOUTH,
    )
    assert models.Wish.objects.get().assessment == "IB 12"
    capsys.readouterr()
    run("wish", "show", noor.id, "--words", "en")
    head, read_back = capsys.readouterr().out.splitlines()
    assert head.startswith("rights version 1")
    assert "recorded by Wim (intake, IB 12)" in head
    assert ("Ada" in head, "person" in head) == (True, True)
    assert "Tuesday" in read_back
    assert "Ada" in read_back


def test_words_are_those_of_the_person_when_none_are_given() -> None:
    bo = someone()
    vault.change_person(bo.id, words="en")
    run("wish", "set", bo.id, *FIRST)
    assert services.wishes([bo.subject])[0].choice.words == Register.ENGLISH


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (["--weekday", "monday", "--rhythm", "each"], "fixed rhythm"),
        (["--hours", "17-9"], "hours are empty"),
        (["--hours", "late"], "no hours"),
        (["--cover"], "needs e-mail, SMS or a letter"),
        (["--forward"], "Only a right can lapse"),
        (["--source", "safety"], "cannot wait for a rhythm"),
        (["--channel", "lawyer"], "no lawyer"),
        (["--also", "x"], "no representative 'x'"),
        (["--by-party", "x"], "no representative 'x'"),
        (["--until", "2020-01-01"], "is over"),
        (["--words", "fr"], "no words in 'fr'"),
        (["--assessment", ""], "individual assessment"),
        (["--conversation", " "], "in which conversation"),
    ],
)
def test_wish_that_cannot_be_kept_is_refused(noor: Someone, options: list[str], match: str) -> None:
    with pytest.raises(BadInput, match=match) as refused:
        run("wish", "set", noor.id, *FIRST, *options)
    assert refused.value.exit_code == 2
    assert services.wishes([noor.subject]) == []


def test_representative_whose_mandate_ended_chooses_nothing(noor: Someone) -> None:
    ada = vault.add_representative(noor.id, Mandate("Ada", "lawyer", date(2020, 1, 1), date(2020, 1, 2)))
    for option in ("--also", "--by-party"):
        with pytest.raises(BadInput, match="mandate holds today"):
            run("wish", "set", noor.id, *FIRST, option, ada)
    with pytest.raises(BadInput, match="no lawyer"):
        run("wish", "set", noor.id, *FIRST, "--channel", "lawyer")
    run("wish", "set", noor.id, *SAID, "--not-told", "--by-party", ada)
    assert not services.wishes([noor.subject])[0].choice.told, "to stop needs no mandate"


def test_quiet_is_added_shown_and_lifted(noor: Someone, capsys: pytest.CaptureFixture[str]) -> None:
    days = ["--first", "2099-05-01", "--last", "2099-05-20"]
    run("quiet", "add", noor.id, *days, "--kind", "exams", "--yearly", "--by", "Wim")
    quiet_id = capsys.readouterr().out.strip()
    assert [one for one, _ in services.quiet_periods(noor.subject)] == [quiet_id]
    run("wish", "show", noor.id)
    assert "2099-05-01 to 2099-05-20, every year (exams)" in capsys.readouterr().out
    run("quiet", "lift", quiet_id)
    assert services.quiets([noor.subject]) == []
    with pytest.raises(BadInput, match="that stands"):
        run("quiet", "lift", quiet_id)


def test_quiet_that_ends_before_it_begins_is_refused(noor: Someone) -> None:
    with pytest.raises(BadInput, match="ends before it begins"):
        run("quiet", "add", noor.id, "--first", "2099-05-02", "--last", "2099-05-01", "--by", "Wim")
    assert services.quiets([noor.subject]) == []


def test_hold_needs_a_reason_and_an_end_to_come(noor: Someone) -> None:
    run("hold", noor.id, "--reason", "opname", "--until", "2099-01-01", "--by", "Wim")
    (held,) = services.holds([noor.subject])
    assert (held.reason, held.ends.isoformat()) == ("opname", "2098-12-31T23:00:00+00:00")
    for reason, until in ((" ", "2099-01-01"), ("opname", "2020-01-01")):
        with pytest.raises(BadInput):
            run("hold", noor.id, "--reason", reason, "--until", until, "--by", "Wim")
    assert len(services.holds([noor.subject])) == 1


def test_the_words_are_those_of_the_rules() -> None:
    assert [*Source] == _wishes.SOURCES
    assert [*Rhythm] == _wishes.RHYTHMS
    assert [*Channel] == _wishes.CHANNELS
    assert [*Detail] == _wishes.DETAILS


def test_a_pause_ends_on_the_persons_clock(capsys: pytest.CaptureFixture[str]) -> None:
    far = someone(time_zone="America/Los_Angeles")
    run("pause", far.id, "--until", "2099-01-01")
    (paused,) = services.holds([far.subject])
    assert paused.ends.isoformat() == "2099-01-01T08:00:00+00:00"
    assert "Paused until 2099-01-01." in capsys.readouterr().out
    with pytest.raises(BadInput, match="before it begins"):
        run("pause", far.id, "--until", "2020-01-01")


@pytest.mark.parametrize("day", ["0001-01-01", "1849-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_reaches_is_refused(noor: Someone, day: str) -> None:
    for command in (
        ["hold", noor.id, "--reason", "opname", "--until", day, "--by", "Wim"],
        ["pause", noor.id, "--until", day],
        ["wish", "set", noor.id, "--until", day, *FIRST],
        ["quiet", "add", noor.id, "--first", day, "--last", day, "--yearly", "--by", "Wim"],
        ["person", "represent", noor.id, "Ada", "--role", "lawyer", "--begins", day],
    ):
        with pytest.raises(click.BadParameter, match="Check its year"):
            run(*command)
    assert (services.holds(), services.wishes(), services.quiets()) == ([], [], [])
    assert vault.representatives(noor.id) == []


@pytest.mark.parametrize("place", [("wish", "set", "\udcff", *FIRST), ("pause", "\udcff"), ("why", "\udcff")])
def test_bytes_that_are_no_text_are_refused(place: tuple[str, ...], noor: Someone) -> None:
    with pytest.raises(BadInput, match=r"'.udcff' is not text in UTF-8\. Give it"):
        run(*place)
    with pytest.raises(BadInput, match="UTF-8"):
        run("wish", "set", noor.id, "--also", "\udc80", *FIRST)


def test_everything_is_withdrawn_at_once(noor: Someone, capsys: pytest.CaptureFixture[str]) -> None:
    for source in ("case", "rights"):
        run("wish", "set", noor.id, "--source", source, *FIRST)
    run("wish", "withdraw", noor.id, *SAID)
    assert "Withdrawn for 2 sources." in capsys.readouterr().out
    standing = {wish.source: wish.choice.told for wish in services.wishes([noor.subject])}
    assert standing == {Source.CASE: False, Source.RIGHTS: False}
