from __future__ import annotations

import json
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from luwte.exchange.bundle import read_statement
from luwte.exchange.decisions import Decision, Verdict, write_decisions
from luwte.exchange.home import Home
from luwte.lab.recognition.likelihood import Thresholds
from luwte.lab.recognition.model import FILE_NAME, default_model, model_bytes
from luwte.lab.scan.worklist import read_rows
from tests.support.commands import Told, run
from tests.support.drawn import jpeg
from tests.support.exchange import NOON
from tests.support.lists import MD5, SHA1, hash_set, item
from tests.support.scans import lay_out, reference, run_luwte


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text(f"{MD5}\n{SHA1}\n")
    return path


def refused(told: Told) -> str:
    """Return the one sentence of a command that refused its input."""
    assert (told.code, told.out) == (2, "")
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err
    return told.err


def test_build_and_show(home: Path, tmp_path: Path, plain: Path) -> None:
    (tmp_path / "set.json").write_bytes(hash_set(item()))
    out = str(tmp_path / "list.lwref")
    built = run("reference", "build", "--from", str(plain), str(tmp_path / "set.json"), "--out", out)
    assert (built.code, "3 rows" in built.out) == (0, True)
    shown = json.loads(run("reference", "show", out, "--json").out)
    assert (shown["entries"], shown["series"]) == (3, {"Blue": 1, "unassigned": 2})
    assert shown["kinds"] == {"md5": 2, "sha1": 2, "sha256": 0, "pdq": 0}
    assert shown["cannot_find"]
    text = run("reference", "show", out).out
    assert shown["version"] in text
    assert "cannot find edited copies of the 3 entries without PDQ" in text


def test_a_house_that_is_trusted_later_can_read_a_bundle_that_is_made_again(
    home: Path, tmp_path: Path, plain: Path
) -> None:
    out, other = tmp_path / "list.lwref", Home.open(tmp_path / "other")
    run("reference", "build", "--from", str(plain), "--out", str(out))
    (tmp_path / "other.json").write_text(json.dumps(other.public_document()))
    run("keys", "trust", str(tmp_path / "other.json"))
    made = run("reference", "build", "--add", "--out", str(out))
    assert made.code == 0, made.err
    assert other.identity.public.id in read_statement(out, Home.open().trusted()).recipients
    assert "entries  2 " in made.out


@pytest.mark.parametrize("more", [(), ("--add",)])
def test_nothing_to_build_from_is_told(home: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    told = refused(run("reference", "build", "--out", str(tmp_path / "list.lwref"), *more))
    assert "--from" in told


def test_options_reach_the_list(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text(f"Hash A,who,category\n{MD5},blue,1\nbad,blue,1\n{SHA1[:32]},,2\n{SHA1[8:]},,\n")
    out = str(tmp_path / "ref")
    built = run(
        "reference", "build", "--from", str(table), "--out", out, "--series", "mine",
        "--column", "md5=Hash A", "--column", "series=who", "--category", "1, 2", "--skip-bad",
    )  # fmt: skip
    assert built.code == 0, built.err
    assert json.loads(run("reference", "show", out, "--json").out)["series"] == {"blue": 1, "mine": 1}
    run(
        "reference",
        "build",
        "--add",
        "--from",
        str(table),
        "--column",
        "md5=Hash A",
        "--out",
        out,
        "--skip-bad",
    )
    assert json.loads(run("reference", "show", out, "--json").out)["entries"] == 4


def test_many_series_are_not_all_printed(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("md5,series\n" + "".join(f"{number:032x},s{number}\n" for number in range(1, 31)))
    told = run("reference", "build", "--from", str(table), "--out", str(tmp_path / "ref"))
    assert told.out.count("series   s") == 20
    assert "and 10 series more" in told.out


def test_a_slip_of_the_hand_costs_nothing(home: Path, tmp_path: Path, plain: Path) -> None:
    before = plain.read_bytes()
    assert "not a reference bundle" in refused(
        run("reference", "build", "--from", str(plain), "--out", str(plain))
    )
    assert plain.read_bytes() == before
    assert "is a folder" in refused(run("reference", "build", "--from", str(plain), "--out", str(tmp_path)))
    nowhere = str(tmp_path / "none" / "ref")
    assert "does not exist" in refused(run("reference", "build", "--from", str(plain), "--out", nowhere))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--category", "one"], "not a list of numbers"),
        (["--column", "md5"], "--column md5=NAME"),
        (["--series", "a\nb"], "printable"),
        (["--series", " "], "printable"),
    ],
)
def test_options_that_cannot_be_meant(
    home: Path, tmp_path: Path, plain: Path, options: list[str], sentence: str
) -> None:
    told = run("reference", "build", "--from", str(plain), "--out", str(tmp_path / "ref"), *options)
    assert sentence in refused(told)
    assert not (tmp_path / "ref").exists()


def test_bad_lists_leave_the_old_bundle(home: Path, tmp_path: Path, plain: Path) -> None:
    out = tmp_path / "ref"
    run("reference", "build", "--from", str(plain), "--out", str(out))
    before = out.read_bytes()
    bad = tmp_path / "bad.txt"
    bad.write_text(f"{MD5}\nnot a hash\n")
    for path in (bad, tmp_path / "none", tmp_path):
        refused(run("reference", "build", "--from", str(path), "--out", str(out)))
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.txt", "home", "list.txt", "ref"]


def test_show_refuses_other_files(home: Path, tmp_path: Path, plain: Path) -> None:
    assert "not a reference bundle" in refused(run("reference", "show", str(plain)))
    assert "cannot be read" in refused(run("reference", "show", str(tmp_path / "none")))


VERDICTS: dict[str, Verdict] = {"one": "confirmed", "two": "rejected"}


def test_what_was_decided_once_is_not_asked_again(home: Path, tmp_path: Path) -> None:
    """Copies of two pictures: one is confirmed and found as it is from then on, one rejected and gone."""
    folder = lay_out(tmp_path / "in", {"a.jpg": jpeg(1), "b.jpg": jpeg(2)})
    carrier = lay_out(tmp_path / "carrier", {"copy-1.jpg": jpeg(1, 40), "copy-2.jpg": jpeg(2, 40)})
    listed, out = str(tmp_path / "list"), str(tmp_path / "out")
    for name, series in (("a.jpg", "one"), ("b.jpg", "two")):
        assert run("enrol", str(folder / name), "--series", series, "--to", listed).code == 0
    scan = ("scan", str(carrier), "--reference", listed, "--fast-only", "--out")
    assert run(*scan, out).code == 0
    found = {row.series: row for row in read_rows(tmp_path / "out")}
    assert {row.verdict for row in found.values()} == {"near"}
    decisions = [
        Decision(found[series].cluster or "", found[series].entry or "", verdict, NOON)
        for series, verdict in VERDICTS.items()
    ]
    write_decisions(
        tmp_path / "decisions", [*decisions, replace(decisions[0], cluster="c9" * 16)], Home.open()
    )
    given = ("--decisions", str(tmp_path / "decisions"), "--worklist", out)
    built = run("reference", "build", "--add", "--out", listed, *given)
    assert built.code == 0, built.err
    for line in (
        "Remembered: 1 files that were confirmed are entries now.",
        "Remembered: 1 files that were rejected are not matched so again.",
        "Left out: 1 decisions on clusters that are in none of the worklists.",
        "entries  3 ",
        "rejected 1 files",
    ):
        assert line in built.out
    version = read_statement(tmp_path / "list", Home.open().trusted()).version
    assert run("reference", "build", "--add", "--out", listed, *given).code == 0
    assert read_statement(tmp_path / "list", Home.open().trusted()).version == version
    assert run(*scan, str(tmp_path / "again")).code == 0
    again = {Path(row.path).name: (row.verdict, row.series) for row in read_rows(tmp_path / "again")}
    assert again == {"copy-1.jpg": ("identical", "one"), "copy-2.jpg": ("unknown", None)}
    said = json.loads(run("report", "show", str(tmp_path / "again" / "report.lwreport"), "--json").out)
    (entry,) = (entry for finding in said["findings"] for entry in finding["entries"])
    assert entry["remembered"] == [{"clusters": [decisions[0].cluster], "files": 1}]
    undone = [replace(decisions[0], verdict="open", made=NOON + timedelta(days=1))]
    write_decisions(tmp_path / "undone", undone, Home.open())
    given = ("--decisions", str(tmp_path / "undone"), "--worklist", str(tmp_path / "again"))
    taken_back = run("reference", "build", "--add", "--out", listed, *given).out
    assert "Remembered: 1 files or pairs of earlier decisions were taken back." in taken_back


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--decisions", "d", "--worklist", "w"), "give --add"),
        (("--add", "--decisions", "d"), "--worklist"),
        (("--add", "--worklist", "w"), "--decisions"),
        (("--add", "--decisions", "none", "--worklist", "w"), "cannot be read"),
        (("--add", "--decisions", "list.txt", "--worklist", "w"), "not a file of decisions"),
        (("--add", "--decisions", "d", "--worklist", "w"), "no worklist"),
    ],
)
def test_decisions_that_cannot_be_used_are_refused_and_the_list_stays(
    home: Path, tmp_path: Path, plain: Path, given: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "list.lwref"
    run("reference", "build", "--from", str(plain), "--out", str(out))
    write_decisions(tmp_path / "d", [], Home.open())
    before = out.read_bytes()
    names = [name if name.startswith("--") else str(tmp_path / name) for name in given]
    assert said in refused(run("reference", "build", "--out", str(out), *names))
    assert out.read_bytes() == before


def test_show_says_how_far_a_list_is_searched(home: Path, tmp_path: Path) -> None:
    short, without = str(reference(tmp_path / "short.lwref")), tmp_path / "without.lwref"
    shown = json.loads(run("reference", "show", short, "--json").out)
    assert shown["pdq_radius"] > 31
    told = run("reference", "show", short).out
    assert (
        f"edited copies up to {shown['pdq_radius']} bits of 256, where the rule of the field ends at 31"
        in told
    )
    strict = replace(default_model(), thresholds=Thresholds(1.0, 0.999999999))
    (home / FILE_NAME).write_bytes(model_bytes(strict))
    assert json.loads(run("reference", "show", short, "--json").out)["pdq_radius"] == 31
    assert (
        "up to 31 bits of 256, as the field has it, and none by a wider net"
        in run("reference", "show", short).out
    )
    (tmp_path / "list.txt").write_text(f"{MD5}\n")
    run("reference", "build", "--from", str(tmp_path / "list.txt"), "--out", str(without))
    assert json.loads(run("reference", "show", str(without), "--json").out)["pdq_radius"] is None
    assert "by PDQ " not in run("reference", "show", str(without)).out


def test_a_build_removes_what_a_killed_one_left_beside_the_list(
    home: Path, tmp_path: Path, plain: Path
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    build = ("reference", "build", "--from", plain, "--out", folder / "list.lwref")
    assert run_luwte(*build).returncode == 0
    before = (folder / "list.lwref").read_bytes()
    assert run_luwte(*build, LUWTE_FAULT="file.replace").returncode == -signal.SIGKILL
    assert (folder / "list.lwref").read_bytes() == before
    assert len(list(folder.iterdir())) == 2
    assert run_luwte(*build).returncode == 0
    assert [found.name for found in folder.iterdir()] == ["list.lwref"]
