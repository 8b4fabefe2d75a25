from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.commands import run


def test_two_houses_trust_each_other(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = run("keys", "show")
    file = tmp_path / "lab.json"
    file.write_text(shown.out)
    monkeypatch.setenv("LUWTE_HOME", str(tmp_path / "desk"))
    told = run("keys", "trust", str(file))
    identifier = json.loads(shown.out)["id"]
    # The same digits on both sides, to read out by phone.
    spoken = shown.err.partition(": ")[2].strip()
    assert (told.code, spoken in told.out, identifier in told.out) == (0, True, True)
    assert spoken.replace(" ", "").startswith(identifier)
    assert identifier in run("keys", "list").out
    assert run("keys", "forget", identifier).code == 0
    assert identifier not in run("keys", "list").out


def test_a_key_is_trusted_as_it_comes_through_a_pipe(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = run("keys", "show").out
    monkeypatch.setenv("LUWTE_HOME", str(tmp_path / "desk"))
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe:
        pipe.write(shown)
    assert run("keys", "trust", f"/dev/fd/{reading}").code == 0
    os.close(reading)
    assert json.loads(shown)["id"] in run("keys", "list").out


@pytest.mark.parametrize("content", [b"", b"\0", b"{}", b"x" * 100_000])
def test_garbage_is_refused(home: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    told = run("keys", "trust", str(tmp_path / "file"))
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)


def test_ones_own_secrets_are_refused(home: Path) -> None:
    run("keys", "show")
    told = run("keys", "trust", str(home / "identity.json"))
    assert (told.code, "secret keys" in told.err) == (2, True)


def test_the_secret_is_never_shown(home: Path) -> None:
    shown = run("keys", "show")
    secrets = json.loads((home / "identity.json").read_text())
    for name in ("signing", "receiving", "entry_key"):
        assert secrets[name] not in shown.out + shown.err
