from __future__ import annotations

import json
from pathlib import Path

import pytest

from luwte.exchange.bundle import read_statement
from luwte.exchange.home import Home
from tests.support.commands import Told, run
from tests.support.lists import MD5, SHA1, hash_set, item


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
