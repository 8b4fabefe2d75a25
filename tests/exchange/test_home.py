from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luwte.base.errors import BadInput, Failure
from luwte.exchange.errors import NewerSchema
from luwte.exchange.home import Home, default_path, read_public
from tests.support.exchange import spoiled


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_use_makes_keys_that_only_their_owner_reads(home: Path) -> None:
    first = Home.open()
    assert (mode(home), mode(home / "identity.json")) == (0o700, 0o600)
    assert Home.open().identity == first.identity
    assert Home.open().entry_key == first.entry_key
    assert len(first.entry_key) == 32


def test_the_seed_of_the_rotation_follows_from_the_keys_and_is_none_of_them(tmp_path: Path) -> None:
    one, other = Home.open(tmp_path / "one"), Home.open(tmp_path / "other")
    assert len(one.rotation_seed) == 32
    assert one.rotation_seed == Home.open(tmp_path / "one").rotation_seed
    assert len({one.rotation_seed, other.rotation_seed, one.entry_key, one.identity.signing}) == 4


def test_two_processes_at_once_get_the_same_keys(home: Path) -> None:
    code = "from luwte.exchange.home import Home; print(Home.open().identity.public.id)"
    started = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(4)]
    answers = {process.communicate()[0] for process in started}
    assert answers == {Home.open(home).identity.public.id.encode() + b"\n"}


def test_default_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LUWTE_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path() == tmp_path / "luwte"
    monkeypatch.setenv("XDG_DATA_HOME", "relative is ignored")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path() == tmp_path / ".local" / "share" / "luwte"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format":"luwte-identity","schema":1}'])
def test_damaged_keys_are_never_made_anew(home: Path, content: bytes) -> None:
    Home.open()
    file = home / "identity.json"
    file.write_bytes(content)
    with pytest.raises(BadInput, match="are damaged"):
        Home.open()
    assert file.read_bytes() == content


@pytest.mark.parametrize("key", ["signing", "receiving", "entry_key"])
def test_each_damaged_key_is_noticed(home: Path, key: str) -> None:
    Home.open()
    file = home / "identity.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {key: "00"}))
    with pytest.raises(BadInput, match="are damaged"):
        Home.open()


def test_keys_that_others_can_read_are_refused(home: Path) -> None:
    Home.open()
    (home / "identity.json").chmod(0o644)
    with pytest.raises(BadInput, match="chmod 600"):
        Home.open()


def test_keys_of_a_newer_luwte_are_left_alone(home: Path) -> None:
    Home.open()
    file = home / "identity.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"schema": 2}))
    with pytest.raises(NewerSchema):
        Home.open()


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="could not be written"):
        Home.open(tmp_path / "file")


def public_file(tmp_path: Path, name: str = "other") -> tuple[Home, Path]:
    other = Home.open(tmp_path / name)
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps(other.public_document()))
    return other, file


def test_trust_is_kept_and_own_keys_come_first(home: Path, tmp_path: Path) -> None:
    other, file = public_file(tmp_path)
    mine = Home.open()
    assert mine.trust(file) == other.identity.public
    assert mine.trust(file) == other.identity.public
    assert Home.open().trusted() == [mine.identity.public, other.identity.public]
    assert mode(home / "trusted" / f"{other.identity.public.id}.json") == 0o600


def test_own_keys_are_trusted_already(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(Home.open().public_document()))
    assert Home.open().trust(file) == Home.open().identity.public
    assert not (home / "trusted").exists()


def test_trust_ends(home: Path, tmp_path: Path) -> None:
    other, file = public_file(tmp_path)
    mine = Home.open()
    mine.trust(file)
    mine.forget(other.identity.public.id)
    assert mine.trusted() == [mine.identity.public]
    for unknown in (other.identity.public.id, "../identity", ""):
        with pytest.raises(BadInput, match="no trusted key"):
            mine.forget(unknown)


def test_a_backup_brings_no_trust_back_that_ended(home: Path, tmp_path: Path) -> None:
    other, file = public_file(tmp_path)
    mine, public, content = Home.open(), other.identity.public, file.read_bytes()
    assert mine.put_back(public, content)
    assert mine.trusted() == [mine.identity.public, public]
    mine.forget(public.id)
    assert mine.was_forgotten(public.id)
    assert not mine.put_back(public, content)
    assert mine.trusted() == [mine.identity.public]
    mine.trust(file)
    assert mine.put_back(public, b"what is there stays")
    assert mine.trusted() == [mine.identity.public, public]


def test_trust_ends_on_a_full_disk_too(home: Path, tmp_path: Path) -> None:
    other, file = public_file(tmp_path)
    mine = Home.open()
    mine.trust(file)
    (home / "forgotten").write_text("no folder can be made here")
    with pytest.raises(Failure):
        mine.forget(other.identity.public.id)
    assert mine.trusted() == [mine.identity.public]


def test_secret_keys_are_not_taken_for_public_ones(home: Path) -> None:
    Home.open()
    with pytest.raises(BadInput, match="holds secret keys"):
        Home.open().trust(home / "identity.json")


def test_a_missing_or_large_file_is_one_sentence(home: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        Home.open().trust(tmp_path / "none")
    (tmp_path / "large").write_bytes(b" " * 20_000)
    with pytest.raises(BadInput, match="larger than"):
        Home.open().trust(tmp_path / "large")


CHANGES: list[Callable[[dict[str, Any]], dict[str, Any]]] = [
    lambda found: found | {"schema": 0},
    lambda found: found | {"schema": True},
    lambda found: found | {"format": "luwte-bundle"},
    lambda found: found | {"id": "00" * 8},
    lambda found: found | {"signing": found["signing"].upper()},
    lambda found: found | {"signing": "00" * 32},
    lambda found: found | {"signing": "01" + "00" * 31},
    lambda found: found | {"signing": 7},
    lambda found: found | {"recipient": "age1" + "q" * 58},
    lambda found: found | {"recipient": found["recipient"].upper()},
    lambda found: found | {"recipient": None},
    lambda found: found | {"name": "a person"},
    lambda found: {key: value for key, value in found.items() if key != "recipient"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_public_key_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    other, file = public_file(tmp_path)
    file.write_text(json.dumps(change(other.public_document())))
    with pytest.raises(BadInput, match="not a public key document"):
        read_public(file)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoiled_public_key_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    other, file = public_file(tmp_path)
    good = json.dumps(other.public_document()).encode()
    file.write_bytes(data.draw(spoiled(good) | st.binary(max_size=200)))
    try:
        found = read_public(file)
    except BadInput:
        return
    # Only what means the same may pass: a blank more or less.
    assert found == other.identity.public


def test_a_bad_file_among_the_trusted_is_named(home: Path, tmp_path: Path) -> None:
    mine = Home.open()
    mine.trust(public_file(tmp_path)[1])
    (home / "trusted" / "bad.json").write_text("{}")
    with pytest.raises(BadInput, match=r"bad\.json"):
        mine.trusted()
